#pragma once
// Windows events as text, in every form that they are handed over in (docs/formats.md). An event
// gets the same EventId as from the log file that it is in.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/record.h"

namespace spoor::winlog {

using OnRecord = std::function<void(const event::Record&)>;
/// Something that could not be read; `offset` (bytes) and, for lines, `line` say where. Reading
/// goes on behind it.
using OnProblem = std::function<void(const Error&)>;

struct ReadStats {
  std::uint64_t records = 0;
  std::uint64_t problems = 0;
};

/// What one event may cost.
struct TextLimits {
  std::size_t event_bytes = 4u << 20;  ///< one element or line
  std::size_t fields = 20'000;
  int depth = 64;  ///< elements or values inside one another
};

/// True where the first bytes of a text (64 KiB are enough) hold an event in one of the forms, or
/// the start of one.
bool is_event_text(std::string_view head);

/// Reads events from a text that comes in pieces of any size. Memory: one event. One thread.
class TextReader {
 public:
  virtual ~TextReader() = default;
  /// Takes the next piece.
  virtual void feed(std::string_view piece) = 0;
  /// Says that the text is complete; what is left is read, or reported as cut short.
  virtual ReadStats finish() = 0;
};

/// `<Event>` elements one after another, or inside any other elements (`<Events>`); what stands
/// between them is passed over. UTF-8, or UTF-16LE with its byte order mark. No DTD is read and no
/// entity but the five of XML is known. Views of a record live until on_record returns; `file` is
/// what records call the source.
std::unique_ptr<TextReader> make_xml_reader(std::string file, OnRecord on_record,
                                            OnProblem on_problem, TextLimits limits = {});
/// Events in any of the forms (docs/formats.md), told apart line by line: XML, JSON objects of one
/// line or many, alone or in an array or an API's answer, rows of CSV, blocks of key=value lines. A
/// line's own "file" and "offset" are kept where `file` is empty.
std::unique_ptr<TextReader> make_text_reader(std::string file, OnRecord on_record,
                                             OnProblem on_problem, TextLimits limits = {});

}  // namespace spoor::winlog
