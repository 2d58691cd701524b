#include "pipeline/live_intake.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <spawn.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <thread>

#include "base/text.h"
#include "enrich/device_identity.h"
#include "ingest/sandbox/parse_in_child.h"
#include "pipeline/live_fixture.h"

extern char** environ;

namespace spoor::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFolderVariable = "SPOOR_TEST_INTAKE_FOLDER";

class Live : public LiveTest {};

TEST_F(Live, WhatIsAcknowledgedIsThereOnceAndSaysWhoReportedIt) {
  open();
  const auto first = intake_->submit(of(evtx::fixtures::sysmon_process(1), 1));
  ASSERT_TRUE(first) << first.error().error.to_string();
  EXPECT_EQ(first->records, 1u);
  EXPECT_EQ(first->stored, 1u);
  EXPECT_EQ(ask("SELECT count(), any(ReportedBy), any(RetentionClass), any(JobId) FROM "
                "DeviceSourceRecords"),
            "1\tcollector\t1\t\n");
  EXPECT_EQ(ask("SELECT count(), any(RetentionClass) FROM DeviceProcessEvents"), "1\t1\n");

  const auto again = intake_->submit(of(evtx::fixtures::sysmon_process(1), 1));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->stored, 0u);
  EXPECT_EQ(again->duplicates, 1u);
  Submission twice(Reporter::for_all_devices("other"));
  with_record(evtx::fixtures::sysmon_process(2), 2, [&](const event::Record& record) {
    ASSERT_TRUE(twice.add(record));
    ASSERT_TRUE(twice.add(record));
  });
  const auto both = intake_->submit(std::move(twice));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->records, 2u);
  EXPECT_EQ(both->stored, 1u);
  EXPECT_EQ(both->duplicates, 1u);
  EXPECT_EQ(ask("SELECT count(), uniqExact(EventId) FROM DeviceSourceRecords"), "2\t2\n");
  const IntakeCounters counters = intake_->counters();
  EXPECT_EQ(counters.requests, 3u);
  EXPECT_EQ(counters.stored, 2u);
  EXPECT_EQ(counters.duplicates, 2u);
  EXPECT_EQ(counters.queued_bytes, 0u);
}

TEST_F(Live, AnEmptyRequestIsAcknowledged) {
  open();
  const auto outcome = intake_->submit(Submission(Reporter::for_all_devices("x")));
  ASSERT_TRUE(outcome) << outcome.error().error.to_string();
  EXPECT_EQ(outcome->records, 0u);
}

TEST_F(Live, ManySendersAreCommittedTogetherAndEachGetsItsOwnAnswer) {
  IntakeOptions options;
  options.commit_milliseconds = 100;
  open(options);
  constexpr int kSenders = 8;
  constexpr int kRequests = 5;
  std::atomic<int> good = 0;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      for (int request = 0; request < kRequests; ++request) {
        const auto number = static_cast<std::uint64_t>(sender * kRequests + request + 1);
        const auto outcome = intake_->submit(of(evtx::fixtures::security_process(number), number));
        good += outcome && outcome->stored == 1 ? 1 : 0;
      }
    });
  }
  for (std::thread& sender : senders) {
    sender.join();
  }
  EXPECT_EQ(good, kSenders * kRequests);
  EXPECT_LT(intake_->counters().commits, static_cast<std::uint64_t>(kSenders * kRequests));
  EXPECT_EQ(ask("SELECT count(), uniqExact(EventId) FROM DeviceSourceRecords"), "40\t40\n");
}

TEST_F(Live, ASenderSpeaksForItsOwnDevicesAlone) {
  open();
  evtx::WriteEvent own = evtx::fixtures::sysmon_process(1);
  own.computer = "web01.corp.example";
  evtx::WriteEvent other = evtx::fixtures::sysmon_process(2);
  other.computer = "dc01.corp.example";
  ASSERT_TRUE(intake_->submit(of(own, 1)));
  const std::string own_id = enrich::new_device_id("web01");

  std::vector<std::string> asked;
  const Reporter limited{
      "sensor-1", [&](const DeviceClaim& claim) {
        asked.push_back(std::string(claim.device_id) + "/" + std::string(claim.computer));
        return claim.device_id == own_id;
      }};
  Submission mixed(limited);
  own.time += kTicksPerSecond;
  for (std::uint64_t number = 10; number < 13; ++number) {
    with_record(own, number, [&](const auto& record) { ASSERT_TRUE(mixed.add(record)); });
    with_record(other, number, [&](const auto& record) { ASSERT_TRUE(mixed.add(record)); });
  }
  const auto outcome = intake_->submit(std::move(mixed));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->stored, 3u);
  EXPECT_EQ(outcome->refused, 3u);
  EXPECT_THAT(outcome->refused_computers, ElementsAre("dc01.corp.example"));
  EXPECT_THAT(asked, ElementsAre(own_id + "/web01.corp.example", "/dc01.corp.example"));
  EXPECT_EQ(ask("SELECT count() FROM DeviceSourceRecords WHERE DeviceName = 'dc01.corp.example'"),
            "0\n");
  EXPECT_FALSE(*state_->devices().find_by_alias({"name", "dc01"}))
      << "a refused device is not made";

  const auto nobody = intake_->submit(of(own, 20, Reporter{"no rights", {}}));
  ASSERT_TRUE(nobody);
  EXPECT_EQ(nobody->refused, 1u);
}

