// Objects around an event: Elastic's hits, Splunk's results, rows that carry the event's XML.

#include "base/text.h"
#include "ingest/winlog/forms.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

/// Members that hold a whole event as an object.
constexpr std::string_view kObjects[] = {"_source", "result"};
/// Members that hold a whole event as a text: XML, or an object again.
constexpr std::string_view kTexts[] = {
    "_raw", "SyslogMessage", "RawEventData", "event.original", "OriginalEvent",
    "xml",  "XML",           "Xml",          "EventXml"};

bool is_event_text(const Dynamic* text) {
  if (text == nullptr) {
    return false;
  }
  const std::string_view said = trim_blanks(text->text_or(""));
  return said.starts_with("<Event ") || said.starts_with("<Event>");
}

const Dynamic* object_in(const Dynamic& object) {
  for (const std::string_view name : kObjects) {
    const Dynamic* const inner = object.find(name);
    if (inner != nullptr && inner->as_object() != nullptr) {
      return inner;
    }
  }
  return nullptr;
}

const Dynamic* text_in(const Dynamic& object) {
  for (const std::string_view name : kTexts) {
    if (const Dynamic* const text = object.find(name); is_event_text(text)) {
      return text;
    }
  }
  return nullptr;
}

}  // namespace

bool looks_like_envelope(const Dynamic& object) {
  return object_in(object) != nullptr || text_in(object) != nullptr;
}

Result<void> read_envelope(const Dynamic& object, RecordDraft& draft) {
  if (const Dynamic* const text = text_in(object)) {
    return draft.enclosed_xml(*text->as_string());
  }
  return draft.enclosed(*object_in(object));
}

}  // namespace spoor::winlog::forms
