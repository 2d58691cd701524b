// Events of which there is a rendered message and little else: Splunk's WinEventLog blocks of
// key=value lines, and the rows of Event Viewer's CSV.

#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_path.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

constexpr NamedSlot kSplunkNames[] = {
    {"LogName", Slot::kChannel},       {"EventCode", Slot::kEventId},
    {"SourceName", Slot::kProvider},   {"ComputerName", Slot::kComputer},
    {"RecordNumber", Slot::kRecordId}, {"Type", Slot::kLevel},
    {"Sid", Slot::kUserSid},           {"Message", Slot::kMessage},
    {"_time", Slot::kEventTime},
};

constexpr NamedSlot kViewerNames[] = {
    {"Date and Time", Slot::kEventTime},
    {"Source", Slot::kProvider},
    {"Event ID", Slot::kEventId},
    {"Level", Slot::kLevel},
    {"Log", Slot::kChannel},
    {"Computer", Slot::kComputer},
    {"User", Slot::kUserSid},
    {"", Slot::kMessage},
};

/// The names by which a message calls a provider are not always its own.
struct Provider {
  std::string_view shown;
  std::string_view name;
  std::string_view channel;
};
constexpr Provider kProviders[] = {
    {"Microsoft Windows security auditing.", "Microsoft-Windows-Security-Auditing", "Security"},
    {"Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Security-Auditing", "Security"},
    {"Microsoft-Windows-Eventlog", "Microsoft-Windows-Eventlog", ""},
    {"Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon",
     "Microsoft-Windows-Sysmon/Operational"},
    {"Sysmon", "Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational"},
    {"Service Control Manager", "Service Control Manager", "System"},
    {"Microsoft-Windows-Service Control Manager", "Service Control Manager", "System"},
};

void complete_provider(event::Record& record) {
  for (const Provider& known : kProviders) {
    if (record.provider == known.shown) {
      record.provider = known.name;
      if (record.channel.empty()) {
        record.channel = known.channel;
      }
      return;
    }
  }
}

}  // namespace

bool looks_like_splunk_text(const Dynamic& object) {
  return has_all(object, {"LogName", "EventCode"});
}

Result<void> read_splunk_text(const Dynamic& object, RecordDraft& draft) {
  TRY_VOID(draft.set_members(object, kSplunkNames));
  complete_provider(draft.header());
  return {};
}

bool looks_like_event_viewer_row(const Dynamic& object) {
  return has_all(object, {"Date and Time", "Source", "Event ID"});
}

Result<void> read_event_viewer_row(const Dynamic& object, RecordDraft& draft) {
  TRY_VOID(draft.set_members(object, kViewerNames));
  complete_provider(draft.header());
  return {};
}

}  // namespace spoor::winlog::forms
