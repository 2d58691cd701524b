// `Get-WinEvent | ConvertTo-Json`, of Windows PowerShell and of PowerShell 7.

#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_path.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

constexpr NamedSlot kNames[] = {
    {"Id", Slot::kEventId},
    {"Version", Slot::kVersion},
    {"Level", Slot::kLevel},
    {"Task", Slot::kTask},
    {"Opcode", Slot::kOpcode},
    {"Keywords", Slot::kKeywords},
    {"RecordId", Slot::kRecordId},
    {"ProviderName", Slot::kProvider},
    {"LogName", Slot::kChannel},
    {"ProcessId", Slot::kProcessId},
    {"ThreadId", Slot::kThreadId},
    {"MachineName", Slot::kComputer},
    {"ActivityId", Slot::kActivityId},
    {"Message", Slot::kMessage},
    {"Bookmark", Slot::kNothing},
    {"MatchedQueryIds", Slot::kNothing},
    {"UserId", Slot::kNothing},
    {"TimeCreated", Slot::kNothing},
    {"Properties", Slot::kNothing},
};

/// What PowerShell wraps a value in, depending on its version.
const Dynamic& unwrapped(const Dynamic& value) {
  for (const std::string_view name : {"value", "Value"}) {
    if (const Dynamic* const inner = value.find(name)) {
      return *inner;
    }
  }
  return value;
}

}  // namespace

bool looks_like_get_winevent(const Dynamic& object) {
  return has_all(object, {"Id", "LogName", "ProviderName", "TimeCreated"});
}

Result<void> read_get_winevent(const Dynamic& object, RecordDraft& draft) {
  TRY_VOID(draft.set_members(object, kNames));
  TRY_VOID(draft.set(Slot::kTimeCreated, unwrapped(object["TimeCreated"])));
  TRY_VOID(draft.set(Slot::kUserSid, unwrapped(object["UserId"])));
  if (const Dynamic::Array* const properties = object["Properties"].as_array()) {
    Dynamic::Array strings;
    for (const Dynamic& each : *properties) {
      const Dynamic& value = unwrapped(each);
      strings.push_back(value.as_string() != nullptr || value.is_null() ? value
                                                                        : Dynamic(value.dump()));
    }
    TRY_VOID(draft.set(Slot::kStrings, draft.keep(Dynamic(std::move(strings)))));
  }
  return {};
}

}  // namespace spoor::winlog::forms
