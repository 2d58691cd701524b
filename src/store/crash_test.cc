// Death at any moment: what was acknowledged is there, and nothing is there twice.

#include <fcntl.h>
#include <spawn.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include "base/text.h"
#include "store/engine_fixture.h"
#include "store/existing.h"

extern char** environ;

namespace spoor::store {
namespace {

constexpr int kKills = 25;
constexpr std::int64_t kRowsABatch = 400;
constexpr Ticks kTime = 17'600'000'000'000'000;
constexpr const char* kFolderVariable = "SPOOR_TEST_IMPORTER_FOLDER";

using std::chrono::milliseconds;

class Crash : public EngineTest {
 protected:
  /// Every number below `count` is once in both tables, and nothing else is.
  void expect_each_once(std::int64_t count) const {
    for (const char* table : {"DeviceProcessEvents", "DeviceSourceRecords"}) {
      EXPECT_EQ(
          ask(std::string("SELECT count(), uniqExact(EventId), min(EventId), max(EventId) FROM ") +
              table),
          std::to_string(count) + "\t" + std::to_string(count) + "\t1\t" + std::to_string(count) +
              "\n")
          << table;
    }
  }
};

TEST_F(Crash, KilledWorkersLoseAndDoubleNothing) {
  std::atomic<bool> stop = false;
  std::atomic<bool> is_appending = false;
  std::atomic<std::int64_t> acknowledged = 0;
  std::thread writer([&] {
    Appender appender = this->appender();
    while (!stop) {
      std::vector<event::Batch> batches = numbered(acknowledged + 1, kRowsABatch, kTime);
      is_appending = true;
      const auto stored = appender.append(batches);
      is_appending = false;
      ASSERT_TRUE(stored) << stored.error().to_string();
      acknowledged += kRowsABatch;
    }
  });
  std::mt19937 random(7);
  int in_flight = 0;
  for (int kills = 0; kills < kKills && !HasFailure();) {
    std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution(1, 150)(random)));
    const int pid = worker_->pid();
    if (pid > 0 && is_appending) {
      ::kill(pid, SIGKILL);
      ++kills;
      in_flight += is_appending ? 1 : 0;
      const std::int64_t before = acknowledged;
      while (acknowledged == before && !HasFailure()) {
        std::this_thread::sleep_for(milliseconds(1));
      }
    }
  }
  stop = true;
  writer.join();
  EXPECT_GE(in_flight, kKills / 2);
  expect_each_once(acknowledged);
}

/// Not a test of its own: the process that KilledImporters kills. Imports numbered rows as the
/// pipeline does, and says so.
TEST(Importer, DISABLED_RunsUntilItIsKilled) {
  const char* folder = std::getenv(kFolderVariable);
  ASSERT_NE(folder, nullptr);
  const std::string log_path = std::string(folder) + "/acknowledged";
  std::int64_t done = 0;
  std::ifstream before(log_path);
  for (std::string line; std::getline(before, line);) {
    if (line.starts_with("ack ")) {
      done = parse_int(std::string_view(line).substr(4)).value_or(done);
    }
  }
  auto worker = WorkerProcess::start(folder);
  ASSERT_TRUE(worker) << worker.error().to_string();
  const Client client((*worker)->endpoint());
  Appender appender(client, [&] { return (*worker)->wait_until_ready(); });
  const auto recovered = appender.recover();
  ASSERT_TRUE(recovered) << recovered.error().to_string();
  std::ofstream log(log_path, std::ios::app);
  while (true) {
    class Fixture : public EngineTest {
     public:
      using EngineTest::numbered;
      void TestBody() override {}
    };
    std::vector<event::Batch> batches = Fixture::numbered(done + 1, kRowsABatch, kTime);
    std::vector<std::int64_t> ids;
    for (std::int64_t number = done + 1; number <= done + kRowsABatch; ++number) {
      ids.push_back(number);
    }
    const auto existing =
        existing_event_ids(client, "device-1", kTime + done, kTime + done + kRowsABatch, ids);
    ASSERT_TRUE(existing) << existing.error().to_string();
    log << "begin " << done << std::endl;
    const IdSet leave_out(*existing);
    const auto stored = appender.append(batches, &leave_out);
    ASSERT_TRUE(stored) << stored.error().to_string();
    done += kRowsABatch;
    log << "ack " << done << std::endl;
  }
}

TEST_F(Crash, KilledImportersLoseAndDoubleNothing) {
  worker_.reset();
  const std::string log_path = folder_ + "/acknowledged";
  ::setenv(kFolderVariable, folder_.c_str(), 1);
  std::mt19937 random(11);
  const auto lines_of_log = [&log_path] {
    std::vector<std::string> lines;
    std::ifstream file(log_path);
    for (std::string line; std::getline(file, line);) {
      lines.push_back(line);
    }
    return lines;
  };
  int in_flight = 0;
  for (int kills = 0; kills < kKills; ++kills) {
    std::string program = "/proc/self/exe";
    std::string filter = "--gtest_filter=Importer.DISABLED_RunsUntilItIsKilled";
    std::string also = "--gtest_also_run_disabled_tests";
    char* words[] = {program.data(), filter.data(), also.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, (folder_ + "/importer.log").c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    pid_t child = 0;
    ASSERT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, words, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    const std::size_t before = lines_of_log().size();
    int status = 0;
    while (lines_of_log().size() < before + 2) {
      ASSERT_EQ(::waitpid(child, &status, WNOHANG), 0)
          << "the importer ended by itself: " << folder_;
      std::this_thread::sleep_for(milliseconds(2));
    }
    std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution(1, 120)(random)));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    in_flight += lines_of_log().back().starts_with("begin ") ? 1 : 0;
  }
  EXPECT_GE(in_flight, kKills / 4) << "most kills met no insert";

  auto worker = WorkerProcess::start(folder_);
  ASSERT_TRUE(worker) << worker.error().to_string();
  worker_ = *std::move(worker);
  client_ = std::make_unique<Client>(worker_->endpoint());
  Appender appender = this->appender();
  const auto recovered = appender.recover();
  ASSERT_TRUE(recovered) << recovered.error().to_string();
  std::int64_t acknowledged = 0;
  std::int64_t begun = 0;
  for (const std::string& line : lines_of_log()) {
    if (line.starts_with("ack ")) {
      acknowledged = *parse_int(std::string_view(line).substr(4));
    } else {
      begun = *parse_int(std::string_view(line).substr(6)) + kRowsABatch;
    }
  }
  // The last batch may have been finished without the importer living to say so.
  const std::string stored = ask("SELECT max(EventId) FROM DeviceSourceRecords");
  EXPECT_TRUE(stored == std::to_string(acknowledged) + "\n" ||
              stored == std::to_string(begun) + "\n")
      << stored;
  expect_each_once(*parse_int(trim_blanks(stored)));
}

}  // namespace
}  // namespace spoor::store
