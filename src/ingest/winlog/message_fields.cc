#include "ingest/winlog/message_fields.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/winlog/event_strings.h"
#include "ingest/winlog/record_draft.h"

namespace spoor::winlog {
namespace {

/// What a line of a message is called in the log: a label below a section, in one event or (0) in
/// all. The first that fits counts.
struct Label {
  std::uint32_t event_id;
  std::string_view section;
  std::string_view label;
  std::string_view name;
};

constexpr Label kLabels[] = {
    {4634, "Subject", "Security ID", "TargetUserSid"},
    {4634, "Subject", "Account Name", "TargetUserName"},
    {4634, "Subject", "Account Domain", "TargetDomainName"},
    {4634, "Subject", "Logon ID", "TargetLogonId"},
    {0, "Subject", "Security ID", "SubjectUserSid"},
    {0, "Subject", "Account Name", "SubjectUserName"},
    {0, "Subject", "Account Domain", "SubjectDomainName"},
    {0, "Subject", "Domain Name", "SubjectDomainName"},
    {0, "Subject", "Logon ID", "SubjectLogonId"},
    {0, "Creator Subject", "Security ID", "SubjectUserSid"},
    {0, "Creator Subject", "Account Name", "SubjectUserName"},
    {0, "Creator Subject", "Account Domain", "SubjectDomainName"},
    {0, "Creator Subject", "Logon ID", "SubjectLogonId"},
    {0, "Target Subject", "Security ID", "TargetUserSid"},
    {0, "Target Subject", "Account Name", "TargetUserName"},
    {0, "Target Subject", "Account Domain", "TargetDomainName"},
    {0, "Target Subject", "Logon ID", "TargetLogonId"},
    {0, "", "Logon Type", "LogonType"},
    {0, "Logon Information", "Logon Type", "LogonType"},
    {0, "Logon Information", "Virtual Account", "VirtualAccount"},
    {0, "Logon Information", "Elevated Token", "ElevatedToken"},
    {0, "Logon Information", "Restricted Admin Mode", "RestrictedAdminMode"},
    {0, "", "Impersonation Level", "ImpersonationLevel"},
    {0, "New Logon", "Security ID", "TargetUserSid"},
    {0, "New Logon", "Account Name", "TargetUserName"},
    {0, "New Logon", "Account Domain", "TargetDomainName"},
    {0, "New Logon", "Logon ID", "TargetLogonId"},
    {0, "New Logon", "Linked Logon ID", "TargetLinkedLogonId"},
    {0, "New Logon", "Logon GUID", "LogonGuid"},
    {0, "Account For Which Logon Failed", "Security ID", "TargetUserSid"},
    {0, "Account For Which Logon Failed", "Account Name", "TargetUserName"},
    {0, "Account For Which Logon Failed", "Account Domain", "TargetDomainName"},
    {0, "Failure Information", "Failure Reason", "FailureReason"},
    {0, "Failure Information", "Status", "Status"},
    {0, "Failure Information", "Sub Status", "SubStatus"},
    {4688, "Process Information", "New Process ID", "NewProcessId"},
    {4688, "Process Information", "New Process Name", "NewProcessName"},
    {4688, "Process Information", "Token Elevation Type", "TokenElevationType"},
    {4688, "Process Information", "Mandatory Label", "MandatoryLabel"},
    {4688, "Process Information", "Creator Process ID", "ProcessId"},
    {4688, "Process Information", "Creator Process Name", "ParentProcessName"},
    {4688, "Process Information", "Process Command Line", "CommandLine"},
    {4689, "Process Information", "Exit Status", "Status"},
    {0, "Process Information", "Process ID", "ProcessId"},
    {0, "Process Information", "Caller Process ID", "ProcessId"},
    {0, "Process Information", "Process Name", "ProcessName"},
    {0, "Process Information", "Caller Process Name", "ProcessName"},
    {5156, "Application Information", "Process ID", "ProcessID"},
    {5156, "Application Information", "Application Name", "Application"},
    {5156, "Network Information", "Direction", "Direction"},
    {5156, "Network Information", "Source Address", "SourceAddress"},
    {5156, "Network Information", "Source Port", "SourcePort"},
    {5156, "Network Information", "Destination Address", "DestAddress"},
    {5156, "Network Information", "Destination Port", "DestPort"},
    {5156, "Network Information", "Protocol", "Protocol"},
    {0, "Network Information", "Workstation Name", "WorkstationName"},
    {0, "Network Information", "Source Network Address", "IpAddress"},
    {0, "Network Information", "Source Port", "IpPort"},
    {0, "Detailed Authentication Information", "Logon Process", "LogonProcessName"},
    {0, "Detailed Authentication Information", "Authentication Package",
     "AuthenticationPackageName"},
    {0, "Detailed Authentication Information", "Package Name (NTLM only)", "LmPackageName"},
    {0, "Detailed Authentication Information", "Key Length", "KeyLength"},
    {4697, "Service Information", "Service Name", "ServiceName"},
    {4697, "Service Information", "Service File Name", "ServiceFileName"},
    {4697, "Service Information", "Service Type", "ServiceType"},
    {4697, "Service Information", "Service Start Type", "ServiceStartType"},
    {4697, "Service Information", "Service Account", "ServiceAccount"},
    {4698, "Task Information", "Task Name", "TaskName"},
    {4720, "New Account", "Security ID", "TargetSid"},
    {4720, "New Account", "Account Name", "TargetUserName"},
    {4720, "New Account", "Account Domain", "TargetDomainName"},
    {4726, "Target Account", "Security ID", "TargetSid"},
    {4726, "Target Account", "Account Name", "TargetUserName"},
    {4726, "Target Account", "Account Domain", "TargetDomainName"},
    {4732, "Member", "Security ID", "MemberSid"},
    {4732, "Member", "Account Name", "MemberName"},
    {4732, "Group", "Security ID", "TargetSid"},
    {4732, "Group", "Group Name", "TargetUserName"},
    {4732, "Group", "Group Domain", "TargetDomainName"},
    {7045, "", "Service Name", "ServiceName"},
    {7045, "", "Service File Name", "ImagePath"},
    {7045, "", "Service Type", "ServiceType"},
    {7045, "", "Service Start Type", "StartType"},
    {7045, "", "Service Account", "AccountName"},
};

/// Events whose messages are read by the labels.
constexpr std::uint32_t kEvents[] = {1102, 4624, 4625, 4634, 4688, 4689, 4697,
                                     4698, 4720, 4726, 4732, 5156, 7045};

/// A message may say anything; it does not get to make more fields than an event has.
constexpr std::size_t kMostFields = 100;

std::string_view name_of(std::uint32_t event_id, std::string_view section, std::string_view label) {
  const auto* const found = std::ranges::find_if(kLabels, [&](const Label& known) {
    return (known.event_id == 0 || known.event_id == event_id) && known.section == section &&
           known.label == label;
  });
  return found == std::end(kLabels) ? std::string_view() : found->name;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= 'a' && letter <= 'z');
  });
}

