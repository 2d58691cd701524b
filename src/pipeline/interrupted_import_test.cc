// An import whose program is killed is continued by importing the same files again.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "base/temp_folder.h"
#include "base/ticks.h"
#include "enrich/device_identity.h"
#include "pipeline/import_jobs.h"
#include "pipeline/known_processes.h"
#include "pipeline/live_fixture.h"
#include "pipeline/rows_writer.h"
#include "pipeline/source_import.h"
#include "pipeline/unrepaired_devices.h"
#include "pipeline/uploads.h"

extern char** environ;

namespace spoor::pipeline {
namespace {

constexpr const char* kFolderVariable = "SPOOR_TEST_IMPORT_FOLDER";
constexpr std::string_view kJob = "cut-off";
/// A whole batch, and as much more as brings its end past what the reader is ahead by.
constexpr std::uint64_t kEvidence = kBatchRecords + 5'000;

/// A connection of a process, then the start of that process, then `more` records.
RecordSource evidence(std::uint64_t more, const std::function<void()>& at_end = {}) {
  return [more, at_end](const RecordSink& sink, const std::stop_token&) -> Result<void> {
    with_record(evtx::fixtures::sysmon_network(1), 2, sink.on_record);
    with_record(evtx::fixtures::sysmon_process(1), 1, sink.on_record);
    with_record(evtx::fixtures::security_process(7), 7, [&](const event::Record& one) {
      event::Record record = one;
      for (std::uint64_t number = 0; number < more; ++number) {
        record.record_id = static_cast<decltype(record.record_id)>(1000 + number);
        sink.on_record(record);
      }
    });
    if (at_end) {
      at_end();
    }
    return {};
  };
}

using InterruptedImport = LiveTest;

/// Not a test of its own: the process that is killed.
TEST(ImportProcess, DISABLED_WaitsToBeKilled) {
  const char* given = std::getenv(kFolderVariable);
  ASSERT_NE(given, nullptr);
  const std::string folder = given;
  auto worker = store::WorkerProcess::start(folder);
  ASSERT_TRUE(worker) << worker.error().to_string();
  const store::Client client((*worker)->endpoint());
  store::Appender appender(client, [&] { return (*worker)->wait_until_ready(); });
  auto state = state::State::open(folder + "/state.sqlite");
  ASSERT_TRUE(state) << state.error().to_string();
  state::Job job;
  job.id = kJob;
  job.kind = "import";
  ASSERT_TRUE((*state)->jobs().start(job));
  const ImportTarget target{**state, client, appender, folder + "/processes"};
  // The batch is full and handed over; what follows waits for ever.
  import_from(target, {std::string(kJob), "test", {}},
              evidence(kEvidence,
                       [&] {
                         store::Query count;
                         count.sql = "SELECT count() > 0 FROM DeviceSourceRecords";
                         count.format = "TSV";
                         while (client.query_text(count).value_or("0") != "1\n") {
                           std::this_thread::sleep_for(std::chrono::milliseconds(5));
                         }
                         ASSERT_TRUE(write_file_atomically(folder + "/stored", "yes"));
                         std::this_thread::sleep_for(std::chrono::hours(1));
                       }),
              {});
}

TEST_F(InterruptedImport, TheSameFilesAgainGoOn) {
  if (!worker_) {
    GTEST_SKIP() << "no engine";
  }
  appender_.reset();
  state_.reset();
  worker_.reset();
  ::setenv(kFolderVariable, folder_.c_str(), 1);
  std::string program = "/proc/self/exe";
  std::string filter = "--gtest_filter=ImportProcess.DISABLED_WaitsToBeKilled";
  std::string also = "--gtest_also_run_disabled_tests";
  char* words[] = {program.data(), filter.data(), also.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, (folder_ + "/import.log").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  pid_t child = 0;
  ASSERT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, words, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  while (::access((folder_ + "/stored").c_str(), F_OK) != 0) {
    ASSERT_EQ(::waitpid(child, &status, WNOHANG), 0) << "the import ended by itself: " << folder_;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  auto worker = store::WorkerProcess::start(folder_);
  ASSERT_TRUE(worker) << worker.error().to_string();
  worker_ = *std::move(worker);
  client_ = std::make_unique<store::Client>(worker_->endpoint());
  connect();
  ASSERT_EQ(state_->jobs().fail_running(now_ticks(), kInterruptedReport).value(), 1);
  auto uploads = Uploads::open(folder_ + "/uploads");
  ASSERT_TRUE(uploads);
  const ImportTarget into{*state_, *client_, *appender_, folder_ + "/processes"};
  {
    const ImportJobs jobs(into, **uploads);
    const auto job = jobs.get(kJob);
    ASSERT_TRUE(job) << job.error().to_string();
    EXPECT_EQ(import_job_state_name(job->last.state), "interrupted");
    EXPECT_EQ(job->last.reason,
              "the program ended before the import did; import the same files again to go on: what "
              "is stored is left out, and the repair is made up for");
  }
  const std::string repaired =
      "SELECT countIf(InitiatingProcessCommandLine != '') FROM DeviceNetworkEvents";
  const std::string counted =
      "SELECT count() = uniqExact(EventId), count() FROM DeviceSourceRecords";
  ASSERT_EQ(ask(repaired), "0\n") << "stored, and not repaired";
  ASSERT_EQ(ask("SELECT count() FROM DeviceInfo"), "0\n");
  const std::string left = folder_ + "/processes/import." + std::string(kJob);
  ASSERT_TRUE(std::filesystem::exists(left));

  const SourceImport again = import_from(into, {"again", "test", {}}, evidence(kEvidence), {});
  ASSERT_FALSE(again.failure) << again.failure->to_string();
  EXPECT_EQ(again.report.records, kEvidence + 2);
  EXPECT_GE(again.report.duplicates, kBatchRecords) << "the batch was stored before";
  EXPECT_EQ(ask(counted), "1\t" + std::to_string(kEvidence + 2) + "\n");
  EXPECT_EQ(ask(repaired), "1\n");
  EXPECT_NE(ask("SELECT count() FROM DeviceInfo"), "0\n");
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/processes/import.again"));
  EXPECT_FALSE(KnownProcesses(folder_ + "/processes").load(enrich::new_device_id("ws01"))->empty());
}

TEST(UnrepairedDevicesTest, AreThoseOfImportsThatWereCutOff) {
  const TempFolder folder;
  auto cut_off = UnrepairedDevices::open(folder.path(), "one");
  ASSERT_TRUE(cut_off);
  cut_off->add("a");
  cut_off->add("b");
  cut_off->add("a");
  ASSERT_TRUE(cut_off->save());
  ASSERT_TRUE(cut_off->save()) << "with nothing new";
  EXPECT_EQ(read_file(folder / "import.one", 100).value(), "a\nb\n");
  ASSERT_TRUE(write_file_atomically(folder / "import.torn", "c\nha"));
  ASSERT_TRUE(write_file_atomically(folder / "ha", "facts of a device"));

  auto part = UnrepairedDevices::open(folder.path(), "two");
  ASSERT_TRUE(part);
  for (const char* device : {"b", "c", "d", "ha"}) {
    part->add(device);
  }
  EXPECT_THAT(part->left_by_others(), testing::ElementsAre("b", "c"));
  ASSERT_TRUE(part->save());
  ASSERT_TRUE(part->settle());
  EXPECT_TRUE(std::filesystem::exists(folder / "import.one")) << "a is still to be repaired";
  EXPECT_FALSE(std::filesystem::exists(folder / "import.torn"));
  EXPECT_FALSE(std::filesystem::exists(folder / "import.two"));
  ASSERT_TRUE(UnrepairedDevices::forget(folder.path(), "one"));
  ASSERT_TRUE(UnrepairedDevices::forget(folder.path(), "one"));
  EXPECT_TRUE(std::filesystem::exists(folder / "ha"));
}

}  // namespace
}  // namespace spoor::pipeline
