// Rows as a Batch writes them and as the engine gives them back.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "store/engine_fixture.h"
#include "store/existing.h"
#include "store/purge.h"

namespace spoor::store {
namespace {

using testing::HasSubstr;

constexpr Ticks kDay = 864'000'000'000;
constexpr Ticks kTime = 17'646'336'123'456'789;  // 2025-12-02

class RoundTrip : public EngineTest {};

/// What a column reads as, cast as the query compiler does, in TSV.
std::string read_back(const schema::Column& column) {
  const std::string name = "`" + std::string(column.name) + "`";
  if (column.type == schema::Type::kDateTime) {
    return "toString(reinterpretAsInt64(" + name + "))";
  }
  if (column.storage == schema::Storage::kHex) {
    return "lower(hex(" + name + "))";
  }
  return "CAST(" + name + ", 'Nullable(String)')";
}

TEST_F(RoundTrip, EveryColumnOfEveryTableKeepsItsValue) {
  for (const schema::Table& table : schema::tables()) {
    event::Batch batch(table);
    batch.begin_row();  // absent everywhere
    batch.begin_row();
    std::vector<std::string> expected;
    std::vector<std::string> expressions;
    for (std::uint16_t at = 0; at < table.columns.size(); ++at) {
      const schema::Column& column = table.columns[at];
      if (column.name == "BatchId" || column.name == "IngestTime") {
        continue;
      }
      expressions.push_back(read_back(column));
      if (column.storage == schema::Storage::kHex) {
        std::string digits;
        for (int digit = 0; digit < column.hex_bytes; ++digit) {
          digits += "a" + std::to_string(digit % 10);
        }
        batch.set_text(at, digits);
        expected.push_back(digits);
      } else if (column.storage == schema::Storage::kKeys) {
        const std::int64_t keys[] = {1, -5, 9'000'000'000'000'000'000};
        batch.set_keys(at, keys);
        expected.emplace_back("[1,-5,9000000000000000000]");
      } else if (column.storage == schema::Storage::kStrings) {
        const std::string_view texts[] = {"a", "", "c d"};
        batch.set_strings(at, texts);
        expected.emplace_back("['a','','c d']");
      } else if (column.type == schema::Type::kReal) {
        batch.set_real(at, -2.5);
        expected.emplace_back("-2.5");
      } else if (column.type == schema::Type::kDateTime) {
        batch.set_number(at, kTime);
        expected.push_back(std::to_string(kTime));
      } else if (column.type == schema::Type::kBool) {
        batch.set_number(at, 1);
        expected.emplace_back("true");
      } else if (column.type == schema::Type::kInt || column.type == schema::Type::kLong) {
        const std::int64_t number = column.name == "RetentionClass"            ? 1
                                    : column.storage == schema::Storage::kTiny ? -3
                                                                               : 70 + at;
        batch.set_number(at, number);
        expected.push_back(std::to_string(number));
      } else {
        const std::string text = "text of " + std::string(column.name) + " \xC3\xA9 '\"";
        batch.set_text(at, text);
        expected.push_back(text);
      }
    }
    std::string native;
    batch.append_native(native);
    const auto stored = client_->insert(table.name, native, "token-" + std::string(table.name));
    ASSERT_TRUE(stored) << table.name << ": " << stored.error().to_string();

    Query query;
    query.sql = "SELECT ";
    for (const std::string& expression : expressions) {
      query.sql += (query.sql.size() > 7 ? ", " : "") + expression;
    }
    query.sql += " FROM `" + std::string(table.name) + "`";
    std::vector<std::string> values;
    std::size_t rows = 0;
    event::NativeReader reader([&](event::NativeBlock&& block) -> Result<void> {
      rows += block.rows;
      for (const event::NativeColumn& column : block.columns) {
        // Which of the two rows comes first differs by table.
        values.insert(values.end(), column.texts.begin(), column.texts.end());
      }
      return {};
    });
    const auto read =
        client_->query(query, [&](std::string_view bytes) { return reader.feed(bytes); });
    ASSERT_TRUE(read) << table.name << ": " << read.error().to_string();
    EXPECT_EQ(rows, 2U) << table.name;
    for (const std::string& value : expected) {
      EXPECT_TRUE(std::ranges::find(values, value) != values.end())
          << table.name << " lacks " << value;
    }
  }
}

TEST_F(RoundTrip, AppendedRowsAreStoredOnceOverManyWeeks) {
  event::Batch batch(*schema::find_table("DeviceProcessEvents"));
  constexpr std::int64_t kWeeks = 130;
  for (std::int64_t week = 0; week < kWeeks; ++week) {
    batch.begin_row();
    batch.set_number(*batch.table().find("Timestamp"), kTime - week * 7 * kDay);
    batch.set_text(*batch.table().find("DeviceId"), "device-1");
    batch.set_number(*batch.table().find("EventId"), week + 1);
  }
  std::vector<event::Batch> batches;
  batches.push_back(std::move(batch));
  Appender appender = this->appender();
  const IdSet leave_out(std::vector<std::int64_t>{5, 6});
  const auto stored = appender.append(batches, &leave_out);
  ASSERT_TRUE(stored) << stored.error().to_string();
  EXPECT_EQ(ask("SELECT count(), uniqExact(EventId), uniqExact(BatchId), countIf(EventId IN (5, "
                "6)), min(IngestTime) > '2020-01-01' FROM DeviceProcessEvents"),
            "128\t128\t1\t0\t1\n");
}

TEST_F(RoundTrip, SkipIndexesOfFewRowsAreLeftToAMerge) {
  const auto bytes_of_indexes = [&] {
    return ask(
        "SELECT sum(secondary_indices_compressed_bytes) > 0 FROM system.parts WHERE active AND "
        "table = 'DeviceSourceRecords'");
  };
  std::vector<event::Batch> few = numbered(1, 100, kTime);
  ASSERT_TRUE(appender().append(few));
  EXPECT_EQ(bytes_of_indexes(), "0\n");
  std::vector<event::Batch> more = numbered(101, 100, kTime);
  ASSERT_TRUE(appender().append(more));
  execute("OPTIMIZE TABLE DeviceSourceRecords FINAL");
  EXPECT_EQ(bytes_of_indexes(), "1\n");

  execute("TRUNCATE TABLE DeviceSourceRecords");
  std::vector<event::Batch> many = numbered(1, 2000, kTime);
  ASSERT_TRUE(appender().append(many));
  EXPECT_EQ(bytes_of_indexes(), "1\n");
}

TEST_F(RoundTrip, ExistingIdsAreThoseOfTheDeviceAndTime) {
  std::vector<event::Batch> batches = numbered(1, 100, kTime);
  ASSERT_TRUE(appender().append(batches));
  const auto found =
      existing_event_ids(*client_, "device-1", kTime, kTime + 50, {1, 49, 50, 51, 1000});
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_THAT(*found, testing::UnorderedElementsAre(1, 49, 50));
  EXPECT_TRUE(existing_event_ids(*client_, "device-2", kTime, kTime + 50, {1})->empty());
  // Of many devices at once, each in its own time; more ranges than a statement tells apart.
  const std::vector<std::int64_t> ids = {1, 50, 100, 1000};
  std::vector<WantedRecords> wanted = {{"device-1", kTime, kTime + 60, &ids}};
  for (int other = 2; other < 40; ++other) {
    wanted.push_back({fmt::format("device-{}", other), kTime - other * kTicksPerDay, kTime, &ids});
  }
  const auto of_all = existing_event_ids(*client_, wanted);
  ASSERT_TRUE(of_all) << of_all.error().to_string();
  EXPECT_THAT(*of_all, testing::UnorderedElementsAre(1, 50));
  EXPECT_TRUE(existing_event_ids(*client_, std::vector<WantedRecords>())->empty());
}

TEST_F(RoundTrip, APurgeTakesItsJobOrDeviceAndNothingElse) {
  for (const std::int64_t first : {1, 101}) {
    std::vector<event::Batch> batches = numbered(first, 100, kTime);
    event::Batch& records = batches[1];
    event::Batch changed(records.table());
    for (std::int64_t number = first; number < first + 100; ++number) {
      changed.begin_row();
      changed.set_number(*changed.table().find("Timestamp"), kTime + number);
      changed.set_text(*changed.table().find("DeviceId"), "device-1");
      changed.set_number(*changed.table().find("EventId"), number);
      changed.set_text(*changed.table().find("JobId"), first == 1 ? "job-a" : "job-b");
    }
    records = std::move(changed);
    const auto stored = appender().append(batches);
    ASSERT_TRUE(stored) << stored.error().to_string();
  }
  const auto purged = purge_job(*client_, "job-a");
  ASSERT_TRUE(purged) << purged.error().to_string();
  EXPECT_EQ(*purged, 100U);
  EXPECT_EQ(ask("SELECT count(), min(EventId) FROM DeviceProcessEvents"), "100\t101\n");
  EXPECT_EQ(ask("SELECT count(), min(EventId) FROM DeviceSourceRecords"), "100\t101\n");
  const auto device = purge_device(*client_, "device-1");
  ASSERT_TRUE(device) << device.error().to_string();
  EXPECT_EQ(ask("SELECT count() FROM DeviceProcessEvents"), "0\n");
}

/// A row that says of a device what `columns` and the time say.
void add_row(event::Batch& batch, std::string_view device, std::int64_t event_id,
             const std::map<std::string, std::string>& texts) {
  batch.begin_row();
  batch.set_number(*batch.table().find("Timestamp"), kTime + event_id);
  batch.set_text(*batch.table().find("DeviceId"), device);
  batch.set_number(*batch.table().find("EventId"), event_id);
  for (const auto& [column, text] : texts) {
    batch.set_text(*batch.table().find(column), text);
  }
}

TEST_F(RoundTrip, APurgeOfAJobTakesDevicesThatNothingElseTellsOf) {
  std::vector<event::Batch> batches;
  for (const char* table : {"DeviceInfo", "DeviceSourceRecords", "DeviceMarks"}) {
    batches.emplace_back(*schema::find_table(table));
  }
  std::int64_t id = 0;
  for (const char* device : {"alone", "shared", "live", "noted", "other"}) {
    add_row(batches[0], device, ++id, {{"DeviceName", device}});
    const std::string job = std::string_view(device) == "other" ? "job-b" : "job-a";
    add_row(batches[1], device, ++id, {{"JobId", job}});
  }
  add_row(batches[1], "shared", ++id, {{"JobId", "job-b"}});
  add_row(batches[1], "live", ++id, {});
  add_row(batches[2], "noted", ++id, {{"Kind", "note"}, {"Value", "seen before"}});
  ASSERT_TRUE(appender().append(batches));
  const auto purged = purge_job(*client_, "job-a");
  ASSERT_TRUE(purged) << purged.error().to_string();
  EXPECT_EQ(*purged, 4U);
  EXPECT_EQ(ask("SELECT arraySort(groupArray(DeviceId)) FROM DeviceInfo"),
            "['live','noted','other','shared']\n");
  EXPECT_EQ(ask("SELECT arraySort(groupArray(DeviceId)) FROM DeviceSourceRecords"),
            "['live','other','shared']\n");
  EXPECT_EQ(ask("SELECT Value FROM DeviceMarks"), "seen before\n");
}

TEST_F(RoundTrip, RetentionDropsOldWeeksOfLiveTelemetryOnly) {
  event::Batch batch(*schema::find_table("DeviceProcessEvents"));
  std::int64_t id = 0;
  for (const std::int64_t retention : {1, 2}) {
    for (const Ticks time : {kTime, kTime - 200 * kDay}) {
      batch.begin_row();
      batch.set_number(*batch.table().find("Timestamp"), time);
      batch.set_number(*batch.table().find("RetentionClass"), retention);
      batch.set_number(*batch.table().find("EventId"), ++id);
    }
  }
  std::vector<event::Batch> batches;
  batches.push_back(std::move(batch));
  ASSERT_TRUE(appender().append(batches));
  const auto dropped = drop_expired(*client_, kTime - 90 * kDay);
  ASSERT_TRUE(dropped) << dropped.error().to_string();
  EXPECT_EQ(*dropped, 1U);
  EXPECT_EQ(ask("SELECT arraySort(groupArray(EventId)) FROM DeviceProcessEvents"), "[1,3,4]\n");
}

TEST_F(RoundTrip, ANewerStoreIsLeftAlone) {
  ASSERT_TRUE(migrate(*client_, {})) << "a second time changes nothing";
  execute("INSERT INTO spoor_schema SELECT 4000000, now64(7)");
  const auto refused = migrate(*client_, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_THAT(refused.error().message, HasSubstr("4000000"));
}

TEST_F(RoundTrip, AnOlderStoreGetsWhatItLacks) {
  execute("ALTER TABLE DeviceProcessEvents DROP COLUMN AdditionalFields");
  execute("DROP TABLE DeviceTimeline");
  execute(
      "ALTER TABLE DeviceProcessEvents DROP INDEX words_ProcessCommandLine, ADD INDEX "
      "terms_ProcessCommandLine lower(ProcessCommandLine) TYPE tokenbf_v1(256, 3, 0)");
  execute("TRUNCATE TABLE spoor_schema");
  execute("INSERT INTO spoor_schema SELECT 0, now64(7)");
  const auto migrated = migrate(*client_, {});
  ASSERT_TRUE(migrated) << migrated.error().to_string();
  EXPECT_EQ(ask("SELECT count() FROM system.columns WHERE database = 'spoor' AND table = "
                "'DeviceProcessEvents' AND name = 'AdditionalFields'"),
            "1\n");
  EXPECT_EQ(ask("EXISTS TABLE DeviceTimeline"), "1\n");
  EXPECT_EQ(ask("SELECT name FROM system.data_skipping_indices WHERE database = 'spoor' AND table "
                "= 'DeviceProcessEvents' AND name LIKE '%\\_ProcessCommandLine'"),
            "words_ProcessCommandLine\n");
}

}  // namespace
}  // namespace spoor::store
