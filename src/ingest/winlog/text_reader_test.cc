// Texts that hold several forms, and texts that are broken.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "ingest/winlog/event_time.h"
#include "ingest/winlog/text_for_test.h"

namespace spoor::winlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::Told;
using testing::told_by;

std::string flat(int record, std::string_view second = "00") {
  return R"({"TimeCreated":"2026-03-01T10:00:)" + std::string(second) +
         R"(Z","Hostname":"ws01","EventID":1,"Channel":"C","SourceName":"P","RecordNumber":)" +
         std::to_string(record) + "}";
}

std::string xml(int record) {
  return "<Event><System><Provider Name='P'/><EventID>1</EventID>"
         "<TimeCreated SystemTime='2026-03-01T10:00:00.5Z'/><EventRecordID>" +
         std::to_string(record) +
         "</EventRecordID><Channel>C</Channel><Computer>ws01</Computer></System></Event>";
}

std::string block(int record) {
  return "03/01/2026 10:00:00 AM\nLogName=C\nEventCode=1\nComputerName=ws01\nSourceName=P\n"
         "RecordNumber=" +
         std::to_string(record) + "\nMessage=Text\n{ that looks\n<like> another\n";
}

/// Every form behind every other.
std::string mixed() {
  return flat(1) + "\n" + xml(2) + "\n[" + flat(3) + ",\n" + flat(4) + "]\n" + "Record 5\n{\n  " +
         flat(5).substr(1) + "\nMar 1 ws01 log: " + xml(6) + "\nprefix " + flat(7) + "\n" +
         block(8) + block(9);
}

TEST(MixedText, EachLineIsReadInItsForm) {
  const Told told = told_by(mixed());
  EXPECT_THAT(told.problems, IsEmpty());
  ASSERT_EQ(told.records.size(), 9u);
  std::set<std::int64_t> ids(told.ids.begin(), told.ids.end());
  EXPECT_EQ(ids.size(), 9u);
}

TEST(MixedText, DoesNotDependOnHowItIsCut) {
  const std::string text = "garbage\n{\"broken\n" + mixed();
  const Told whole = told_by(text);
  for (const std::size_t step : {1, 2, 7, 64, 333}) {
    const Told cut = told_by(text, step);
    EXPECT_EQ(cut.records, whole.records) << step;
    EXPECT_EQ(cut.problems, whole.problems) << step;
  }
}

TEST(MixedText, Utf16OfEitherOrder) {
  const std::string text = flat(1) + "\r\n" + xml(2) + "\r\n";
  const std::string little = to_utf16le(text);
  std::string big = little;
  for (std::size_t at = 0; at + 1 < big.size(); at += 2) {
    std::swap(big[at], big[at + 1]);
  }
  for (const std::size_t step : {1, 3, 1000}) {
    EXPECT_EQ(told_by("\xff\xfe" + little, step).ids, told_by(text).ids);
    EXPECT_EQ(told_by("\xfe\xff" + big, step).ids, told_by(text).ids);
  }
}

TEST(MixedText, ABrokenLineDoesNotTakeItsNeighbours) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"TimeCreated":"2026)", "the text ends inside a string"},
      {R"({"a":[1,2)", "the text ends before the document does"},
      {R"({"a":nope})", "is not a JSON value"},
      {"}}]] what", "the line is of no form that is known"},
      {"a,b,c", "the line is of no form that is known"},
      {R"({"some":"thing","else":1})", "the line is of no form that is known"},
      {R"({"EventID":1,"Channel":"C","TimeCreated":"soon"})",
       "the event states no time that can be read"},
      {R"({"TimeGenerated":"2026-03-01T10:00:00Z","Computer":"a","EventID":1,"Channel":"C",)"
       R"("EventData":"<EventData><Data"})",
       "is no XML"},
  };
  for (const auto& [line, reason] : cases) {
    const std::string before = flat(1) + "\n";
    const Told told = told_by(before + line + "\n" + flat(2) + "\n");
    EXPECT_EQ(told.records.size(), 2u) << line;
    EXPECT_THAT(told.problems, ElementsAre(HasSubstr(reason))) << line;
    EXPECT_THAT(told.problems[0], StartsWith("in:2")) << line;
  }
}

TEST(MixedText, AQuoteThatIsNotClosedCostsOneRow) {
  const std::string head = "Timestamp,DeviceName,ActionType,FileName,ReportId\n";
  const auto row = [](int report) {
    return "2026-03-01T10:00:00Z,ws01,FileCreated,a.txt," + std::to_string(report) + "\n";
  };
  const Told told =
      told_by(head + row(1) + "2026-03-01T10:00:00Z,ws01,\"File,b,2\n" + row(3) + row(4));
  EXPECT_EQ(told.records.size(), 3u);
  EXPECT_THAT(told.problems, ElementsAre(HasSubstr("a quote is opened and not closed")));
  EXPECT_THAT(told.problems[0], StartsWith("in:3"));
}

