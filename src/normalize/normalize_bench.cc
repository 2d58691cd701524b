// Records a second through one normaliser. Run with --benchmark_filter=… to see one kind of event.

#include <benchmark/benchmark.h>

#include "normalize/normalizer.h"

namespace spoor::normalize {
namespace {

using event::Field;
using event::Record;
using event::Value;
using event::ValueKind;

Value text(std::string_view value) { return {ValueKind::kText, value, {}}; }
Value number(std::int64_t value) {
  Value result;
  result.kind = ValueKind::kUInt;
  result.number = value;
  return result;
}
Value guid(std::string_view value) { return {ValueKind::kGuid, value, {}}; }

constexpr std::string_view kImage =
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";
constexpr std::string_view kGuid = "{00247C92-858E-5F7B-0000-00106B29202B}";

const Field kProcess[] = {
    {"RuleName", text("technique_id=T1059.001,technique_name=PowerShell")},
    {"UtcTime", text("2026-11-17 09:12:33.088")},
    {"ProcessGuid", guid(kGuid)},
    {"ProcessId", number(11208)},
    {"Image", text(kImage)},
    {"FileVersion", text("10.0.19041.1")},
    {"Description", text("Windows PowerShell")},
    {"Product", text("Example Windows")},
    {"Company", text("Example Corp")},
    {"OriginalFileName", text("PowerShell.EXE")},
    {"CommandLine", text("powershell.exe -NoP -W Hidden -Enc SQBFAFgA")},
    {"CurrentDirectory", text("C:\\Users\\mira.oduya\\")},
    {"User", text("CORP\\mira.oduya")},
    {"LogonGuid", guid("{5A3C11D0-1111-2222-0000-0020E7030000}")},
    {"LogonId", number(255914)},
    {"TerminalSessionId", number(1)},
    {"IntegrityLevel", text("Medium")},
    {"Hashes",
     text("SHA1=0123456789ABCDEF0123456789ABCDEF01234567,MD5=00112233445566778899AABBCCDDEEFF,"
          "SHA256=89ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF01234567,"
          "IMPHASH=ABCDEF0123456789ABCDEF0123456789")},
    {"ParentProcessGuid", guid("{00247C92-858A-5F7B-0000-00106B29202B}")},
    {"ParentProcessId", number(7312)},
    {"ParentImage", text("C:\\Program Files\\Office\\WINWORD.EXE")},
    {"ParentCommandLine", text("\"C:\\Program Files\\Office\\WINWORD.EXE\" /n")},
};
const Field kConnection[] = {
    {"RuleName", text("-")},
    {"UtcTime", text("2026-11-17 09:12:33.088")},
    {"ProcessGuid", guid(kGuid)},
    {"ProcessId", number(11208)},
    {"Image", text(kImage)},
    {"User", text("CORP\\mira.oduya")},
    {"Protocol", text("tcp")},
    {"Initiated", text("true")},
    {"SourceIp", text("10.24.7.41")},
    {"SourceHostname", text("ws01.corp.example")},
    {"SourcePort", number(51022)},
    {"DestinationIp", text("203.0.113.57")},
    {"DestinationHostname", text("cdn-metrics-sync.example")},
    {"DestinationPort", number(443)},
};

void run(benchmark::State& state, std::uint32_t event_id, std::span<const Field> data) {
  enrich::MemoryAliasStore aliases;
  enrich::AliasDeviceResolver devices(aliases);
  enrich::ProcessTables processes;
  Context context{devices, processes, "job", "bench"};
  Normalizer normalizer(context);
  event::Rows rows;
  std::vector<Field> fields(data.begin(), data.end());
  Record record;
  record.source_kind = "evtx";
  record.channel = "Microsoft-Windows-Sysmon/Operational";
  record.provider = "Microsoft-Windows-Sysmon";
  record.computer = "WS01.corp.example";
  record.file = "bench.evtx";
  record.event_id = event_id;
  record.time = 1'700'000'000 * kTicksPerSecond;
  record.data = fields;
  record.shape = event_id + 1;
  for (auto _ : state) {
    ++record.record_id;
    record.time += kTicksPerMillisecond;
    if (event_id == 1) {
      fields[3].value.number = static_cast<std::int64_t>(4 + record.record_id % 30000 * 4);
    }
    normalizer.add(record, rows);
    if (rows[schema::TableId::kDeviceSourceRecords].rows() == 50'000) {
      rows.clear();
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void process_created(benchmark::State& state) { run(state, 1, kProcess); }
void connection(benchmark::State& state) { run(state, 3, kConnection); }
void unmapped(benchmark::State& state) { run(state, 9999, kConnection); }
BENCHMARK(process_created);
BENCHMARK(connection);
BENCHMARK(unmapped);

}  // namespace
}  // namespace spoor::normalize