TEST_F(Live, TooMuchIsRefusedWithATimeToComeBack) {
  IntakeOptions options;
  options.queue_requests = 1;
  options.commit_milliseconds = 60'000;
  open(options);
  std::promise<Outcome> first;
  intake_->submit(of(evtx::fixtures::sysmon_process(1), 1),
                  [&](Outcome outcome) { first.set_value(std::move(outcome)); });
  const auto second = intake_->submit(of(evtx::fixtures::sysmon_process(2), 2));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().error.code, ErrorCode::kTooMany);
  EXPECT_EQ(second.error().error.message, "more is waiting to be stored than may wait");
  EXPECT_GE(second.error().retry_after_seconds, 1);
  EXPECT_LE(second.error().retry_after_seconds, 60);
  EXPECT_EQ(intake_->counters().queued_requests, 1u);
  // Closing stores what was taken.
  intake_.reset();
  const Outcome outcome = first.get_future().get();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->stored, 1u);
  EXPECT_EQ(ask("SELECT count() FROM DeviceSourceRecords"), "1\n");
}

TEST_F(Live, ARequestHasBounds) {
  Submission submission(Reporter::for_all_devices("x"));
  event::Record record;
  record.time = 17'700'000'000'000'000;
  for (std::size_t number = 0; number < Submission::kMaxRecords; ++number) {
    ASSERT_TRUE(submission.add(record));
  }
  EXPECT_EQ(submission.add(record).error().message, "a request may hold 200000 records");
  Submission large(Reporter::for_all_devices("x"));
  const std::string text(40u << 20, 'x');
  const event::Field field{"a", {.kind = event::ValueKind::kText, .text = text}};
  record.data = {&field, 1};
  ASSERT_TRUE(large.add(record));
  EXPECT_EQ(large.add(record).error().message, "a request may hold 67108864 bytes");
}

TEST_F(Live, AnUnreadableRequestHarmsNoOther) {
  IntakeOptions options;
  options.commit_milliseconds = 300;
  open(options);
  Submission bad(Reporter::for_all_devices("bad"));
  event::Record record;
  record.time = 17'700'000'000'000'000;
  const event::Field field{"a", {.kind = event::ValueKind::kJson, .text = "]"}};
  record.data = {&field, 1};
  ASSERT_TRUE(bad.add(record));
  std::promise<Outcome> outcome;
  intake_->submit(std::move(bad), [&](Outcome given) { outcome.set_value(std::move(given)); });
  EXPECT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_process(1), 1)));
  const Outcome refused = outcome.get_future().get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.message, "the block of records is bad: a JSON value is no JSON");
  EXPECT_EQ(refused.error().retry_after_seconds, 0);
}

/// The rows of the network event that say what started the connection.
std::string command_line_sql() {
  return "SELECT countIf(InitiatingProcessCommandLine != '') FROM DeviceNetworkEvents";
}

TEST_F(Live, ProcessFactsOutliveTheProgram) {
  open();
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_process(1), 1)));
  intake_.reset();
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/processes/" + enrich::new_device_id("ws01")));
  open();
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_network(1), 2)));
  EXPECT_EQ(ask(command_line_sql()), "1\n");
}

TEST_F(Live, AStartThatComesLateIsRepairedAndTheDeviceIsShown) {
  open();
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_network(1), 2)));
  EXPECT_EQ(ask(command_line_sql()), "0\n");
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_process(1), 1)));
  const auto kept = intake_->upkeep();
  ASSERT_TRUE(kept) << kept.error().to_string();
  EXPECT_EQ(ask(command_line_sql()), "1\n");
  EXPECT_EQ(ask("SELECT DISTINCT DeviceName FROM DeviceInfo"), "ws01.corp.example\n");
  const auto device = state_->devices().get(enrich::new_device_id("ws01"));
  ASSERT_TRUE(device && *device);
  EXPECT_GT((*device)->last_seen, 0);
  EXPECT_EQ(intake_->counters().upkeep_failure, "");
}

