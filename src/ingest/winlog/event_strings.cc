#include "ingest/winlog/event_strings.h"

#include <algorithm>
#include <iterator>

namespace spoor::winlog {
namespace {

using Name = std::string_view;

constexpr Name kSecurity = "Microsoft-Windows-Security-Auditing";

constexpr Name k4624[] = {"SubjectUserSid",
                          "SubjectUserName",
                          "SubjectDomainName",
                          "SubjectLogonId",
                          "TargetUserSid",
                          "TargetUserName",
                          "TargetDomainName",
                          "TargetLogonId",
                          "LogonType",
                          "LogonProcessName",
                          "AuthenticationPackageName",
                          "WorkstationName",
                          "LogonGuid",
                          "TransmittedServices",
                          "LmPackageName",
                          "KeyLength",
                          "ProcessId",
                          "ProcessName",
                          "IpAddress",
                          "IpPort",
                          "ImpersonationLevel",
                          "RestrictedAdminMode",
                          "TargetOutboundUserName",
                          "TargetOutboundDomainName",
                          "VirtualAccount",
                          "TargetLinkedLogonId",
                          "ElevatedToken"};
constexpr Name k4625[] = {"SubjectUserSid",
                          "SubjectUserName",
                          "SubjectDomainName",
                          "SubjectLogonId",
                          "TargetUserSid",
                          "TargetUserName",
                          "TargetDomainName",
                          "Status",
                          "FailureReason",
                          "SubStatus",
                          "LogonType",
                          "LogonProcessName",
                          "AuthenticationPackageName",
                          "WorkstationName",
                          "TransmittedServices",
                          "LmPackageName",
                          "KeyLength",
                          "ProcessId",
                          "ProcessName",
                          "IpAddress",
                          "IpPort"};
constexpr Name k4634[] = {"TargetUserSid", "TargetUserName", "TargetDomainName", "TargetLogonId",
                          "LogonType"};
constexpr Name k4688[] = {"SubjectUserSid",     "SubjectUserName",   "SubjectDomainName",
                          "SubjectLogonId",     "NewProcessId",      "NewProcessName",
                          "TokenElevationType", "ProcessId",         "CommandLine",
                          "TargetUserSid",      "TargetUserName",    "TargetDomainName",
                          "TargetLogonId",      "ParentProcessName", "MandatoryLabel"};
constexpr Name k4689[] = {"SubjectUserSid", "SubjectUserName", "SubjectDomainName",
                          "SubjectLogonId", "Status",          "ProcessId",
                          "ProcessName"};
constexpr Name k4697[] = {"SubjectUserSid", "SubjectUserName",  "SubjectDomainName",
                          "SubjectLogonId", "ServiceName",      "ServiceFileName",
                          "ServiceType",    "ServiceStartType", "ServiceAccount"};
constexpr Name k4698[] = {"SubjectUserSid", "SubjectUserName", "SubjectDomainName",
                          "SubjectLogonId", "TaskName",        "TaskContent"};
constexpr Name k4720[] = {
    "TargetUserName",  "TargetDomainName",  "TargetSid",          "SubjectUserSid",
    "SubjectUserName", "SubjectDomainName", "SubjectLogonId",     "PrivilegeList",
    "SamAccountName",  "DisplayName",       "UserPrincipalName",  "HomeDirectory",
    "HomePath",        "ScriptPath",        "ProfilePath",        "UserWorkstations",
    "PasswordLastSet", "AccountExpires",    "PrimaryGroupId",     "AllowedToDelegateTo",
    "OldUacValue",     "NewUacValue",       "UserAccountControl", "UserParameters",
    "SidHistory",      "LogonHours"};
constexpr Name k4726[] = {"TargetUserName", "TargetDomainName", "TargetSid",
                          "SubjectUserSid", "SubjectUserName",  "SubjectDomainName",
                          "SubjectLogonId", "PrivilegeList"};
constexpr Name k4732[] = {
    "MemberName",     "MemberSid",       "TargetUserName",    "TargetDomainName", "TargetSid",
    "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId",   "PrivilegeList"};
constexpr Name k5156[] = {"ProcessID",      "Application", "Direction", "SourceAddress",
                          "SourcePort",     "DestAddress", "DestPort",  "Protocol",
                          "FilterRTID",     "LayerName",   "LayerRTID", "RemoteUserID",
                          "RemoteMachineID"};
constexpr Name k7045[] = {"ServiceName", "ImagePath", "ServiceType", "StartType", "AccountName"};
constexpr Name k1102[] = {"SubjectUserSid", "SubjectUserName", "SubjectDomainName",
                          "SubjectLogonId"};

struct Known {
  Name provider;
  std::uint32_t event_id;
  std::span<const Name> names;
  std::size_t least;  ///< how many the oldest version of the event has
};

constexpr Known kKnown[] = {
    {kSecurity, 4624, k4624, 20},
    {kSecurity, 4625, k4625, std::size(k4625)},
    {kSecurity, 4634, k4634, std::size(k4634)},
    {kSecurity, 4688, k4688, 8},
    {kSecurity, 4689, k4689, std::size(k4689)},
    {kSecurity, 4697, k4697, std::size(k4697)},
    {kSecurity, 4698, k4698, std::size(k4698)},
    {kSecurity, 4720, k4720, std::size(k4720)},
    {kSecurity, 4726, k4726, std::size(k4726)},
    {kSecurity, 4732, k4732, std::size(k4732)},
    {kSecurity, 5156, k5156, 11},
    {"Microsoft-Windows-Eventlog", 1102, k1102, std::size(k1102)},
    {"Service Control Manager", 7045, k7045, std::size(k7045)},
};

}  // namespace

bool is_sysmon(const event::Record& record) {
  return record.provider.ends_with("-Sysmon") || record.channel.contains("-Sysmon/");
}

std::span<const std::string_view> event_string_names(const event::Record& record,
                                                     std::size_t count) {
  for (const Known& known : kKnown) {
    // Later versions of an event only add values at the end.
    if (known.event_id == record.event_id && known.provider == record.provider &&
        count >= known.least && count <= known.names.size()) {
      return known.names.first(count);
    }
  }
  return {};
}

}  // namespace spoor::winlog
