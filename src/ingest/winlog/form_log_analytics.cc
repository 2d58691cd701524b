// Rows of Log Analytics and Sentinel: SecurityEvent, Event, WindowsEvent.

#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_path.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

constexpr NamedSlot kNames[] = {
    {"TimeGenerated", Slot::kTimeGenerated},
    {"TimeGenerated [UTC]", Slot::kTimeGenerated},
    {"TimeCreated", Slot::kTimeCreated},
    {"Computer", Slot::kComputer},
    {"Channel", Slot::kChannel},
    {"EventLog", Slot::kChannel},
    {"EventSourceName", Slot::kProvider},
    {"Provider", Slot::kProvider},
    {"Source", Slot::kProvider},
    {"EventID", Slot::kEventId},
    {"EventLevel", Slot::kLevel},
    {"Level", Slot::kLevel},
    {"Version", Slot::kVersion},
    {"Task", Slot::kTask},
    {"Opcode", Slot::kOpcode},
    {"Keywords", Slot::kKeywords},
    {"EventRecordId", Slot::kRecordId},
    {"SystemProcessId", Slot::kProcessId},
    {"SystemThreadId", Slot::kThreadId},
    {"SystemUserId", Slot::kUserSid},
    {"Correlation", Slot::kActivityId},
    {"EventData", Slot::kData},
    {"EventData_dynamic", Slot::kData},
    {"EventData_string", Slot::kData},
    {"RenderedDescription", Slot::kMessage},
    {"RawEventData", Slot::kNothing},
    {"ParameterXml", Slot::kNothing},
};

}  // namespace

bool looks_like_log_analytics(const Dynamic& object) {
  return (object.find("TimeGenerated") != nullptr ||
          object.find("TimeGenerated [UTC]") != nullptr) &&
         has_all(object, {"Computer", "EventID"}) &&
         (object.find("EventLog") != nullptr || object.find("Channel") != nullptr ||
          object.find("EventSourceName") != nullptr || object.find("Provider") != nullptr);
}

Result<void> read_log_analytics(const Dynamic& object, RecordDraft& draft) {
  TRY_VOID(draft.set_members(object, kNames));
  if (draft.header().channel.empty() && object["Type"].text_or("") == "SecurityEvent") {
    draft.header().channel = "Security";
  }
  return {};
}

}  // namespace spoor::winlog::forms
