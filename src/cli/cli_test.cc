// The commands as a user runs them: the built programs on logs that our own writer made.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "cli/run_program.h"

namespace {

namespace fs = std::filesystem;

const std::string kSpoor = SPOOR_BINARY_DIR "/bin/spoor";

using spoor::cli::Outcome;

Outcome run(const std::string& command) { return spoor::cli::run_program(command); }

std::int64_t number_of(const std::string& json, const std::string& key) {
  const std::size_t at = json.rfind("\"" + key + "\":");
  return at == std::string::npos ? -1 : std::stoll(json.substr(at + key.size() + 3));
}

class Cli : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(SPOOR_BINARY_DIR "/bin/spoor-store")) {
      GTEST_SKIP() << "spoor-store is not built: the telemetry engine's package is not installed";
    }
    char pattern[] = "/tmp/spoor-cli-XXXXXX";
    folder_ = mkdtemp(pattern);
    samples_ = folder_ / "samples";
    ASSERT_EQ(run(kSpoor + " admin sample " + samples_.string()).exit_code, 0);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string data(const std::string& name = "data") const {
    return " --data " + (folder_ / name).string() + " ";
  }
  Outcome import(const std::string& paths, const std::string& name = "data") const {
    return run(kSpoor + " import --json" + data(name) + paths);
  }
  Outcome query(const std::string& kql, const std::string& name = "data") const {
    return run(kSpoor + " query --format csv" + data(name) + "'" + kql + "'");
  }

  fs::path folder_;
  fs::path samples_;
};

TEST_F(Cli, ImportsOnceAndAnswers) {
  const Outcome first = import(samples_.string());
  ASSERT_EQ(first.exit_code, 0) << first.out;
  const std::int64_t records = number_of(first.out, "records");
  EXPECT_GT(records, 20);
  EXPECT_EQ(number_of(first.out, "duplicates"), 0);
  EXPECT_EQ(query("DeviceSourceRecords | count").out, "Count\n" + std::to_string(records) + "\n");

  const Outcome again = import(samples_.string());
  EXPECT_EQ(number_of(again.out, "duplicates"), records) << again.out;
  EXPECT_EQ(number_of(again.out, "rows"), 0);
  EXPECT_EQ(query("DeviceSourceRecords | count").out, "Count\n" + std::to_string(records) + "\n");

  EXPECT_EQ(
      query("DeviceProcessEvents | where ProcessCommandLine has \"whoami\" | distinct FileName")
          .out,
      "FileName\nwhoami.exe\n");
}

TEST_F(Cli, AnArchiveOfTheSameLogsAddsNothing) {
  const Outcome first = import(samples_.string());
  ASSERT_EQ(
      run("tar -C " + folder_.string() + " -czf " + (folder_ / "copy.tar.gz").string() + " samples")
          .exit_code,
      0);
  const Outcome archive = import((folder_ / "copy.tar.gz").string());
  ASSERT_EQ(archive.exit_code, 0) << archive.out;
  EXPECT_EQ(number_of(archive.out, "duplicates"), number_of(first.out, "records"));
}

TEST_F(Cli, TheOrderOfFilesDoesNotChangeTheTree) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(samples_)) {
    files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  ASSERT_GE(files.size(), 3u);
  std::string expected;
  std::mt19937 random(7);
  for (int round = 0; round < 3; ++round) {
    const std::string name = "data" + std::to_string(round);
    for (const std::string& file : files) {
      ASSERT_EQ(import(file, name).exit_code, 0);
    }
    const Outcome tree = run(kSpoor + " device tree --format json" + data(name) + "WS01");
    ASSERT_EQ(tree.exit_code, 0) << tree.out;
    EXPECT_NE(tree.out.find("powershell.exe"), std::string::npos);
    if (round == 0) {
      expected = tree.out;
    } else {
      EXPECT_EQ(tree.out, expected);
    }
    std::ranges::shuffle(files, random);
  }
}

TEST_F(Cli, SysmonAndSecurityTellOfOneProcess) {
  ASSERT_EQ(import(samples_.string()).exit_code, 0);
  // whoami.exe was started once and is told of by both logs.
  EXPECT_EQ(query("DeviceProcessEvents | where FileName == \"whoami.exe\" and ActionType == "
                  "\"ProcessCreated\" "
                  "| summarize Rows = count(), Processes = dcount(ProcessKey)")
                .out,
            "Rows,Processes\n2,1\n");
}

TEST_F(Cli, NamesOfOneComputerAreOneDevice) {
  ASSERT_EQ(import(samples_.string()).exit_code, 0);
  // The samples name the workstation WS01 in one log and WS01.corp.example in the others.
  EXPECT_EQ(query("DeviceSourceRecords | where DeviceName startswith \"WS01\" | summarize "
                  "dcount(DeviceId), dcount(tolower(DeviceName))")
                .out,
            "dcount_DeviceId,dcount_\n1,2\n");
  const Outcome list = run(kSpoor + " device list --format ndjson" + data());
  EXPECT_EQ(std::ranges::count(list.out, '\n'), 2) << list.out;
}

