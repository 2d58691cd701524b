#pragma once
// Finds `<Event>` elements in UTF-8 that comes in pieces. Internal to the module.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ingest/winlog/winlog.h"
#include "ingest/winlog/xml_event.h"

namespace spoor::winlog {

/// Memory: one event. One thread.
class XmlScanner {
 public:
  XmlScanner(std::string file, OnRecord on_record, OnProblem on_problem, TextLimits limits);

  /// Says where in the file the next piece begins; what is left of the text before it is dropped.
  void start_at(std::uint64_t offset);
  /// Takes the next piece.
  void feed(std::string_view piece);
  /// True where the text so far ends within an event.
  [[nodiscard]] bool is_inside() const { return inside_; }
  /// Says that the text is complete; an event that it ends in is reported as cut short.
  void finish();
  [[nodiscard]] const ReadStats& stats() const { return stats_; }

 private:
  void go_to(std::size_t at);
  void skip_to(std::size_t at);
  void scan();
  void open(std::size_t at);
  bool find_start();
  bool find_end();
  std::size_t tag_end();
  std::size_t mark_end(std::string_view mark);
  bool wait();
  bool too_large();
  void take(std::size_t end);
  void problem(Error error, std::int64_t within);

  std::string file_;
  OnRecord on_record_;
  OnProblem on_problem_;
  TextLimits limits_;
  XmlEvent event_;
  std::string text_;
  std::uint64_t base_ = 0;    ///< offset of text_[0]
  std::size_t start_ = 0;     ///< in text_: of the event at hand, else of what is not yet looked at
  std::size_t at_ = 0;        ///< in text_: inside an event, the tag at hand
  std::size_t searched_ = 0;  ///< in text_: no end of that tag stands before it
  char quote_ = '\0';         ///< what is open there
  std::uint64_t looked_through_ = 0;  ///< offset: starts before it have had their second look
  bool inside_ = false;
  ReadStats stats_;
};

}  // namespace spoor::winlog