TEST_F(Live, ANewDeviceIsListedWhenItsFirstRecordIsAcknowledged) {
  open();
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_process(1), 1)));
  EXPECT_EQ(ask("SELECT DeviceName FROM DeviceInfo"), "ws01.corp.example\n");
  const auto device = state_->devices().get(enrich::new_device_id("ws01"));
  ASSERT_TRUE(device && *device);
  EXPECT_GT((*device)->last_seen, 0);
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_process(2), 2)));
  EXPECT_EQ(ask("SELECT count() FROM DeviceInfo"), "1\n") << "once; the rest is upkeep's";
}

TEST_F(Live, ARequestOfManyDevicesIsLookedUpOnce) {
  open();
  constexpr std::uint64_t kDevices = 300;
  const auto request = [](std::uint64_t shift) {
    Submission submission(Reporter::for_all_devices("collector"));
    for (std::uint64_t device = 1; device <= kDevices; ++device) {
      evtx::WriteEvent event = evtx::fixtures::sysmon_process(device);
      event.computer = "host" + std::to_string(device) + ".corp.example";
      // Some are late, each on a day of its own.
      event.time -= device % 10 == 0 ? static_cast<Ticks>(device) * kTicksPerDay : 0;
      event.time += static_cast<Ticks>(shift);
      with_record(event, device,
                  [&](const event::Record& record) { ASSERT_TRUE(submission.add(record)); });
    }
    return submission;
  };
  const auto selects = [&] {
    return parse_int(
               trim_blanks(ask("SELECT value FROM system.events WHERE event = 'SelectQuery'")))
        .value_or(0);
  };
  const auto first = intake_->submit(request(0));
  ASSERT_TRUE(first) << first.error().error.to_string();
  EXPECT_EQ(first->stored, kDevices);
  EXPECT_EQ(ask("SELECT uniqExact(DeviceName) FROM DeviceInfo"), "300\n");
  const std::int64_t before = selects();
  const auto again = intake_->submit(request(0));
  ASSERT_TRUE(again) << again.error().error.to_string();
  EXPECT_EQ(again->duplicates, kDevices);
  EXPECT_EQ(again->stored, 0U);
  // The question before, the look-up, and what the writer asks of the batch.
  EXPECT_LE(selects() - before, 4);
  const auto newer = intake_->submit(request(kTicksPerSecond));
  ASSERT_TRUE(newer) << newer.error().error.to_string();
  EXPECT_EQ(newer->stored, kDevices);
}

TEST_F(Live, TheJournalGivesBackWhatWasNotSaved) {
  open();
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_process(1), 1)));
  // What a killed process leaves: the journal, and no file of facts.
  const std::string journal = folder_ + "/processes/journal.1";
  ASSERT_GT(std::filesystem::file_size(journal), 0u);
  std::filesystem::copy_file(journal, folder_ + "/saved");
  intake_.reset();
  EXPECT_FALSE(std::filesystem::exists(journal)) << "a saved journal is removed";
  std::filesystem::remove_all(folder_ + "/processes");
  std::filesystem::create_directory(folder_ + "/processes");
  std::filesystem::copy_file(folder_ + "/saved", journal);
  std::ofstream(journal, std::ios::app) << "cut off";
  open();
  ASSERT_TRUE(intake_->submit(of(evtx::fixtures::sysmon_network(1), 2)));
  EXPECT_EQ(ask(command_line_sql()), "1\n");
  EXPECT_EQ(ask("SELECT count() FROM DeviceSourceRecords"), "2\n");
}

constexpr std::uint64_t kRecordsARequest = 50;

Submission request_from(std::uint64_t first) {
  Submission submission(Reporter::for_all_devices("collector"));
  evtx::Writer writer;
  for (std::uint64_t number = first; number < first + kRecordsARequest; ++number) {
    evtx::WriteEvent event = evtx::fixtures::sysmon_process(number);
    event.record_id = number;
    EXPECT_TRUE(writer.add(event));
  }
  const std::string log = writer.finish();
  evtx::read(
      evtx::Source::from_bytes("live", log),
      [&](const event::Record& record) { EXPECT_TRUE(submission.add(record)); },
      [](const evtx::Problem& problem) { ADD_FAILURE() << problem.reason; });
  return submission;
}