TEST_F(Cli, ShowTellsOfADeviceByIdOrName) {
  ASSERT_EQ(import(samples_.string()).exit_code, 0);
  const std::string show = kSpoor + " device show --format csv" + data();
  const Outcome by_name = run(show + "ws01");
  EXPECT_TRUE(by_name.out.starts_with(
      "Property,Value\nDeviceName,ws01.corp.example\nOSPlatform,\nSourceRecords,17 from "
      "2026-03-02T09:00:01.0000000Z to 2026-03-02T09:00:52.0040000Z\nDeviceEvents,4 from "))
      << by_name.out;
  EXPECT_EQ(run(show + "WS01.corp.example").out, by_name.out);
  const Outcome unknown = run(show + "ws0 2>&1");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.out,
            "spoor: no device has the id or name 'ws0' (spoor device list shows them)\n");
}

TEST_F(Cli, TimelinePagesMeetWithoutGapOrOverlap) {
  ASSERT_EQ(import(samples_.string()).exit_code, 0);
  const std::string base = kSpoor + " device timeline --format ndjson" + data();
  const Outcome whole = run(base + "--rows 1000 WS01");
  ASSERT_EQ(whole.exit_code, 0);
  std::string joined;
  std::string before;
  for (int page = 0; page < 100; ++page) {
    const Outcome part =
        run(base + "--rows 7 " + (before.empty() ? "" : "--before " + before + " ") + "WS01");
    ASSERT_EQ(part.exit_code, 0);
    if (part.out.empty()) {
      break;
    }
    joined += part.out;
    const std::size_t last = part.out.rfind("\"Cursor\":\"");
    ASSERT_NE(last, std::string::npos) << part.out;
    before = part.out.substr(last + 10, part.out.find('"', last + 10) - last - 10);
  }
  EXPECT_EQ(joined, whole.out);
}

TEST_F(Cli, PurgeOfAJobTakesItsRowsAndNoOthers) {
  const Outcome first = import((samples_ / "WS01-Security.evtx").string());
  const Outcome second = import(samples_.string());
  const std::size_t at = second.out.find("\"job\":\"") + 7;
  const std::string job = second.out.substr(at, second.out.find('"', at) - at);
  ASSERT_EQ(run(kSpoor + " admin purge" + data() + "--job " + job).exit_code, 0);
  EXPECT_EQ(query("DeviceSourceRecords | count").out,
            "Count\n" + std::to_string(number_of(first.out, "records")) + "\n");
  EXPECT_EQ(run(kSpoor + " admin store check" + data()).exit_code, 0);
  EXPECT_EQ(run(kSpoor + " admin purge" + data() + "--job nosuchjob").exit_code, 1);
}

TEST_F(Cli, BatchAnswersEachLineAndGoesOnAfterErrors) {
  std::ofstream(folder_ / "batch.jsonl")
      << R"({"id":"a","query":"print x = 9007199254740993, s = \"t\""})"
         "\n"
      << R"({"id":"b","query":"DeviceProcessEvents | where NoSuch == 1"})"
         "\n"
      << R"({"id":"c","query":"range n from 1 to 5 step 1"})"
         "\n";
  const Outcome outcome =
      run(kSpoor + " query --tables empty --rows 2 --batch " + (folder_ / "batch.jsonl").string());
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_NE(
      outcome.out.find(
          R"({"id":"a","ok":true,"columns":[{"name":"x","type":"long"},{"name":"s","type":"string"}],"rows":[["9007199254740993","t"]])"),
      std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find(R"("id":"b","ok":false)"), std::string::npos);
  EXPECT_NE(outcome.out.find(R"("line":1,"column":29)"), std::string::npos);
  EXPECT_NE(outcome.out.find(R"("rows":[[1],[2]])"), std::string::npos);
  EXPECT_NE(outcome.out.find(R"("truncated":true)"), std::string::npos);
}

TEST_F(Cli, WhatCannotBeReadIsNamedAndFails) {
  ASSERT_EQ(import(samples_.string()).exit_code, 0);
  std::ofstream(folder_ / "not.evtx") << "plain text";
  const Outcome nothing = import((folder_ / "not.evtx").string());
  EXPECT_EQ(nothing.exit_code, 1) << "nothing could be read";
  EXPECT_NE(nothing.out.find("not.evtx"), std::string::npos);
}

TEST_F(Cli, RecordsAreNdjson) {
  const Outcome records = run(kSpoor + " records " + samples_.string());
  ASSERT_EQ(records.exit_code, 0);
  EXPECT_NE(records.out.find(R"("channel":"Microsoft-Windows-Sysmon/Operational")"),
            std::string::npos);
  EXPECT_NE(records.out.find(R"("event_id":4688)"), std::string::npos);
  for (std::size_t at = 0; at < records.out.size();) {
    const std::size_t end = records.out.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_EQ(records.out[at], '{');
    EXPECT_EQ(records.out[end - 1], '}');
    at = end + 1;
  }
}

}  // namespace
