#include "normalize/normalizer.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "event/event_id.h"
#include "normalize/technique_tag.h"

namespace spoor::normalize {
namespace {

using event::Field;
using event::Record;
using event::Rows;
using event::Value;
using event::ValueKind;
using schema::TableId;

Value text(std::string_view value) { return {ValueKind::kText, value, {}}; }
Value number(std::int64_t value) {
  Value result;
  result.kind = ValueKind::kUInt;
  result.number = value;
  return result;
}

constexpr Ticks kTime = 1'700'000'000 * kTicksPerSecond;

Record sysmon(std::uint32_t event_id, std::span<const Field> data, Ticks time = kTime) {
  Record record;
  record.source_kind = "evtx";
  record.channel = "Microsoft-Windows-Sysmon/Operational";
  record.provider = "Microsoft-Windows-Sysmon";
  record.computer = "ws01";
  record.event_id = event_id;
  record.record_id = 7;
  record.time = time;
  record.data = data;
  return record;
}

class NormalizerTest : public testing::Test {
 protected:
  enrich::MemoryAliasStore aliases_;
  enrich::AliasDeviceResolver devices_{aliases_};
  enrich::ProcessTables processes_;
  Context context_{devices_, processes_, "job", "tester", 0, [] { return kTime + kTicksPerDay; }};
  Normalizer normalizer_{context_};
  Rows rows_;
};

const Field kFileCreated[] = {{"Image", text("C:\\a\\tool.exe")},
                              {"ProcessId", number(44)},
                              {"TargetFilename", text("C:\\a\\out.txt")}};

TEST_F(NormalizerTest, EveryRecordKeepsItsFields) {
  Record record = sysmon(9999, kFileCreated);
  const Added added = normalizer_.add(record, rows_);
  EXPECT_FALSE(added.is_mapped);
  const event::Batch& source = rows_[TableId::kDeviceSourceRecords];
  ASSERT_EQ(source.rows(), 1u);
  EXPECT_EQ(source.text_at(0, schema::device_source_records::kData),
            R"({"Image":"C:\\a\\tool.exe","ProcessId":44,"TargetFilename":"C:\\a\\out.txt"})");
  EXPECT_EQ(source.number_at(0, schema::device_source_records::kEventId), added.event_id);
  EXPECT_EQ(rows_.row_count(), 1u) << "no timeline row of a record without a mapping";
}

TEST_F(NormalizerTest, EveryRecordKeepsItsHeader) {
  namespace c = schema::device_source_records;
  Record record = sysmon(9999, kFileCreated);
  record.version = 3;
  record.level = 2;
  record.task = 12544;
  record.opcode = 1;
  record.keywords = 0x8020'0000'0000'0000;
  record.process_id = 700;
  record.thread_id = 704;
  record.user_sid = "S-1-5-18";
  record.activity_id = "{5B0E0F4E-0A0C-4C8B-9A5E-3B5C2C1D0E0F}";
  normalizer_.add(record, rows_);
  const event::Batch& source = rows_[TableId::kDeviceSourceRecords];
  ASSERT_EQ(source.rows(), 1u);
  EXPECT_EQ(source.number_at(0, c::kEventVersion), 3);
  EXPECT_EQ(source.number_at(0, c::kLevel), 2);
  EXPECT_EQ(source.number_at(0, c::kTask), 12544);
  EXPECT_EQ(source.number_at(0, c::kOpcode), 1);
  EXPECT_EQ(source.text_at(0, c::kKeywords), "0x8020000000000000");
  EXPECT_EQ(source.number_at(0, c::kExecutionProcessId), 700);
  EXPECT_EQ(source.number_at(0, c::kExecutionThreadId), 704);
  EXPECT_EQ(source.text_at(0, c::kUserSid), record.user_sid);
  EXPECT_EQ(source.text_at(0, c::kActivityId), record.activity_id);
}

TEST_F(NormalizerTest, TheProviderAndTheChannelMustBoth) {
  Record record = sysmon(11, kFileCreated);
  record.provider = "Other";
  EXPECT_FALSE(normalizer_.add(record, rows_).is_mapped);
  record = sysmon(11, kFileCreated);
  record.channel = "ForwardedEvents";
  EXPECT_FALSE(normalizer_.add(record, rows_).is_mapped);
  record.channel = "microsoft-windows-sysmon/operational";
  EXPECT_TRUE(normalizer_.add(record, rows_).is_mapped);
}

TEST_F(NormalizerTest, AnAbsurdTimeIsKeptInQuarantine) {
  for (const Ticks time : {Ticks{0}, Ticks{-5}, kTime + 3 * 365 * kTicksPerDay, kMaxTicks}) {
    normalizer_.add(sysmon(11, kFileCreated, time), rows_);
  }
  normalizer_.add(sysmon(11, kFileCreated), rows_);
  namespace source = schema::device_source_records;
  namespace files = schema::device_file_events;
  for (std::size_t row = 0; row < 5; ++row) {
    const std::int64_t retention = row < 4 ? 2 : 0;
    EXPECT_EQ(rows_[TableId::kDeviceSourceRecords].number_at(row, source::kTimeIsAbsurd),
              row < 4 ? 1 : 0);
    EXPECT_EQ(rows_[TableId::kDeviceSourceRecords].number_at(row, source::kRetentionClass),
              retention);
    EXPECT_EQ(rows_[TableId::kDeviceFileEvents].number_at(row, files::kRetentionClass), retention);
  }
  EXPECT_EQ(normalizer_.device_facts().devices().begin()->second.first_seen, kTime)
      << "a device was not first seen at an absurd time";
}

TEST_F(NormalizerTest, FieldsAreFoundByNameWhateverTheirOrder) {
  // Two orders under shapes of their own, one without a shape, and one that lacks a field.
  const Field turned[] = {kFileCreated[2], kFileCreated[0], kFileCreated[1]};
  const Field fewer[] = {kFileCreated[2]};
  namespace files = schema::device_file_events;
  for (int round = 0; round < 2; ++round) {
    for (const auto& [data, shape] : {std::pair(std::span<const Field>(kFileCreated), 1u),
                                      std::pair(std::span<const Field>(turned), 2u),
                                      std::pair(std::span<const Field>(turned), 0u),
                                      std::pair(std::span<const Field>(fewer), 3u)}) {
      Record record = sysmon(11, data);
      record.shape = shape;
      normalizer_.add(record, rows_);
    }
  }
  const event::Batch& batch = rows_[TableId::kDeviceFileEvents];
  for (std::size_t row = 0; row < 8; ++row) {
    EXPECT_EQ(batch.text_at(row, files::kFileName), "out.txt") << row;
    EXPECT_EQ(batch.text_at(row, files::kInitiatingProcessFileName),
              row % 4 == 3 ? "" : "tool.exe");
  }
}

TEST_F(NormalizerTest, HostileValuesMakeRowsAllTheSame) {
  std::mt19937_64 random(5);
  const std::string_view names[] = {"Image",     "ProcessId", "ProcessGuid",     "TargetFilename",
                                    "Hashes",    "Details",   "TargetObject",    "UtcTime",
                                    "EventType", "RuleName",  "SourceIp",        "DestinationIp",
                                    "Initiated", "User",      "ParentProcessId", "LogonId"};
  const std::string_view texts[] = {"",
                                    "-",
                                    "\\",
                                    "\xff\xfe",
                                    "DWORD (",
                                    "DWORD (0x",
                                    "QWORD (-)",
                                    "SHA1=",
                                    "=,=,",
                                    "{",
                                    "-1",
                                    "0x",
                                    "technique_id=",
                                    "technique_id=T1,",
                                    "99999999999999999999",
                                    "2026-13-99"};
  std::size_t records = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<Field> data;
    for (std::size_t field = random() % 8; field > 0; --field) {
      Value value = text(texts[random() % std::size(texts)]);
      value.kind = static_cast<ValueKind>(random() % 10);
      if (value.kind != ValueKind::kText && value.kind != ValueKind::kGuid &&
          value.kind != ValueKind::kSid) {
        value.number = static_cast<std::int64_t>(random());
      }
      data.push_back({names[random() % std::size(names)], value});
    }
    for (const std::uint32_t event_id : {1u, 3u, 5u, 8u, 10u, 12u, 13u, 22u}) {
      normalizer_.add(sysmon(event_id, data, static_cast<Ticks>(random() >> 1)), rows_);
      ++records;
    }
  }
  EXPECT_EQ(rows_[TableId::kDeviceSourceRecords].rows(), records);
}

TEST_F(NormalizerTest, WorkersShareDevicesAndProcesses) {
  std::vector<std::thread> workers;
  std::vector<std::size_t> mapped(4);
  for (std::size_t worker = 0; worker < mapped.size(); ++worker) {
    workers.emplace_back([&, worker] {
      Normalizer mine(context_);
      Rows rows;
      for (int round = 0; round < 200; ++round) {
        Record record = sysmon(11, kFileCreated, kTime + round);
        record.computer = round % 2 == 0 ? "ws01" : "ws01.corp.example";
        mapped[worker] += mine.add(record, rows).is_mapped ? 1u : 0u;
      }
    });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  EXPECT_EQ(mapped, std::vector<std::size_t>(4, 200));
  EXPECT_EQ(processes_.all().size(), 1u) << "both names are one device";
}

TEST(EventId, IsOfTheRecordNotOfItsWay) {
  Record record = sysmon(11, kFileCreated);
  Record forwarded = record;
  forwarded.source_kind = "json";
  forwarded.channel = "microsoft-windows-sysmon/operational";
  forwarded.file = "elsewhere";
  forwarded.data = {};
  EXPECT_EQ(event::event_id(record, "d"), event::event_id(forwarded, "d"));
  EXPECT_GT(event::event_id(record, "d"), 0);
  EXPECT_NE(event::event_id(record, "d"), event::event_id(record, "e"));
  forwarded.record_id = 8;
  EXPECT_NE(event::event_id(record, "d"), event::event_id(forwarded, "d"));
}

TEST(EventId, WithoutANumberIsOfThePayload) {
  Record record = sysmon(11, kFileCreated);
  record.carved = true;
  Record other = record;
  other.record_id = 9;
  EXPECT_EQ(event::event_id(record, "d"), event::event_id(other, "d"))
      << "numbers of carved records repeat and are left out";
  std::string json;
  event::append_data_json(json, record.data);
  EXPECT_EQ(event::event_id(record, "d", json), event::event_id(record, "d"));
  other.data = other.data.first(2);
  EXPECT_NE(event::event_id(record, "d"), event::event_id(other, "d"));
}

TEST(TechniqueTag, ReadsWellFormedIdsOnly) {
  const auto tag =
      parse_technique_tag("technique_id=T1059.001,technique_name=PowerShell, and more");
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->id, "T1059.001");
  EXPECT_EQ(tag->name, "PowerShell, and more");
  EXPECT_EQ(parse_technique_tag("technique_id=T1003")->name, "");
  EXPECT_FALSE(parse_technique_tag("Alert,technique_id=1059"));
  EXPECT_FALSE(parse_technique_tag("technique_id=T1059.1"));
  EXPECT_FALSE(parse_technique_tag("PowerShell"));
  EXPECT_FALSE(parse_technique_tag(""));
}

}  // namespace
}  // namespace spoor::normalize
