// Whether a text is one of events, by reading its head.

#include <algorithm>

#include "base/text.h"
#include "ingest/winlog/utf8_text.h"
#include "ingest/winlog/winlog.h"

namespace spoor::winlog {
namespace {

/// Names that stand in an object whose end is not in the head, so that it cannot be read yet.
constexpr std::string_view kNames[] = {
    "\"event_id\":",  "\"EventID\":",  "\"EventData\":",    "\"winlog\":",
    "\"EventCode\":", "\"log_name\":", "\"AdvancedHunting-"};

}  // namespace

bool is_event_text(std::string_view head) {
  std::string text;
  Utf8Text decoder;
  decoder.append(text, head);
  decoder.finish(text);
  const std::string_view start = trim_blanks(text);
  if (start.empty() || start.contains('\0')) {
    return false;
  }
  // Other XML is not ours to read: an event must begin within the head.
  if (start.starts_with('<')) {
    return start.contains("<Event");
  }
  bool is_read = false;
  bool is_refused = false;
  const auto reader = make_text_reader(
      "", [&](const event::Record&) { is_read = true; }, [&](const Error&) { is_refused = true; });
  // A line at a time: the first event ends the search.
  for (std::string_view rest = start; !rest.empty() && !is_read;) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    reader->feed(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  const bool is_object = start.starts_with('{') || start.starts_with('[');
  return is_read ||
         (is_object && !is_refused &&
          std::ranges::any_of(kNames, [&](std::string_view name) { return start.contains(name); }));
}

}  // namespace spoor::winlog
