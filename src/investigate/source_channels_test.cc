// Channels of the story that investigate_fixture.h tells: the workstation's Security and Sysmon.

#include "investigate/source_channels.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "investigate/investigate_fixture.h"

namespace spoor::investigate {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const std::string kSender(40, 'f');
const Ticks kNoon = *parse_iso_ticks("2026-03-02T12:00:00Z");

class SourceChannelsTest : public StoryTest {
 protected:
  void SetUp() override {
    StoryTest::SetUp();
    if (!IsSkipped() && !std::exchange(is_filled_, true)) {
      fill();
    }
  }

  static DeviceKey sender() { return *device_key({}, kSender); }

 private:
  static void add_record(event::Rows& rows, std::int64_t id, Ticks time, std::string_view channel,
                         std::int64_t event_id, std::int64_t mapping) {
    namespace c = schema::device_source_records;
    event::Batch& record = rows[schema::TableId::kDeviceSourceRecords];
    record.begin_row();
    record.set_number(c::kTimestamp, time);
    record.set_text(c::kDeviceId, kSender);
    record.set_text(c::kDeviceName, "SENDER");
    record.set_text(c::kSourceKind, "evtx");
    record.set_text(c::kChannel, channel);
    record.set_text(c::kProvider, "Maker");
    record.set_number(c::kSourceEventId, event_id);
    record.set_number(c::kEventId, id);
    record.set_number(c::kMappingVersion, mapping);
    record.set_number(c::kTimeIsAbsurd, 0);
  }

  static void fill() {
    namespace cov = schema::device_coverage;
    event::Rows rows;
    add_record(rows, 7001, kNoon, "Application", 1, 2);
    add_record(rows, 7002, kNoon + kTicksPerHour / 2, "Application", 1, 2);
    add_record(rows, 7003, kNoon + 3 * kTicksPerHour, "Application", 9, 0);
    add_record(rows, 7004, kNoon + 2 * kTicksPerDay, "Application", 9, 0);
    add_record(rows, 7005, kNoon, "", 5, 0);
    event::Batch& mark = rows[schema::TableId::kDeviceCoverage];
    mark.begin_row();
    mark.set_number(cov::kTimestamp, kNoon);
    mark.set_text(cov::kDeviceId, kSender);
    mark.set_text(cov::kKind, "log_cleared");
    mark.set_text(cov::kSource, "Application");
    mark.set_text(cov::kDetail, "cleared by somebody");
    mark.set_number(cov::kEventId, 7001);
    store(rows);
  }

  static inline bool is_filled_ = false;
};

TEST_F(SourceChannelsTest, TellSpansAndWhatNoMappingKnows) {
  ChannelRequest request;
  request.device = sender();
  const auto page = source_channels(views(), request);
  ASSERT_TRUE(page) << page.error().to_string();
  ASSERT_THAT(page->channels, SizeIs(2));
  const SourceChannel& application = page->channels[0];
  EXPECT_EQ(application.device_name, "SENDER");
  EXPECT_EQ(application.channel, "Application");
  EXPECT_EQ(application.records, 4);
  EXPECT_EQ(application.unmapped, 2);
  EXPECT_EQ(application.event_ids, 2);
  EXPECT_EQ(application.days, 2);
  EXPECT_EQ(application.first, kNoon);
  EXPECT_EQ(application.last, kNoon + 2 * kTicksPerDay);
  EXPECT_EQ(page->channels[1].channel, "evtx") << "a source without channels goes by its kind";
  EXPECT_EQ(page->next, "");
}

TEST_F(SourceChannelsTest, PagesHoldEachChannelOnce) {
  for (const ChannelOrder order :
       {ChannelOrder::kRecords, ChannelOrder::kUnmapped, ChannelOrder::kLast}) {
    ChannelRequest request;
    request.order = order;
    const auto whole = source_channels(views(), request);
    ASSERT_TRUE(whole) << whole.error().to_string();
    request.rows = 1;
    std::vector<std::string> one_by_one;
    do {
      const auto page = source_channels(views(), request);
      ASSERT_TRUE(page) << page.error().to_string();
      ASSERT_THAT(page->channels, SizeIs(1));
      one_by_one.push_back(page->channels[0].device_id + page->channels[0].channel);
      request.cursor = page->next;
    } while (!request.cursor.empty());
    ASSERT_EQ(one_by_one.size(), whole->channels.size());
    for (std::size_t i = 0; i < one_by_one.size(); ++i) {
      EXPECT_EQ(one_by_one[i], whole->channels[i].device_id + whole->channels[i].channel);
    }
  }
}

TEST_F(SourceChannelsTest, ADamagedCursorIsRefused) {
  ChannelRequest request;
  for (const char* cursor : {"[", "[1]", R"([1,"a","b"])", R"(["1","a","b","c"])"}) {
    request.cursor = cursor;
    const auto page = source_channels(views(), request);
    ASSERT_FALSE(page) << cursor;
    EXPECT_EQ(page.error().code, ErrorCode::kInvalidInput);
  }
}

TEST_F(SourceChannelsTest, OthersDevicesAreNotTold) {
  const kql::AccessScope scope{.all = false, .device_ids_or_groups = {kSender}};
  const auto page = source_channels(views(scope), {});
  ASSERT_TRUE(page) << page.error().to_string();
  EXPECT_THAT(page->channels, SizeIs(2));
  EXPECT_TRUE(std::ranges::all_of(
      page->channels, [](const SourceChannel& channel) { return channel.device_id == kSender; }));
  const kql::AccessScope other{.all = false, .device_ids_or_groups = {kWorkstation}};
  EXPECT_EQ(source_channel(views(other), sender(), "Application").error().code,
            ErrorCode::kNotFound);
}

TEST_F(SourceChannelsTest, OneChannelTellsItsEventsDaysPausesAndMarks) {
  const auto report = source_channel(views(), sender(), "Application");
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_EQ(report->channel.records, 4);
  EXPECT_EQ(report->channel.unmapped, 2);
  ASSERT_THAT(report->events, SizeIs(2));
  EXPECT_EQ(report->events[0].source_event_id, 1);
  EXPECT_EQ(report->events[0].mapping_version, 2);
  EXPECT_EQ(report->events[1].source_event_id, 9);
  EXPECT_EQ(report->events[1].mapping_version, 0);
  EXPECT_EQ(report->events[1].sample, 7004) << "its newest record";
  EXPECT_EQ(report->more_events, 0);
  ASSERT_THAT(report->days, SizeIs(2));
  EXPECT_EQ(report->days[0].records, 3);
  EXPECT_EQ(report->days[1].records, 1);
  ASSERT_THAT(report->pauses, SizeIs(2)) << "half an hour is none";
  EXPECT_EQ(report->pauses[0].from, kNoon + 3 * kTicksPerHour) << "the longest first";
  EXPECT_EQ(report->pauses[0].to, kNoon + 2 * kTicksPerDay);
  EXPECT_EQ(report->pauses[1].from, kNoon + kTicksPerHour / 2);
  ASSERT_THAT(report->marks, SizeIs(1));
  EXPECT_EQ(report->marks[0].kind, "log_cleared");
  EXPECT_THAT(source_channel(views(), sender(), "evtx")->pauses, IsEmpty());
}

TEST_F(SourceChannelsTest, AChannelWithoutARecordIsNotFound) {
  const auto report = source_channel(views(), sender(), "Setup");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, "the device has no record of the channel Setup");
}

}  // namespace
}  // namespace spoor::investigate
