#pragma once
// One <Event> element as a Record: the fence around pugixml. Internal to the module.

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/record.h"
#include "ingest/winlog/winlog.h"

namespace spoor::winlog {

/// One thread; reused, it keeps its memory.
class XmlEvent {
 public:
  explicit XmlEvent(TextLimits limits) : limits_(limits) {}

  /// Reads the element, which is changed by it. The record's views live until the next call.
  /// kInvalidInput, with the offset within the element; kLimit.
  Result<event::Record> read(std::string& element);
  /// Reads what an event holds instead of the whole: `<EventData>`, `<UserData>` or elements around
  /// one. Fields live until the next call.
  Result<std::span<const event::Field>> read_data(std::string& element);

 private:
  struct Walk;
  void begin();
  std::string_view keep(std::string text);

  TextLimits limits_;
  std::vector<event::Field> fields_;
  std::deque<std::string> kept_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace spoor::winlog
