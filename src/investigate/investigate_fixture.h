#pragma once
// Test support: one engine for a suite, with a small story in it.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "event/rows.h"
#include "investigate/device_views.h"
#include "investigate/timeline.h"
#include "kql/exec/store_runner.h"
#include "store/appender.h"
#include "store/migrate.h"
#include "store/worker_process.h"

namespace spoor::investigate {

inline const std::string kWorkstation(40, 'a');
inline const std::string kServer(40, 'b');
inline const std::string kServerPart(40, 'c');  ///< merged into the server
inline const Ticks kNine = *parse_iso_ticks("2026-03-02T09:00:00Z");

inline Ticks seconds(std::int64_t count) { return count * kTicksPerSecond; }

/// One event, in the timeline and in its hunting table.
struct Event {
  std::int64_t id = 0;
  Ticks time = 0;
  std::string device = kWorkstation;
  std::string table = "DeviceProcessEvents";
  std::string action = "ProcessCreated";
  std::string group = "process";
  std::string actor;
  std::string account = "CORP\\mira.oduya";
  std::string title;
  std::string detail;
  std::vector<std::string_view> techniques = {};
  std::int64_t process_key = 0;
  std::int64_t actor_key = 0;
  std::vector<std::int64_t> ancestors = {};
  std::vector<std::pair<std::string, std::string>> columns = {};  ///< texts of the wide row
  std::vector<std::pair<std::string, std::int64_t>> numbers = {};
  std::string source = "Security";
};

inline event::Batch& begin(event::Rows& rows, std::string_view table, const Event& event) {
  event::Batch& batch =
      rows.batches()[static_cast<std::size_t>(schema::find_table(table) - schema::tables().data())];
  batch.begin_row();
  const auto set_number = [&](std::string_view column, std::int64_t value) {
    if (const auto at = batch.table().find(column)) {
      batch.set_number(*at, value);
    }
  };
  set_number("Timestamp", event.time);
  set_number("EventId", event.id);
  set_number("ProcessKey", event.process_key);
  set_number("InitiatingProcessKey", event.actor_key);
  batch.set_text(*batch.table().find("DeviceId"), event.device);
  if (const auto at = batch.table().find("ActionType")) {
    batch.set_text(*at, event.action);
  }
  if (const auto at = batch.table().find("Ancestors"); at && !event.ancestors.empty()) {
    batch.set_keys(*at, event.ancestors);
  }
  return batch;
}

inline void add(event::Rows& rows, const Event& event) {
  namespace tl = schema::device_timeline;
  event::Batch& timeline = begin(rows, "DeviceTimeline", event);
  timeline.set_text(tl::kTable, event.table);
  timeline.set_text(tl::kGroup, event.group);
  timeline.set_text(tl::kActor, event.actor);
  timeline.set_text(tl::kAccount, event.account);
  timeline.set_text(tl::kTitle, event.title);
  timeline.set_text(tl::kDetail, event.detail);
  timeline.set_text(tl::kSource, event.source);
  if (!event.techniques.empty()) {
    timeline.set_strings(tl::kTechniques, event.techniques);
  }
  if (!event.table.empty()) {
    event::Batch& wide = begin(rows, event.table, event);
    for (const auto& [column, value] : event.columns) {
      wide.set_text(*wide.table().find(column), value);
    }
    for (const auto& [column, value] : event.numbers) {
      wide.set_number(*wide.table().find(column), value);
    }
  }
  event::Batch& source = begin(rows, "DeviceSourceRecords", event);
  source.set_text(schema::device_source_records::kChannel, event.source);
  source.set_text(schema::device_source_records::kData,
                  R"({"Original":"record)" + std::to_string(event.id) + R"("})");
  for (const std::string_view technique : event.techniques) {
    event::Batch& seen = begin(rows, "DeviceTechniqueEvents", event);
    seen.set_text(schema::device_technique_events::kTechniqueId, technique);
    seen.set_text(schema::device_technique_events::kTechniqueName, "PowerShell");
  }
}

/// An engine that lives as long as the suite; `fill` stores what its tests read.
class StoryTest : public testing::Test {
 protected:
  static void TearDownTestSuite() {
    client_.reset();
    worker_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  void SetUp() override {
    if (worker_ == nullptr) {
      start();
    }
    if (worker_ == nullptr && !HasFatalFailure()) {
      GTEST_SKIP() << "spoor-store is not built: the telemetry engine's package is not installed";
    }
  }

  static Views views(kql::AccessScope scope = {}) {
    return {kql::store_runner(*client_), std::move(scope)};
  }
  static const store::Client& client() { return *client_; }
  static void store(event::Rows& rows) {
    store::Appender appender(*client_, [] { return worker_->wait_until_ready(); });
    const auto stored = appender.append(rows.batches());
    ASSERT_TRUE(stored) << stored.error().to_string();
  }
  /// What every suite starts with; see the definitions below.
  static void fill_story();

 private:
  static void start() {
    std::string name = testing::TempDir() + "spoor-investigate-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto worker = store::WorkerProcess::start(folder_);
    if (!worker && worker.error().code == ErrorCode::kNotFound) {
      return;
    }
    ASSERT_TRUE(worker) << worker.error().to_string();
    worker_ = *std::move(worker);
    client_ = std::make_unique<store::Client>(worker_->endpoint());
    store::MigrateOptions options;
    options.reserve_bytes = 1U << 20;
    const auto migrated = store::migrate(*client_, options);
    ASSERT_TRUE(migrated) << migrated.error().to_string();
    fill_story();
  }

  static inline std::string folder_;
  static inline std::unique_ptr<store::WorkerProcess> worker_;
  static inline std::unique_ptr<store::Client> client_;
};

/// The workstation: explorer (100) starts WINWORD (110), which starts powershell (120), which
/// connects, writes a file and starts whoami (130); svchost (200) stands apart and is busy. The
/// server and its part have three events each.
inline void StoryTest::fill_story() {
  event::Rows rows;
  add(rows, {.id = 1,
             .time = kNine,
             .actor = "userinit.exe",
             .title = "explorer.exe",
             .detail = "C:\\Windows\\explorer.exe",
             .process_key = 100,
             .columns = {{"FileName", "explorer.exe"}, {"FolderPath", "C:\\Windows"}},
             .numbers = {{"ProcessId", 4000}, {"ProcessCreationTime", kNine}}});
  add(rows, {.id = 2,
             .time = kNine + seconds(10),
             .actor = "explorer.exe",
             .title = "WINWORD.EXE",
             .detail = "WINWORD.EXE invoice.docm",
             .process_key = 110,
             .actor_key = 100,
             .columns = {{"FileName", "WINWORD.EXE"}, {"AccountName", "mira.oduya"}},
             .numbers = {{"ProcessId", 4100}, {"ProcessCreationTime", kNine + seconds(10)}}});
  add(rows, {.id = 3,
             .time = kNine + seconds(20),
             .actor = "WINWORD.EXE",
             .title = "powershell.exe",
             .detail = "powershell.exe -NoP -enc SQBFAFgA",
             .techniques = {"T1059.001"},
             .process_key = 120,
             .actor_key = 110,
             .ancestors = {100},
             .columns = {{"FileName", "powershell.exe"},
                         {"ProcessCommandLine", "powershell.exe -NoP -enc SQBFAFgA"},
                         {"SHA256", std::string(64, '7')}},
             .numbers = {{"ProcessId", 4200}, {"ProcessCreationTime", kNine + seconds(20)}},
             .source = "Sysmon"});
  add(rows, {.id = 4,
             .time = kNine + seconds(30),
             .table = "DeviceNetworkEvents",
             .action = "ConnectionSuccess",
             .group = "network",
             .actor = "powershell.exe",
             .title = "203.0.113.57:443",
             .actor_key = 120,
             .ancestors = {110, 100},
             .columns = {{"RemoteIP", "203.0.113.57"}, {"RemoteUrl", "cdn.skyline.example"}},
             .numbers = {{"RemotePort", 443}},
             .source = "Sysmon"});
  add(rows, {.id = 5,
             .time = kNine + seconds(30),
             .table = "DeviceFileEvents",
             .action = "FileCreated",
             .group = "file",
             .actor = "powershell.exe",
             .title = "skyupd.dll",
             .detail = "=cmd|' /C calc'!A0",
             .actor_key = 120,
             .ancestors = {110, 100},
             .columns = {{"FileName", "skyupd.dll"}, {"FolderPath", "C:\\ProgramData\\Skyline"}},
             .source = "Sysmon"});
  add(rows, {.id = 6,
             .time = kNine + seconds(40),
             .actor = "powershell.exe",
             .title = "whoami.exe",
             .detail = "whoami /all",
             .process_key = 130,
             .actor_key = 120,
             .ancestors = {110, 100},
             .columns = {{"FileName", "whoami.exe"}},
             .numbers = {{"ProcessId", 4300}, {"ProcessCreationTime", kNine + seconds(40)}}});
  for (std::int64_t i = 0; i < 100; ++i) {
    add(rows, {.id = 1000 + i,
               .time = kNine + seconds(i),
               .table = "DeviceRegistryEvents",
               .action = "RegistryValueSet",
               .group = "registry",
               .actor = "svchost.exe",
               .account = "NT AUTHORITY\\SYSTEM",
               .title = "Counter" + std::to_string(i),
               .actor_key = 200,
               .columns = {{"RegistryKey", "HKLM\\SOFTWARE\\Busy"},
                           {"RegistryValueName", "Counter" + std::to_string(i)}}});
  }
  add(rows, {.id = 7,
             .time = kNine + seconds(200),
             .table = "DeviceLogonEvents",
             .action = "LogonSuccess",
             .group = "logon",
             .title = "mira.oduya",
             .detail = "Interactive",
             .columns = {{"LogonType", "Interactive"},
                         {"AccountDomain", "CORP"},
                         {"AccountName", "mira.oduya"}}});
  // An event that no hunting table has.
  add(rows, {.id = 8,
             .time = kNine + seconds(210),
             .table = "",
             .action = "Unmapped",
             .group = "other",
             .source = "Setup"});
  for (const auto& [device, first] : {std::pair(kServer, 2000), std::pair(kServerPart, 2010)}) {
    for (std::int64_t i = 0; i < 3; ++i) {
      add(rows, {.id = first + i,
                 .time = kNine + seconds(first == 2000 ? i * 2 : i * 2 + 1),
                 .device = device,
                 .actor = "services.exe",
                 .title = "svchost.exe",
                 .process_key = first + i,
                 .actor_key = first,
                 .columns = {{"FileName", "svchost.exe"}}});
    }
  }
  const auto add_device = [&](const std::string& id, std::string_view name, std::string_view os,
                              Ticks seen, std::int64_t row) {
    namespace info = schema::device_info;
    event::Batch& batch = rows[schema::TableId::kDeviceInfo];
    batch.begin_row();
    batch.set_number(info::kTimestamp, seen);
    batch.set_text(info::kDeviceId, id);
    batch.set_text(info::kDeviceName, name);
    batch.set_text(info::kOSPlatform, os);
    batch.set_text(info::kAdditionalFields, R"({"FirstSeen":"2026-03-02T09:00:00.0000000Z"})");
    batch.set_number(info::kEventId, row);
  };
  add_device(kWorkstation, "ws01.corp.example", "Windows11", kNine + seconds(210), 9001);
  add_device(kServer, "app-srv-02.corp.example", "WindowsServer2022", kNine + seconds(4), 9002);
  add_device(kServerPart, "app-srv-02", "", kNine + seconds(5), 9003);
  namespace net = schema::device_network_info;
  event::Batch& adapters = rows[schema::TableId::kDeviceNetworkInfo];
  adapters.begin_row();
  adapters.set_number(net::kTimestamp, kNine);
  adapters.set_text(net::kDeviceId, kWorkstation);
  adapters.set_text(net::kIPAddresses, R"([{"IPAddress":"10.24.7.31"}])");
  adapters.set_number(net::kEventId, 9004);
  namespace cov = schema::device_coverage;
  event::Batch& coverage = rows[schema::TableId::kDeviceCoverage];
  coverage.begin_row();
  coverage.set_number(cov::kTimestamp, kNine + seconds(60));
  coverage.set_text(cov::kDeviceId, kWorkstation);
  coverage.set_text(cov::kKind, "log_cleared");
  coverage.set_text(cov::kSource, "Security");
  coverage.set_text(cov::kDetail, "Security log was cleared by adm-rlind");
  coverage.set_number(cov::kEventId, 9005);
  store(rows);
}

inline DeviceKey key_of(const std::string& id) { return {id, {id}}; }

inline TimelineSelection selection_of(const std::string& filter = "",
                                      const std::string& device = kWorkstation) {
  TimelineSelection selection;
  selection.device = key_of(device);
  auto parsed = parse_filter(filter, FilterSubject::kTimeline);
  EXPECT_TRUE(parsed) << parsed.error().to_string();
  selection.filter = *std::move(parsed);
  return selection;
}

}  // namespace spoor::investigate