/// Not a test of its own: the process that KilledIntakesLoseAndDoubleNothing kills.
TEST(Intake, DISABLED_RunsUntilItIsKilled) {
  const char* folder = std::getenv(kFolderVariable);
  ASSERT_NE(folder, nullptr);
  const std::string log_path = std::string(folder) + "/acknowledged";
  std::uint64_t done = 0;
  std::ifstream before(log_path);
  for (std::string line; std::getline(before, line);) {
    if (line.starts_with("ack ")) {
      done = static_cast<std::uint64_t>(*parse_int(std::string_view(line).substr(4)));
    }
  }
  auto worker = store::WorkerProcess::start(folder);
  ASSERT_TRUE(worker) << worker.error().to_string();
  const store::Client client((*worker)->endpoint());
  store::Appender appender(client, [&] { return (*worker)->wait_until_ready(); });
  auto state = state::State::open(std::string(folder) + "/state.sqlite");
  ASSERT_TRUE(state) << state.error().to_string();
  IntakeOptions options;
  options.commit_milliseconds = 5;
  options.upkeep_seconds = 1;
  auto intake =
      LiveIntake::open({**state, client, appender, std::string(folder) + "/processes"}, options);
  ASSERT_TRUE(intake) << intake.error().to_string();
  std::ofstream log(log_path, std::ios::app);
  while (true) {
    log << "begin " << done << std::endl;
    const auto outcome = (*intake)->submit(request_from(done + 1));
    ASSERT_TRUE(outcome) << outcome.error().error.to_string();
    done += kRecordsARequest;
    log << "ack " << done << std::endl;
  }
}

TEST_F(Live, KilledIntakesLoseAndDoubleNothing) {
  constexpr int kKills = 25;
  appender_.reset();
  state_.reset();
  worker_.reset();
  ::setenv(kFolderVariable, folder_.c_str(), 1);
  const std::string log_path = folder_ + "/acknowledged";
  const auto lines_of_log = [&] {
    std::vector<std::string> lines;
    std::ifstream file(log_path);
    for (std::string line; std::getline(file, line);) {
      lines.push_back(line);
    }
    return lines;
  };
  std::mt19937 random(5);
  int in_flight = 0;
  for (int kills = 0; kills < kKills; ++kills) {
    std::string program = "/proc/self/exe";
    std::string filter = "--gtest_filter=Intake.DISABLED_RunsUntilItIsKilled";
    std::string also = "--gtest_also_run_disabled_tests";
    char* words[] = {program.data(), filter.data(), also.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, (folder_ + "/intake.log").c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    pid_t child = 0;
    ASSERT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, words, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    const std::size_t before = lines_of_log().size();
    int status = 0;
    while (lines_of_log().size() < before + 2) {
      ASSERT_EQ(::waitpid(child, &status, WNOHANG), 0) << "the intake ended by itself: " << folder_;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution(1, 120)(random)));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    in_flight += lines_of_log().back().starts_with("begin ") ? 1 : 0;
  }
  EXPECT_GE(in_flight, kKills / 4) << "most kills met no request";

  auto worker = store::WorkerProcess::start(folder_);
  ASSERT_TRUE(worker) << worker.error().to_string();
  worker_ = *std::move(worker);
  client_ = std::make_unique<store::Client>(worker_->endpoint());
  connect();
  open();
  std::uint64_t acknowledged = 0;
  for (const std::string& line : lines_of_log()) {
    if (line.starts_with("ack ")) {
      acknowledged = static_cast<std::uint64_t>(*parse_int(std::string_view(line).substr(4)));
    }
  }
  EXPECT_GE(acknowledged, kRecordsARequest * kKills);
  // The request that was in flight is sent again, as its sender would.
  const auto retried = intake_->submit(request_from(acknowledged + 1));
  ASSERT_TRUE(retried);
  EXPECT_EQ(retried->stored + retried->duplicates, kRecordsARequest);
  const std::string total = std::to_string(acknowledged + kRecordsARequest);
  EXPECT_EQ(ask("SELECT count(), uniqExact(EventId), min(RecordNumber), max(RecordNumber) FROM "
                "DeviceSourceRecords"),
            total + "\t" + total + "\t1\t" + total + "\n");
  EXPECT_EQ(ask("SELECT count(), uniqExact(EventId) FROM DeviceProcessEvents"),
            total + "\t" + total + "\n");
  // The last process that was acknowledged is known, whatever was saved of it.
  evtx::WriteEvent network = evtx::fixtures::sysmon_network(acknowledged);
  const evtx::WriteEvent process = evtx::fixtures::sysmon_process(acknowledged);
  network.data[2] = process.data[2];
  network.data[3] = process.data[3];
  ASSERT_EQ(network.data[2].first, "ProcessGuid");
  ASSERT_TRUE(intake_->submit(of(network, 1'000'000)));
  EXPECT_EQ(ask(command_line_sql()), "1\n");
}

}  // namespace
}  // namespace spoor::pipeline

int main(int argc, char** argv) {
  spoor::ingest::sandbox::run_if_child(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
