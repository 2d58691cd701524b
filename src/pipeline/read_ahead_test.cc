#include "pipeline/read_ahead.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace spoor::pipeline {
namespace {

using testing::ElementsAre;

/// A record whose views end with the call, as a parser's do.
void hand_over(const RecordSink& sink, int number) {
  std::string file = fmt::format("file-{}", number);
  std::string name = fmt::format("Name{}", number);
  std::string value = std::string(static_cast<std::size_t>(number % 50), 'x') + "!";
  std::vector<event::Field> fields(2);
  fields[0].name = name;
  fields[0].value.kind = event::ValueKind::kText;
  fields[0].value.text = value;
  fields[1].name = "Number";
  fields[1].value.kind = event::ValueKind::kInt;
  fields[1].value.number = number;
  event::Record record;
  record.file = file;
  record.channel = "Security";
  record.record_id = static_cast<std::uint64_t>(number);
  record.data = fields;
  sink.on_record(record);
  std::ranges::fill(file, '?');
  std::ranges::fill(name, '?');
  std::ranges::fill(value, '?');
}

TEST(ReadAhead, TellsEverythingInTheOrderOfTheSource) {
  std::vector<std::string> told;
  const AheadSink sink{
      .on_record =
          [&](const event::Record& record, std::string_view) {
            told.push_back(fmt::format("record {}", record.record_id));
          },
      .on_problem = [&](const Error& error) { told.push_back("problem " + error.message); },
      .on_unread = [&](std::string_view path) { told.push_back(fmt::format("unread {}", path)); },
      .on_file =
          [&](std::string_view path, std::uint64_t bytes) {
            told.push_back(fmt::format("file {} {}", path, bytes));
          },
      .on_progress =
          [&](std::uint64_t done, std::uint64_t total) {
            told.push_back(fmt::format("progress {} {}", done, total));
          }};
  const auto read = read_ahead(
      [](const RecordSink& to, const std::stop_token&) -> Result<void> {
        to.on_progress(0, 9);
        to.on_file("a.evtx", 7);
        hand_over(to, 1);
        to.on_problem(Error::make(ErrorCode::kInvalidInput, "torn"));
        hand_over(to, 2);
        to.on_unread("b.txt");
        to.on_progress(9, 9);
        return {};
      },
      sink, {});
  EXPECT_TRUE(read);
  EXPECT_THAT(told, ElementsAre("progress 0 9", "file a.evtx 7", "record 1", "problem torn",
                                "record 2", "unread b.txt", "progress 9 9"));
}

TEST(ReadAhead, RecordsOfManyBlocksArriveWhole) {
  constexpr int kRecords = 20'000;
  const std::thread::id here = std::this_thread::get_id();
  int next = 0;
  AheadSink sink;
  sink.on_record = [&](const event::Record& record, std::string_view json) {
    ASSERT_EQ(std::this_thread::get_id(), here);
    ASSERT_EQ(record.record_id, static_cast<std::uint64_t>(next));
    ASSERT_EQ(record.file, fmt::format("file-{}", next));
    ASSERT_EQ(record.channel, "Security");
    ASSERT_EQ(record.data.size(), 2U);
    const std::string value = std::string(static_cast<std::size_t>(next % 50), 'x') + "!";
    ASSERT_EQ(record.data[0].name, fmt::format("Name{}", next));
    ASSERT_EQ(record.data[0].value.text, value);
    ASSERT_EQ(record.data[1].value.number, next);
    ASSERT_EQ(json, fmt::format(R"({{"Name{0}":"{1}","Number":{0}}})", next, value));
    ++next;
  };
  const auto read = read_ahead(
      [](const RecordSink& to, const std::stop_token&) -> Result<void> {
        for (int number = 0; number < kRecords; ++number) {
          hand_over(to, number);
        }
        return {};
      },
      sink, {});
  EXPECT_TRUE(read);
  EXPECT_EQ(next, kRecords);
}

TEST(ReadAhead, ATextLargerThanABlockIsKept) {
  const std::string large(9u << 20, 'l');
  std::size_t seen = 0;
  AheadSink sink;
  sink.on_record = [&](const event::Record& record, std::string_view) {
    seen += record.file == large ? 1 : 0;
  };
  EXPECT_TRUE(read_ahead(
      [&](const RecordSink& to, const std::stop_token&) -> Result<void> {
        event::Record record;
        record.file = large;
        for (int number = 0; number < 5; ++number) {
          to.on_record(record);
        }
        return {};
      },
      sink, {}));
  EXPECT_EQ(seen, 5U);
}

TEST(ReadAhead, ASourceThatIsAskedToStopEnds) {
  std::stop_source stop;
  std::size_t seen = 0;
  AheadSink sink;
  sink.on_record = [&](const event::Record&, std::string_view) {
    ++seen;
    stop.request_stop();
  };
  std::size_t handed_over = 0;
  const auto read = read_ahead(
      [&](const RecordSink& to, const std::stop_token& asked) -> Result<void> {
        while (!asked.stop_requested()) {
          hand_over(to, 1);
          ++handed_over;
        }
        return fail(ErrorCode::kCancelled, "asked to stop");
      },
      sink, stop.get_token());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(seen, handed_over);
}

}  // namespace
}  // namespace spoor::pipeline
