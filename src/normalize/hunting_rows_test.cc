#include "normalize/hunting_rows.h"

#include <gtest/gtest.h>

#include "normalize/normalizer.h"

namespace spoor::normalize {
namespace {

using event::Field;
using event::Record;
using event::Rows;
using event::Value;
using event::ValueKind;
using schema::TableId;

constexpr Ticks kTime = 1'700'000'000 * kTicksPerSecond;

Value text(std::string_view value) { return {ValueKind::kText, value, {}}; }
Value number(std::int64_t value, ValueKind kind = ValueKind::kInt) {
  Value result;
  result.kind = kind;
  result.number = value;
  return result;
}

Record row(std::string_view channel, std::span<const Field> data) {
  Record record;
  record.source_kind = "hunting";
  record.channel = channel;
  record.provider = "AdvancedHunting";
  record.computer = "WS01.corp.example";
  record.record_id = 12;
  record.time = kTime;
  record.data = data;
  return record;
}

class HuntingRowsTest : public testing::Test {
 protected:
  enrich::MemoryAliasStore aliases_;
  enrich::AliasDeviceResolver devices_{aliases_};
  enrich::ProcessTables processes_;
  Context context_{devices_, processes_, "job", "tester", 0, [] { return kTime + kTicksPerDay; }};
  Normalizer normalizer_{context_};
  Rows rows_;
};

const Field kCreated[] = {{"Timestamp", number(kTime, ValueKind::kTime)},
                          {"DeviceId", text("ffffffffffffffffffffffffffffffffffffffff")},
                          {"DeviceName", text("WS01.corp.example")},
                          {"ActionType", text("ProcessCreated")},
                          {"FileName", text("probe.exe")},
                          {"FolderPath", text("C:\\Tools\\probe.exe")},
                          {"SHA1", text("no hash")},
                          {"MD5", text("00112233445566778899AABBCCDDEEFF")},
                          {"ProcessId", number(500)},
                          {"ProcessCommandLine", text("probe.exe -x")},
                          {"ProcessCreationTime", text("2023-11-14T22:13:19Z")},
                          {"InitiatingProcessId", number(400)},
                          {"InitiatingProcessFileName", text("cmd.exe")},
                          {"InitiatingProcessAccountName", text("ann")},
                          {"ReportId", number(12)},
                          {"EventId", number(1)},
                          {"Unheard", text("of")}};

TEST_F(HuntingRowsTest, ARowKeepsItsColumnsAndBecomesTheDevices) {
  namespace c = schema::device_process_events;
  const Record record = row("AdvancedHunting-DeviceProcessEvents", kCreated);
  const Added added = normalizer_.add(record, rows_);
  EXPECT_TRUE(added.is_mapped);
  const event::Batch& batch = rows_[TableId::kDeviceProcessEvents];
  ASSERT_EQ(batch.rows(), 1u);
  EXPECT_EQ(batch.text_at(0, c::kFileName), "probe.exe");
  EXPECT_EQ(batch.text_at(0, c::kProcessCommandLine), "probe.exe -x");
  EXPECT_EQ(batch.number_at(0, c::kProcessId), 500);
  EXPECT_EQ(batch.number_at(0, c::kReportId), 12);
  EXPECT_EQ(batch.number_at(0, c::kEventId), added.event_id) << "not the row's own";
  EXPECT_TRUE(batch.is_absent(0, c::kSHA1));
  EXPECT_FALSE(batch.is_absent(0, c::kMD5));
  EXPECT_EQ(batch.text_at(0, c::kDeviceId), normalizer_.identify(record).device_id);
  EXPECT_EQ(batch.text_at(0, c::kDeviceName), "ws01.corp.example");
  EXPECT_NE(batch.number_at(0, c::kProcessKey), 0);
  EXPECT_NE(batch.number_at(0, c::kInitiatingProcessKey), 0);

  namespace t = schema::device_timeline;
  const event::Batch& timeline = rows_[TableId::kDeviceTimeline];
  ASSERT_EQ(timeline.rows(), 1u);
  EXPECT_EQ(timeline.text_at(0, t::kTable), "DeviceProcessEvents");
  EXPECT_EQ(timeline.text_at(0, t::kActor), "cmd.exe");
  EXPECT_EQ(timeline.text_at(0, t::kTitle), "probe.exe");
  EXPECT_EQ(timeline.number_at(0, t::kProcessKey), batch.number_at(0, c::kProcessKey));
  EXPECT_EQ(rows_[TableId::kDeviceSourceRecords].rows(), 1u);
}

const Field kAlert[] = {{"AlertId", text("a1")},
                        {"Title", text("Odd Probe")},
                        {"Severity", text("High")},
                        {"EntityType", text("Machine")}};

TEST_F(HuntingRowsTest, AFindingIsAnAlertWithItsEvidence) {
  normalizer_.add(row("AdvancedHunting-Alert", kAlert), rows_);
  ASSERT_EQ(rows_[TableId::kAlertInfo].rows(), 1u);
  EXPECT_EQ(rows_[TableId::kAlertInfo].text_at(0, schema::alert_info::kTitle), "Odd Probe");
  ASSERT_EQ(rows_[TableId::kAlertEvidence].rows(), 1u);
  EXPECT_EQ(rows_[TableId::kAlertEvidence].text_at(0, schema::alert_evidence::kDeviceName),
            "ws01.corp.example");
  EXPECT_EQ(rows_[TableId::kDeviceTimeline].rows(), 0u);
}

TEST_F(HuntingRowsTest, SpoorsOwnTablesTakeNoRowsOfOthers) {
  for (const char* channel : {"AdvancedHunting-DeviceTimeline", "AdvancedHunting-DeviceMarks",
                              "AdvancedHunting-NoSuchTable", "Security"}) {
    EXPECT_FALSE(normalizer_.add(row(channel, kAlert), rows_).is_mapped) << channel;
  }
  EXPECT_EQ(rows_[TableId::kDeviceSourceRecords].rows(), 4u);
  EXPECT_EQ(rows_[TableId::kDeviceTimeline].rows(), 0u);
}

}  // namespace
}  // namespace spoor::normalize
