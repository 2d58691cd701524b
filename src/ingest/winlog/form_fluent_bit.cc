// Fluent Bit's inputs winlog and winevtlog.

#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_path.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

constexpr NamedSlot kNames[] = {
    {"RecordNumber", Slot::kRecordId},
    {"EventRecordID", Slot::kRecordId},
    {"TimeGenerated", Slot::kTimeCreated},
    {"TimeCreated", Slot::kTimeCreated},
    {"TimeWritten", Slot::kNothing},
    {"EventID", Slot::kEventId},
    {"Channel", Slot::kChannel},
    {"SourceName", Slot::kProvider},
    {"ProviderName", Slot::kProvider},
    {"ComputerName", Slot::kComputer},
    {"Computer", Slot::kComputer},
    {"Version", Slot::kVersion},
    {"Level", Slot::kLevel},
    {"Task", Slot::kTask},
    {"Opcode", Slot::kOpcode},
    {"Keywords", Slot::kKeywords},
    {"ActivityID", Slot::kActivityId},
    {"ProcessID", Slot::kProcessId},
    {"ThreadID", Slot::kThreadId},
    {"UserID", Slot::kUserSid},
    {"Sid", Slot::kUserSid},
    {"StringInserts", Slot::kStrings},
    {"Message", Slot::kMessage},
};

}  // namespace

bool looks_like_fluent_bit(const Dynamic& object) {
  return has_all(object, {"EventID", "Channel"}) &&
         (object.find("StringInserts") != nullptr ||
          has_all(object, {"SourceName", "TimeWritten", "ComputerName"}) ||
          has_all(object, {"ProviderName", "EventRecordID", "Computer", "Qualifiers"}));
}

Result<void> read_fluent_bit(const Dynamic& object, RecordDraft& draft) {
  return draft.set_members(object, kNames);
}

}  // namespace spoor::winlog::forms
