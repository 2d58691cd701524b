#include "ingest/sample/sample_logs.h"

#include <fmt/format.h>

#include <utility>

#include "base/ticks.h"
#include "ingest/evtx/writer.h"

namespace spoor::ingest::sample {
namespace {

using evtx::WriteEvent;
using V = evtx::WriteValue;

constexpr std::string_view kHost = "WS01.corp.example";

/// The story's clock: milliseconds after 2026-03-02 09:00 UTC.
Ticks at(std::int64_t milliseconds) {
  return *parse_iso_ticks("2026-03-02T09:00:00Z") + milliseconds * kTicksPerMillisecond;
}

struct Process {
  std::uint32_t pid;
  std::string image;
  std::string command_line;
  std::int64_t started;  ///< milliseconds
};

std::string guid_of(const Process& process) {
  const auto second = static_cast<std::uint32_t>(at(process.started) / kTicksPerSecond);
  return fmt::format("{{7D4B9C21-{:04X}-{:04X}-{:04X}-{:012X}}}", second & 0xffff, second >> 16,
                     process.pid & 0xffff, process.pid * 7919ULL);
}

std::string utc(std::int64_t milliseconds) {
  std::string text = format_ticks(at(milliseconds)).substr(0, 23);
  text[10] = ' ';
  return text;
}

WriteEvent sysmon(std::uint16_t id, std::int64_t milliseconds) {
  WriteEvent event;
  event.provider = "Microsoft-Windows-Sysmon";
  event.channel = "Microsoft-Windows-Sysmon/Operational";
  event.computer = kHost;
  event.event_id = id;
  event.version = 5;
  event.task = id;
  event.time = at(milliseconds);
  event.process_id = 2744;
  event.thread_id = 3688;
  event.user_sid = "S-1-5-18";
  event.data = {{"RuleName", V::text("-")}, {"UtcTime", V::text(utc(milliseconds))}};
  return event;
}

void add_actor(WriteEvent& event, const Process& process) {
  event.data.insert(event.data.end(), {{"ProcessGuid", V::guid(guid_of(process))},
                                       {"ProcessId", V::uint32(process.pid)},
                                       {"Image", V::text(process.image)}});
}

WriteEvent process_start(const Process& process, const Process& parent) {
  WriteEvent event = sysmon(1, process.started);
  add_actor(event, process);
  event.data.insert(
      event.data.end(),
      {{"FileVersion", V::text("10.0.19041.1")},
       {"CommandLine", V::text(process.command_line)},
       {"CurrentDirectory", V::text("C:\\Users\\mira.oduya\\")},
       {"User", V::text("CORP\\mira.oduya")},
       {"LogonId", V::hex64(0x4f2a1)},
       {"IntegrityLevel", V::text("Medium")},
       {"Hashes", V::text(fmt::format("SHA256={:064x}", process.image.size() * 1'000'003))},
       {"ParentProcessGuid", V::guid(guid_of(parent))},
       {"ParentProcessId", V::uint32(parent.pid)},
       {"ParentImage", V::text(parent.image)},
       {"ParentCommandLine", V::text(parent.command_line)}});
  return event;
}

WriteEvent security(std::uint16_t id, std::int64_t milliseconds, std::string_view computer) {
  WriteEvent event;
  event.provider = "Microsoft-Windows-Security-Auditing";
  event.channel = "Security";
  event.computer = computer;
  event.event_id = id;
  event.version = 2;
  event.level = 0;
  event.keywords = 0x8020000000000000;
  event.time = at(milliseconds);
  event.process_id = 4;
  event.thread_id = 212;
  return event;
}

WriteEvent created(const Process& process, const Process& parent, std::string_view computer) {
  // The log's own clock is a few milliseconds behind the one of the sensor.
  WriteEvent event = security(4688, process.started + 3, computer);
  event.data = {{"SubjectUserSid", V::sid("S-1-5-21-1004336348-1177238915-682003330-1104")},
                {"SubjectUserName", V::text("mira.oduya")},
                {"SubjectDomainName", V::text("CORP")},
                {"SubjectLogonId", V::hex64(0x4f2a1)},
                {"NewProcessId", V::hex64(process.pid)},
                {"NewProcessName", V::text(process.image)},
                {"TokenElevationType", V::text("%%1938")},
                {"ProcessId", V::hex64(parent.pid)},
                {"CommandLine", V::text(process.command_line)},
                {"ParentProcessName", V::text(parent.image)}};
  return event;
}

WriteEvent logon(std::uint16_t id, std::int64_t milliseconds, std::string_view computer,
                 std::string_view user, std::string_view address) {
  WriteEvent event = security(id, milliseconds, computer);
  event.data = {{"SubjectUserSid", V::sid("S-1-0-0")},
                {"SubjectUserName", V::text("-")},
                {"SubjectDomainName", V::text("-")},
                {"SubjectLogonId", V::hex64(0)},
                {"TargetUserSid",
                 V::sid(id == 4624 ? "S-1-5-21-1004336348-1177238915-682003330-1104" : "S-1-0-0")},
                {"TargetUserName", V::text(user)},
                {"TargetDomainName", V::text("CORP")}};
  if (id == 4625) {
    event.data.push_back({"Status", V::text("0xc000006d")});
    event.data.push_back({"SubStatus", V::text("0xc000006a")});
  } else {
    event.data.push_back({"TargetLogonId", V::hex64(0x9c411)});
  }
  event.data.insert(event.data.end(), {{"LogonType", V::uint32(3)},
                                       {"LogonProcessName", V::text("NtLmSsp")},
                                       {"AuthenticationPackageName", V::text("NTLM")},
                                       {"WorkstationName", V::text("WS01")},
                                       {"ProcessId", V::hex64(0)},
                                       {"ProcessName", V::text("-")},
                                       {"IpAddress", V::text(address)},
                                       {"IpPort", V::text("50122")}});
  return event;
}

Result<SampleLog> make_log(std::string name, const std::vector<WriteEvent>& events) {
  evtx::Writer writer;
  for (const WriteEvent& event : events) {
    TRY_VOID(writer.add(event));
  }
  return SampleLog{std::move(name), writer.finish()};
}

}  // namespace

/// A document starts a script host, which looks around, brings a library, stays and moves on to a
/// server.
Result<std::vector<SampleLog>> sample_logs() {
  const Process explorer{4312, "C:\\Windows\\explorer.exe", "C:\\Windows\\Explorer.EXE",
                         -3'600'000};
  const Process word{7312, "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE",
                     "\"WINWORD.EXE\" /n \"C:\\Users\\mira.oduya\\Downloads\\Invoice 0317.docm\"",
                     1'000};
  const Process shell{11208, "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
                      "powershell.exe -NoP -W Hidden -Enc SQBFAFgA", 9'200};
  const Process whoami{11340, "C:\\Windows\\System32\\whoami.exe",
                       "\"C:\\Windows\\system32\\whoami.exe\" /groups", 14'050};
  const Process rundll{
      11964, "C:\\Windows\\System32\\rundll32.exe",
      "rundll32.exe C:\\Users\\mira.oduya\\AppData\\Local\\Skyline\\skyupd.dll,Start", 31'700};
  const Process lsass{712, "C:\\Windows\\System32\\lsass.exe", "C:\\Windows\\system32\\lsass.exe",
                      -7'200'000};

  std::vector<WriteEvent> sensor = {process_start(word, explorer), process_start(shell, word),
                                    process_start(whoami, shell)};
  sensor.back().data[0].second =
      V::text("technique_id=T1033,technique_name=System Owner/User Discovery");
  WriteEvent dns = sysmon(22, 16'300);
  add_actor(dns, shell);
  dns.data.insert(dns.data.end(), {{"QueryName", V::text("cdn-metrics-sync.example")},
                                   {"QueryStatus", V::text("0")},
                                   {"QueryResults", V::text("::ffff:203.0.113.57;")}});
  sensor.push_back(dns);
  WriteEvent network = sysmon(3, 16'900);
  add_actor(network, shell);
  network.data.insert(network.data.end(),
                      {{"User", V::text("CORP\\mira.oduya")},
                       {"Protocol", V::text("tcp")},
                       {"Initiated", V::boolean(true)},
                       {"SourceIsIpv6", V::boolean(false)},
                       {"SourceIp", V::text("10.24.7.41")},
                       {"SourceHostname", V::text("WS01.corp.example")},
                       {"SourcePort", V::uint16(51877)},
                       {"DestinationIsIpv6", V::boolean(false)},
                       {"DestinationIp", V::text("203.0.113.57")},
                       {"DestinationHostname", V::text("cdn-metrics-sync.example")},
                       {"DestinationPort", V::uint16(443)}});
  sensor.push_back(network);
  WriteEvent file = sysmon(11, 24'400);
  add_actor(file, shell);
  file.data.insert(
      file.data.end(),
      {{"TargetFilename", V::text("C:\\Users\\mira.oduya\\AppData\\Local\\Skyline\\skyupd.dll")},
       {"CreationUtcTime", V::text(utc(24'400))},
       {"User", V::text("CORP\\mira.oduya")}});
  sensor.push_back(file);
  sensor.push_back(process_start(rundll, shell));
  WriteEvent image = sysmon(7, 31'900);
  add_actor(image, rundll);
  image.data.insert(
      image.data.end(),
      {{"ImageLoaded", V::text("C:\\Users\\mira.oduya\\AppData\\Local\\Skyline\\skyupd.dll")},
       {"Hashes", V::text(fmt::format("SHA256={:064x}", 4711))},
       {"Signed", V::text("false")},
       {"User", V::text("CORP\\mira.oduya")}});
  sensor.push_back(image);
  WriteEvent registry = sysmon(13, 33'000);
  registry.data.insert(registry.data.begin() + 1, {"EventType", V::text("SetValue")});
  add_actor(registry, rundll);
  registry.data.insert(
      registry.data.end(),
      {{"TargetObject",
        V::text("HKU\\S-1-5-21-1004336348-1177238915-682003330-"
                "1104\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\SkylineUpdate")},
       {"Details", V::text(rundll.command_line)},
       {"User", V::text("CORP\\mira.oduya")}});
  sensor.push_back(registry);
  WriteEvent access = sysmon(10, 41'500);
  access.data[0].second = V::text("technique_id=T1003.001,technique_name=LSASS Memory");
  access.data.insert(access.data.end(),
                     {{"SourceProcessGUID", V::guid(guid_of(rundll))},
                      {"SourceProcessId", V::uint32(rundll.pid)},
                      {"SourceThreadId", V::uint32(11972)},
                      {"SourceImage", V::text(rundll.image)},
                      {"TargetProcessGUID", V::guid(guid_of(lsass))},
                      {"TargetProcessId", V::uint32(lsass.pid)},
                      {"TargetImage", V::text(lsass.image)},
                      {"GrantedAccess", V::text("0x1410")},
                      {"CallTrace", V::text("C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4")}});
  sensor.push_back(access);
  WriteEvent ended = sysmon(5, 52'000);
  add_actor(ended, whoami);
  sensor.push_back(ended);

  // The Security log knows this computer by its short name alone.
  std::vector<WriteEvent> audit = {created(word, explorer, "WS01"), created(shell, word, "WS01"),
                                   created(whoami, shell, "WS01"), created(rundll, shell, "WS01")};
  WriteEvent connection = security(5156, 16'905, "WS01");
  connection.data = {{"ProcessID", V::uint64(shell.pid)},
                     {"Application", V::text("\\device\\harddiskvolume3\\windows\\system32\\windows"
                                             "powershell\\v1.0\\powershell.exe")},
                     {"Direction", V::text("%%14593")},
                     {"SourceAddress", V::text("10.24.7.41")},
                     {"SourcePort", V::text("51877")},
                     {"DestAddress", V::text("203.0.113.57")},
                     {"DestPort", V::text("443")},
                     {"Protocol", V::uint32(6)}};
  audit.push_back(connection);
  WriteEvent exit = security(4689, 52'004, "WS01");
  exit.data = {{"SubjectUserSid", V::sid("S-1-5-21-1004336348-1177238915-682003330-1104")},
               {"SubjectUserName", V::text("mira.oduya")},
               {"SubjectDomainName", V::text("CORP")},
               {"SubjectLogonId", V::hex64(0x4f2a1)},
               {"Status", V::hex64(0)},
               {"ProcessId", V::hex64(whoami.pid)},
               {"ProcessName", V::text(whoami.image)}};
  audit.push_back(exit);

  std::vector<WriteEvent> server;
  for (int attempt = 0; attempt < 4; ++attempt) {
    server.push_back(
        logon(4625, 95'000 + attempt * 900, "SRV01.corp.example", "svc-backup", "10.24.7.41"));
  }
  server.push_back(logon(4624, 99'200, "SRV01.corp.example", "svc-backup", "10.24.7.41"));
  WriteEvent off = security(4634, 240'000, "SRV01.corp.example");
  off.data = {{"TargetUserSid", V::sid("S-1-5-21-1004336348-1177238915-682003330-1104")},
              {"TargetUserName", V::text("svc-backup")},
              {"TargetDomainName", V::text("CORP")},
              {"TargetLogonId", V::hex64(0x9c411)},
              {"LogonType", V::uint32(3)}};
  server.push_back(off);

  std::vector<SampleLog> logs;
  logs.push_back(TRY(make_log("WS01-Sysmon.evtx", sensor)));
  logs.push_back(TRY(make_log("WS01-Security.evtx", audit)));
  logs.push_back(TRY(make_log("SRV01-Security.evtx", server)));
  return logs;
}

}  // namespace spoor::ingest::sample
