// Events as one flat object, header and data side by side: NXLog, and what others made of it
// (Security-Datasets, Velociraptor's rows, Get-WinEvent's relatives).

#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_path.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

constexpr NamedSlot kNames[] = {
    {"EventID", Slot::kEventId},
    {"EventId", Slot::kEventId},
    {"Channel", Slot::kChannel},
    {"SourceName", Slot::kProvider},
    {"ProviderName", Slot::kProvider},
    {"Provider", Slot::kProvider},
    {"Source", Slot::kProvider},
    {"Hostname", Slot::kComputer},
    {"HostName", Slot::kComputer},
    {"Computer", Slot::kComputer},
    {"ComputerName", Slot::kComputer},
    {"RecordNumber", Slot::kRecordId},
    {"RecordID", Slot::kRecordId},
    {"EventRecordID", Slot::kRecordId},
    {"Version", Slot::kVersion},
    {"Level", Slot::kLevel},
    {"LevelValue", Slot::kLevel},
    {"Task", Slot::kTask},
    {"TaskValue", Slot::kTask},
    {"OpcodeValue", Slot::kOpcode},
    {"Keywords", Slot::kKeywords},
    {"ExecutionProcessID", Slot::kProcessId},
    {"ExecutionThreadID", Slot::kThreadId},
    {"ActivityID", Slot::kActivityId},
    {"UserID", Slot::kUserSid},
    {"UserSID", Slot::kUserSid},
    {"TimeCreated", Slot::kTimeCreated},
    {"SystemTime", Slot::kTimeCreated},
    {"EventTime", Slot::kEventTime},
    {"TimeGenerated", Slot::kTimeGenerated},
    {"@timestamp", Slot::kReceivedUtc},
    {"EventReceivedTime", Slot::kReceivedLocal},
    {"EventData", Slot::kData},
    {"UserData", Slot::kData},
    {"Message", Slot::kMessage},
};

}  // namespace

bool looks_like_flat(const Dynamic& object) {
  const bool has_id = object.find("EventID") != nullptr || object.find("EventId") != nullptr;
  const auto any_of = [&](std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      if (object.find(name) != nullptr) {
        return true;
      }
    }
    return false;
  };
  return has_id && any_of({"Channel", "SourceName", "ProviderName", "Provider", "Source"}) &&
         any_of({"TimeCreated", "SystemTime", "EventTime", "TimeGenerated", "@timestamp", "UtcTime",
                 "EventReceivedTime"});
}

Result<void> read_flat(const Dynamic& object, RecordDraft& draft) {
  for (const json::Member& member : *object.as_object()) {
    // A number is the process that logged; a text is the event's own ProcessID (5156).
    const bool is_header =
        member.value.is_number() && (member.name == "ProcessID" || member.name == "ThreadID");
    if (is_header) {
      TRY_VOID(
          draft.set(member.name == "ProcessID" ? Slot::kProcessId : Slot::kThreadId, member.value));
    } else {
      TRY_VOID(draft.set_member(member, kNames));
    }
  }
  return {};
}

}  // namespace spoor::winlog::forms
