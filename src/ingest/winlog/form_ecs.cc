// Winlogbeat and Elastic Agent since version 7 ("winlog.…"), nested or with dotted names; and
// Winlogbeat 5 and 6, whose members stand at the top.

#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_path.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

struct Path {
  std::string_view path;
  Slot slot;
};

/// Later ones win.
constexpr Path kPaths[] = {
    {"message", Slot::kMessage},
    {"host.name", Slot::kComputer},
    {"host.hostname", Slot::kComputer},
    {"event.code", Slot::kEventId},
    {"event.provider", Slot::kProvider},
    {"winlog.channel", Slot::kChannel},
    {"winlog.provider_name", Slot::kProvider},
    {"winlog.computer_name", Slot::kComputer},
    {"winlog.event_id", Slot::kEventId},
    {"winlog.record_id", Slot::kRecordId},
    {"winlog.version", Slot::kVersion},
    {"winlog.process.pid", Slot::kProcessId},
    {"winlog.process.thread.id", Slot::kThreadId},
    {"winlog.user.identifier", Slot::kUserSid},
    {"winlog.activity_id", Slot::kActivityId},
    {"winlog.time_created", Slot::kTimeCreated},
    {"@timestamp", Slot::kTimeCreated},
    {"log.level", Slot::kLevel},
};

constexpr NamedSlot kOldNames[] = {
    {"@timestamp", Slot::kTimeCreated},
    {"message", Slot::kMessage},
    {"log_name", Slot::kChannel},
    {"source_name", Slot::kProvider},
    {"computer_name", Slot::kComputer},
    {"event_id", Slot::kEventId},
    {"record_number", Slot::kRecordId},
    {"version", Slot::kVersion},
    {"level", Slot::kLevel},
    {"process_id", Slot::kProcessId},
    {"thread_id", Slot::kThreadId},
    {"activity_id", Slot::kActivityId},
    {"event_data", Slot::kData},
    {"user_data", Slot::kData},
    {"beat", Slot::kNothing},
    {"host", Slot::kNothing},
    {"type", Slot::kNothing},
};

/// What Winlogbeat adds to an event of its own accord, and what it says of how it came by it.
bool is_of_the_shipper(std::string_view name) {
  constexpr std::string_view kNames[] = {"@timestamp",    "@metadata", "@version", "agent",
                                         "ecs",           "host",      "message",  "winlog",
                                         "event",         "log",       "beat",     "data_stream",
                                         "elastic_agent", "input",     "tags"};
  const std::string_view first = name.substr(0, name.find('.'));
  for (const std::string_view known : kNames) {
    if (first == known) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool looks_like_ecs(const Dynamic& object) {
  return (find_path(object, "winlog.channel") != nullptr ||
          find_path(object, "winlog.provider_name") != nullptr) &&
         (find_path(object, "winlog.event_id") != nullptr ||
          find_path(object, "event.code") != nullptr);
}

Result<void> read_ecs(const Dynamic& object, RecordDraft& draft) {
  for (const Path& each : kPaths) {
    if (const Dynamic* const value = find_path(object, each.path)) {
      TRY_VOID(draft.set(each.slot, *value));
    }
  }
  const auto add = [&](std::string_view name, const Dynamic& value) {
    // Values without a name are param1, param2 …; "xml_name" names the wrapper of UserData.
    return name == "xml_name" ? Result<void>{} : draft.add(name, value);
  };
  TRY_VOID(for_each_below(object, "winlog.event_data", add));
  TRY_VOID(for_each_below(object, "winlog.user_data", add));
  for (const json::Member& member : *object.as_object()) {
    if (!is_of_the_shipper(member.name)) {
      TRY_VOID(draft.add(member.name, member.value));
    }
  }
  return {};
}

bool looks_like_old_winlogbeat(const Dynamic& object) {
  return has_all(object, {"log_name", "event_id"});
}

Result<void> read_old_winlogbeat(const Dynamic& object, RecordDraft& draft) {
  TRY_VOID(draft.set_members(object, kOldNames));
  if (const Dynamic* const sid = find_path(object, "user.identifier")) {
    TRY_VOID(draft.set(Slot::kUserSid, *sid));
  }
  return {};
}

}  // namespace spoor::winlog::forms
