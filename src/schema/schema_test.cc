#include "schema/schema.h"

#include <gtest/gtest.h>

#include <set>

#include "schema/gen/ordinals.h"

namespace spoor::schema {
namespace {

TEST(Schema, TablesAreFoundByName) {
  ASSERT_NE(find_table("DeviceProcessEvents"), nullptr);
  EXPECT_EQ(find_table("deviceprocessevents"), nullptr);
  EXPECT_EQ(find_table(""), nullptr);
  EXPECT_EQ(&tables()[static_cast<std::size_t>(TableId::kDeviceTimeline)],
            find_table("DeviceTimeline"));
}

TEST(Schema, OrdinalsNameTheirColumns) {
  const Table& table = *find_table("DeviceNetworkEvents");
  EXPECT_EQ(table.columns[device_network_events::kRemoteIP].name, "RemoteIP");
  EXPECT_EQ(table.find("InitiatingProcessKey"), device_network_events::kInitiatingProcessKey);
  EXPECT_FALSE(table.find("NoSuchColumn"));
}

TEST(Schema, EveryTableIsWellFormed) {
  for (const Table& table : tables()) {
    std::set<std::string_view> names;
    for (const Column& column : table.columns) {
      EXPECT_TRUE(names.insert(column.name).second) << table.name << "." << column.name;
      EXPECT_FALSE(column.doc.empty()) << table.name << "." << column.name;
      const bool nullable = column.clickhouse_type.starts_with("Nullable(");
      EXPECT_EQ(nullable, column.absent == Absent::kNullable) << table.name << "." << column.name;
    }
    for (const std::string_view key : table.key) {
      EXPECT_TRUE(names.contains(key)) << table.name << "." << key;
    }
    const bool has_origin = names.contains("EventId") && names.contains("RetentionClass");
    EXPECT_EQ(table.kind == TableKind::kEvent, has_origin) << table.name;
  }
}

}  // namespace
}  // namespace spoor::schema