TEST(MixedText, NamesThatWouldMultiplyAreRefused) {
  TextLimits limits;
  limits.event_bytes = 20'000;
  std::string inner;
  for (int at = 0; at < 100; ++at) {
    inner += (at == 0 ? "\"" : ",\"") + std::to_string(at) + "\":{\"a\":1}";
  }
  const std::string head =
      R"({"Event":{"System":{"EventID":1,"Channel":"C","TimeCreated":{"SystemTime":"2026-03-01T10:00:00Z"}},)";
  const Told told = told_by(
      head + R"("EventData":{")" + std::string(10'000, 'n') + "\":{" + inner + "}}}}\n" + flat(1),
      1000, limits);
  EXPECT_EQ(told.records.size(), 1u);
  EXPECT_THAT(told.problems,
              ElementsAre(HasSubstr("the names of the event's fields are too long")));
}

TEST(MixedText, BytesThatAreNoTextAreMarked) {
  const Told told = told_by(
      "Timestamp,DeviceName,ActionType,FileName,ReportId\n"
      "2026-03-01T10:00:00Z,ws01,FileCreated,caf\xe9.txt,1\n");
  ASSERT_EQ(told.data.size(), 1u);
  EXPECT_TRUE(is_valid_utf8(told.data[0]));
  EXPECT_THAT(told.data[0], HasSubstr("caf\xef\xbf\xbd.txt"));
}

TEST(MixedText, WhatIsTooLargeIsRefused) {
  TextLimits limits;
  limits.event_bytes = 300;
  const std::string big = R"({"EventID":1,"x":")" + std::string(400, 'x') + "\"}";
  for (const std::size_t step : {1, 50, 10'000}) {
    const Told told =
        told_by(flat(1) + "\n" + big + "\n" + std::string(301, 'y') + "\n" + flat(2), step, limits);
    EXPECT_EQ(told.records.size(), 2u);
    EXPECT_THAT(told.problems, ElementsAre(HasSubstr("the line is longer than 300 bytes"),
                                           HasSubstr("the line is longer than 300 bytes")));
  }
}

TEST(MixedText, TheSameRecordInAnyOrderAndFormHasOneId) {
  // Two devices whose clocks differ, forms that cut the time, and an overlap.
  const Told told = told_by(xml(1) + "\n" + flat(2, "05") + "\n" + flat(1) + "\n" + xml(1) + "\n");
  ASSERT_EQ(told.ids.size(), 4u);
  EXPECT_EQ(told.ids[0], told.ids[2]) << "half a second that the other form does not tell";
  EXPECT_EQ(told.ids[0], told.ids[3]);
  EXPECT_NE(told.ids[0], told.ids[1]);
}

TEST(StatedTime, ReadsWhatFormsWrite) {
  const auto at = [](std::string_view text) {
    const auto time = parse_stated_time(text);
    return time ? format_ticks(time->ticks) + (time->has_zone ? "" : " local") : "none";
  };
  EXPECT_EQ(at("2026-03-01T10:00:00.1234567Z"), "2026-03-01T10:00:00.1234567Z");
  EXPECT_EQ(at("2026-03-01 10:00:00"), "2026-03-01T10:00:00.0000000Z local");
  EXPECT_EQ(at("2026-03-01 19:00:00 +0900"), "2026-03-01T10:00:00.0000000Z");
  EXPECT_EQ(at("2026-03-01 10:00:00.123 -01:30"), "2026-03-01T11:30:00.1230000Z");
  EXPECT_EQ(at("3/1/2026 1:02:03.5 PM"), "2026-03-01T13:02:03.5000000Z local");
  EXPECT_EQ(at("3/1/2026 12:02 AM"), "2026-03-01T00:02:00.0000000Z local");
  EXPECT_EQ(at("/Date(1772359200123)/"), "2026-03-01T10:00:00.1230000Z");
  EXPECT_EQ(at("1772359200"), "2026-03-01T10:00:00.0000000Z");
  EXPECT_EQ(at("1772359200.25"), "2026-03-01T10:00:00.2500000Z");
  EXPECT_EQ(at("1772359200123456"), "2026-03-01T10:00:00.1234560Z");
  for (const std::string_view bad :
       {"", "soon", "13/41/2026 10:00:00", "3/1/2026 13:00 PM", "99999999999999999999999",
        "/Date()/", "2026-03-01T25:00:00"}) {
    EXPECT_EQ(at(bad), "none") << bad;
  }
}

TEST(StatedTime, TheEventsOwnTimeWins) {
  const StatedTime zoned{100 * kTicksPerDay, true};
  EventTimes times;
  EXPECT_FALSE(times.best());
  times.received_utc = StatedTime{zoned.ticks + 5 * kTicksPerHour + kTicksPerMinute, true};
  EXPECT_EQ(times.best(), times.received_utc->ticks) << "better than nothing";
  times.generated = StatedTime{zoned.ticks + 7, true};
  EXPECT_EQ(times.best(), zoned.ticks + 7);
  times.event = StatedTime{zoned.ticks, false};
  EXPECT_EQ(times.best(), zoned.ticks + 5 * kTicksPerHour) << "the receipt tells the zone";
  times.received_utc->ticks += 3 * kTicksPerDay;
  EXPECT_EQ(times.best(), zoned.ticks) << "no zone is days wide: UTC";
  times.own = StatedTime{zoned.ticks + 8, false};
  EXPECT_EQ(times.best(), zoned.ticks + 8);
  times.event->has_zone = true;
  EXPECT_EQ(times.best(), zoned.ticks);
  times.created = StatedTime{zoned.ticks + 9, true};
  EXPECT_EQ(times.best(), zoned.ticks + 9);
}

}  // namespace
}  // namespace spoor::winlog
