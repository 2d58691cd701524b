// Collections as they are handed over: every readable file in them, under its device.

#include "ingest/formats/read_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "ingest/input/input_file.h"
#include "ingest/input/input_walker.h"

namespace spoor::ingest {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

struct Seen {
  std::vector<std::string> files, unread, problems;
  std::set<std::string> computers;
  std::size_t records = 0;
};

Seen read(const std::string& path) {
  Seen seen;
  const RecordSink sink{
      .on_record =
          [&](const event::Record& record) {
            ++seen.records;
            seen.computers.emplace(record.computer);
          },
      .on_problem = [&](const Error& error) { seen.problems.push_back(error.to_string()); },
      .on_unread = [&](std::string_view unread) { seen.unread.emplace_back(unread); },
      .on_file = [&](std::string_view file, std::uint64_t) { seen.files.emplace_back(file); },
      .on_progress = {}};
  InputWalker walker({path});
  const auto walked =
      walker.for_each([&](InputFile& file) { read_records(file, sink); },
                      [&](const Error& error) { seen.problems.push_back(error.to_string()); });
  EXPECT_TRUE(walked);
  return seen;
}

TEST(ReadRecords, ATriageCollectionIsReadAsItIs) {
  const Seen seen = read(SPOOR_SOURCE_DIR "/tests/fuzz/input/velociraptor.zip");
  EXPECT_THAT(seen.problems, IsEmpty());
  EXPECT_THAT(seen.files, ElementsAre(EndsWith("Logs/Microsoft-Windows-Sysmon%254Operational.evtx"),
                                      EndsWith("results/Windows.EventLogs.Evtx.json"),
                                      EndsWith("uploads/ws02.zip!C/Windows/System32/winevt/Logs/"
                                               "System.xml")));
  EXPECT_THAT(seen.unread, ElementsAre(EndsWith("config/SAM"), EndsWith("%24MFT"),
                                       EndsWith("results/Windows.System.Pslist.json")));
  EXPECT_GT(seen.records, 2u);
  EXPECT_TRUE(seen.computers.contains("ws01"));
  EXPECT_TRUE(seen.computers.contains("ws02"));
}

}  // namespace
}  // namespace spoor::ingest
