#pragma once
// A record in the making, from whatever form it is handed over in. Internal to the module.

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/record.h"
#include "ingest/winlog/event_time.h"
#include "ingest/winlog/winlog.h"
#include "ingest/winlog/xml_event.h"
#include "json/reader.h"

namespace spoor::winlog {

/// What a member of an object is to the record.
enum class Slot : std::uint8_t {
  kNothing,  ///< of the way that the record came by, not of the record
  kMessage,  ///< the rendered text
  kStrings,  ///< EventData as an array of values in the event's order
  kData,     ///< EventData: an object, or a text that is XML or JSON
  kXml,      ///< the whole event as XML
  kChannel,
  kProvider,
  kComputer,
  kUserSid,
  kActivityId,
  kEventId,
  kVersion,
  kLevel,
  kTask,
  kOpcode,
  kKeywords,
  kRecordId,
  kProcessId,
  kThreadId,
  kTimeCreated,    ///< the event's own time
  kEventTime,      ///< the same, often without a zone
  kTimeGenerated,  ///< the same as a store of logs has it
  kReceivedUtc,    ///< when it was received, with a zone
  kReceivedLocal,  ///< the same in the local time of the sender
};

/// A member's name and what it is; names are compared exactly.
struct NamedSlot {
  std::string_view name;
  Slot slot;
};

/// One thread; reused, it keeps its memory. Texts that are given must live as long as the record.
class RecordDraft {
 public:
  explicit RecordDraft(TextLimits limits) : limits_(limits), xml_(limits) {}

  /// Starts a new record.
  void clear();

  /// Gives a header value; texts that say nothing (null, "", "-") leave it as it is. What a number
  /// cannot be told from is left out: the record is worth more than its task.
  Result<void> set(Slot slot, const json::Dynamic& value);
  /// Gives all members of the object: those in `slots` to the header, the others as fields,
  /// but for those that say nothing.
  Result<void> set_members(const json::Dynamic& object, std::span<const NamedSlot> slots);
  Result<void> set_member(const json::Member& member, std::span<const NamedSlot> slots);
  /// Adds a field as it is.
  Result<void> add_value(std::string_view name, const event::Value& value);
  /// Adds a field of which only the text is known.
  Result<void> add_text(std::string_view name, std::string_view text);
  /// Adds a field, typed as the log has it. An array of several values repeats the name.
  Result<void> add(std::string_view name, const json::Dynamic& value);
  /// Adds the members of an object as fields, those of objects inside it by path.
  Result<void> add_data(const json::Dynamic& object);
  /// The same for the elements that evtx_dump makes of EventData and UserData: "#text" and
  /// "#attributes".
  Result<void> add_element(std::string_view path, const json::Dynamic& element, int depth);

  /// Another record altogether: what an envelope holds.
  Result<void> enclosed(const json::Dynamic& object);
  Result<void> enclosed_xml(std::string_view text);

  /// Copies a text that would not live long enough.
  std::string_view keep(std::string text) {
    kept_bytes_ += text.size();
    return kept_.emplace_back(std::move(text));
  }
  json::Dynamic& keep(json::Dynamic value) { return trees_.emplace_back(std::move(value)); }

  event::Record& header() { return record_; }
  [[nodiscard]] std::span<const event::Field> fields() const { return fields_; }
  EventTimes& times() { return times_; }
  [[nodiscard]] const TextLimits& limits() const { return limits_; }

  /// The record with its fields; views live until the next clear. kInvalidInput without a time, or
  /// with neither channel nor provider.
  Result<event::Record> finish();

 private:
  Result<void> set_data(const json::Dynamic& value);
  Result<void> add_xml_data(std::string_view text);
  void name_strings();

  TextLimits limits_;
  event::Record record_;
  EventTimes times_;
  std::vector<event::Field> fields_;
  std::deque<std::string> kept_;
  std::size_t kept_bytes_ = 0;
  std::deque<json::Dynamic> trees_;
  std::string_view message_;
  const json::Dynamic* strings_ = nullptr;
  bool is_whole_ = false;  ///< an XML event has said everything
  int enclosures_ = 0;
  XmlEvent xml_;
};

}  // namespace spoor::winlog
