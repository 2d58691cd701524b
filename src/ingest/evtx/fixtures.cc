#include "ingest/evtx/fixtures.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace spoor::evtx::fixtures {
namespace {

constexpr Ticks kStart = 17'723'232'000'000'000;  // 2026-03-01

Ticks time_of(std::uint64_t seed) { return kStart + static_cast<Ticks>(seed) * 37'123'457; }

std::string process_guid(std::uint64_t seed) {
  const auto second = static_cast<std::uint32_t>(time_of(seed) / kTicksPerSecond);
  return fmt::format("{{B3C1A1F0-{:04X}-{:04X}-{:04X}-{:012X}}}", second & 0xffff, second >> 16,
                     seed & 0xffff, hash64("", seed) & 0xffffffffffff);
}

std::string iso_milliseconds(Ticks time) {
  std::string text = format_ticks(time).substr(0, 23);
  text[10] = ' ';
  return text;
}

std::string image_of(std::uint64_t seed) {
  static constexpr const char* kImages[] = {
      "C:\\Windows\\System32\\svchost.exe", "C:\\Windows\\System32\\cmd.exe",
      "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
      "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
      "C:\\Windows\\System32\\conhost.exe"};
  return kImages[seed % 5];
}

std::string command_of(std::uint64_t seed) {
  return fmt::format(
      "\"{}\" --type=renderer --task {:x} /quiet -File C:\\ProgramData\\Agent\\run-{}.ps1",
      image_of(seed), hash64("", seed), seed % 977);
}

WriteEvent sysmon(std::uint64_t seed, std::uint16_t id) {
  WriteEvent event;
  event.provider = "Microsoft-Windows-Sysmon";
  event.channel = "Microsoft-Windows-Sysmon/Operational";
  event.computer = "WS01.corp.example";
  event.event_id = id;
  event.version = 5;
  event.task = id;
  event.time = time_of(seed);
  event.process_id = 2744;
  event.thread_id = 3688;
  event.user_sid = "S-1-5-18";
  return event;
}

}  // namespace

WriteEvent sysmon_process(std::uint64_t seed) {
  WriteEvent event = sysmon(seed, 1);
  const std::uint64_t digest = hash64("", seed % 211);
  using V = WriteValue;
  event.data = {
      {"RuleName", V::text("-")},
      {"UtcTime", V::text(iso_milliseconds(event.time))},
      {"ProcessGuid", V::guid(process_guid(seed))},
      {"ProcessId", V::uint32(static_cast<std::uint32_t>(1000 + seed % 9000 * 4))},
      {"Image", V::text(image_of(seed))},
      {"FileVersion", V::text("10.0.19041.3636")},
      {"Description", V::text("Host Process for Windows Services")},
      {"Product", V::text("Microsoft Windows Operating System")},
      {"Company", V::text("Microsoft Corporation")},
      {"OriginalFileName", V::text("svchost.exe")},
      {"CommandLine", V::text(command_of(seed))},
      {"CurrentDirectory", V::text("C:\\Windows\\system32\\")},
      {"User", V::text("CORP\\mira.oduya")},
      {"LogonGuid", V::guid("{B3C1A1F0-2B1A-6421-E703-000000000000}")},
      {"LogonId", V::hex64(0x3e7)},
      {"TerminalSessionId", V::uint32(1)},
      {"IntegrityLevel", V::text("Medium")},
      {"Hashes",
       V::text(fmt::format("SHA1={0:016X}{0:016X}{1:08X},SHA256={0:016X}{0:016X}{0:016X}{0:016X}",
                           digest, digest & 0xffffffff))},
      {"ParentProcessGuid", V::guid(process_guid(seed == 0 ? 0 : seed - 1))},
      {"ParentProcessId",
       V::uint32(static_cast<std::uint32_t>(1000 + (seed == 0 ? 0 : seed - 1) % 9000 * 4))},
      {"ParentImage", V::text(image_of(seed == 0 ? 0 : seed - 1))},
      {"ParentCommandLine", V::text(command_of(seed == 0 ? 0 : seed - 1))},
      {"ParentUser", V::text("CORP\\mira.oduya")}};
  return event;
}

WriteEvent security_process(std::uint64_t seed) {
  WriteEvent event;
  event.provider = "Microsoft-Windows-Security-Auditing";
  event.channel = "Security";
  event.computer = "WS01.corp.example";
  event.event_id = 4688;
  event.version = 2;
  event.level = 0;
  event.task = 13312;
  event.keywords = 0x8020000000000000;
  event.time = time_of(seed);
  event.process_id = 4;
  event.thread_id = 212;
  using V = WriteValue;
  event.data = {{"SubjectUserSid", V::sid("S-1-5-21-1004336348-1177238915-682003330-1104")},
                {"SubjectUserName", V::text("mira.oduya")},
                {"SubjectDomainName", V::text("CORP")},
                {"SubjectLogonId", V::hex64(0x4f2a1)},
                {"NewProcessId", V::hex64(0x400 + seed % 9000 * 4)},
                {"NewProcessName", V::text(image_of(seed))},
                {"TokenElevationType", V::text("%%1938")},
                {"ProcessId", V::hex64(0x3fc + seed % 9000 * 4)},
                {"CommandLine", V::text(command_of(seed))},
                {"TargetUserSid", V::sid("S-1-0-0")},
                {"TargetUserName", V::text("-")},
                {"TargetDomainName", V::text("-")},
                {"TargetLogonId", V::hex64(0)},
                {"ParentProcessName", V::text(image_of(seed + 1))},
                {"MandatoryLabel", V::sid("S-1-16-8192")}};
  return event;
}

WriteEvent sysmon_network(std::uint64_t seed) {
  WriteEvent event = sysmon(seed, 3);
  using V = WriteValue;
  event.data = {{"RuleName", V::text("-")},
                {"UtcTime", V::text(iso_milliseconds(event.time))},
                {"ProcessGuid", V::guid(process_guid(seed % 1000))},
                {"ProcessId", V::uint32(static_cast<std::uint32_t>(1000 + seed % 1000 * 4))},
                {"Image", V::text(image_of(seed % 1000))},
                {"User", V::text("CORP\\mira.oduya")},
                {"Protocol", V::text("tcp")},
                {"Initiated", V::boolean(true)},
                {"SourceIsIpv6", V::boolean(false)},
                {"SourceIp", V::text("10.24.7.41")},
                {"SourceHostname", V::text("WS01.corp.example")},
                {"SourcePort", V::uint16(static_cast<std::uint16_t>(49152 + seed % 16000))},
                {"SourcePortName", V::text("-")},
                {"DestinationIsIpv6", V::boolean(false)},
                {"DestinationIp", V::text(fmt::format("203.0.113.{}", seed % 250 + 1))},
                {"DestinationHostname", V::text("-")},
                {"DestinationPort", V::uint16(443)},
                {"DestinationPortName", V::text("https")}};
  return event;
}

std::string dense_log(std::size_t bytes) {
  Writer writer;
  std::size_t written = 0;
  for (std::uint64_t seed = 0; written < bytes; ++seed) {
    const WriteEvent event = seed % 4 == 3   ? sysmon_network(seed)
                             : seed % 2 == 0 ? sysmon_process(seed)
                                             : security_process(seed);
    std::size_t size = 400;
    for (const auto& [name, value] : event.data) {
      size += value.bytes.size() + 4;
    }
    written += size;
    writer.add(event).value();  // far smaller than a chunk
  }
  return writer.finish();
}

}  // namespace spoor::evtx::fixtures