/// Lines "Name: value" below the title, by the names of the log.
std::size_t add_sysmon(RecordDraft& draft, std::string_view message) {
  std::size_t added = 0;
  take_line(message);
  while (!message.empty() && added < kMostFields) {
    const std::string_view line = take_line(message);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && is_plain_name(line.substr(0, colon)) &&
        draft.add_text(line.substr(0, colon), trim_blanks(line.substr(colon + 1)))) {
      ++added;
    }
  }
  return added;
}

/// Lines "Label: value" below "Section:", set off by tabs.
std::size_t add_labelled(RecordDraft& draft, std::string_view message) {
  std::size_t added = 0;
  std::string_view section;
  while (!message.empty() && added < kMostFields) {
    const std::string_view line = take_line(message);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      continue;
    }
    const std::string_view label = trim_blanks(line.substr(0, colon));
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    const bool is_inside = line.starts_with('\t') || line.starts_with("  ");
    if (!is_inside) {
      section = value.empty() ? label : std::string_view();
    }
    const std::string_view name = name_of(draft.header().event_id, section, label);
    if (!value.empty() && !name.empty() && draft.add_text(name, value)) {
      ++added;
    }
  }
  return added;
}

}  // namespace

bool needs_message_fields(const event::Record& record, std::span<const event::Field> fields) {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(fields, name, &event::Field::name) != fields.end();
  };
  if (is_sysmon(record)) {
    return !has("UtcTime");
  }
  return std::ranges::find(kEvents, record.event_id) != std::end(kEvents) &&
         (record.channel == "Security" || record.channel == "System" || record.channel.empty()) &&
         std::ranges::none_of(kLabels, [&](const Label& known) { return has(known.name); });
}

bool add_message_fields(RecordDraft& draft, std::string_view message) {
  return (is_sysmon(draft.header()) ? add_sysmon(draft, message) : add_labelled(draft, message)) !=
         0;
}

}  // namespace spoor::winlog
