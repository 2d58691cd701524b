// Lists of devices whose facts are one kept answer, and of more devices than are kept.

#include "investigate/device_facts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "event/rows.h"
#include "kql/exec/kept_answers.h"
#include "kql/exec/store_runner.h"
#include "store/engine_fixture.h"

namespace spoor::investigate {
namespace {

namespace info = schema::device_info;

constexpr Ticks kTime = 17'646'336'000'000'000;  // 2025-12-02

std::string id_of(int device) { return fmt::format("{:040x}", device); }
std::string name_of(int device) { return fmt::format("ws{:05}", device); }

class DeviceFactsTest : public store::EngineTest {
 protected:
  void add(int first, int count, const std::string& system) {
    event::Rows rows;
    event::Batch& batch = rows[schema::TableId::kDeviceInfo];
    for (int device = first; device < first + count; ++device) {
      batch.begin_row();
      batch.set_number(info::kTimestamp, kTime + ++told_);
      batch.set_text(info::kDeviceId, id_of(device));
      batch.set_text(info::kDeviceName, name_of(device));
      batch.set_text(info::kOSPlatform, system);
      batch.set_number(info::kEventId, told_);
    }
    const auto stored = appender().append(rows.batches());
    ASSERT_TRUE(stored) << stored.error().to_string();
  }
  Views views(kql::AccessScope scope = {}) {
    return {kept_.over(kql::store_runner(*client_)), std::move(scope)};
  }
  static DeviceListRequest by_name(std::int64_t rows) {
    DeviceListRequest request;
    request.sort = {{"DeviceName", false}};
    request.rows = rows;
    return request;
  }

  std::int64_t told_ = 0;
  kql::KeptAnswers kept_{
      [this](std::span<const std::string> tables) { return client_->changes().state_of(tables); }};
};

TEST_F(DeviceFactsTest, KeptFactsAreNeverOlderThanWhatIsStored) {
  add(1, 2, "Windows10");
  const auto before = device_page(views(), {}, by_name(10));
  ASSERT_TRUE(before) << before.error().to_string();
  ASSERT_EQ(before->rows.size(), 2U);
  EXPECT_EQ(before->rows[0].os_platform, "Windows10");
  add(1, 1, "Windows11");
  add(3, 1, "Windows11");
  const auto after = device_page(views(), {}, by_name(10));
  ASSERT_EQ(after->rows.size(), 3U);
  EXPECT_EQ(after->rows[0].os_platform, "Windows11");
  EXPECT_EQ(after->rows[1].os_platform, "Windows10");
  EXPECT_EQ(after->rows[2].name, name_of(3));
}

TEST_F(DeviceFactsTest, AScopeSeesItsOwnThoughTheFactsOfAllAreKept) {
  add(1, 3, "Windows11");
  ASSERT_EQ(device_page(views(), {}, by_name(10))->rows.size(), 3U);
  const Views own = views({.all = false, .device_ids_or_groups = {id_of(2)}});
  const auto page = device_page(own, {}, by_name(10));
  ASSERT_TRUE(page) << page.error().to_string();
  ASSERT_EQ(page->rows.size(), 1U);
  EXPECT_EQ(page->rows[0].name, name_of(2));
  EXPECT_TRUE(device_rows(own, {}, std::vector{id_of(1)}, kTime)->empty());
}

TEST_F(DeviceFactsTest, PagesOfMoreDevicesThanAreKeptAreWhole) {
  constexpr int kDevices = 1'234;
  add(1, kDevices, "Windows11");
  const MergedDevices merged = {{id_of(7), id_of(1'200)}};
  DeviceListRequest request = by_name(500);
  std::vector<std::string> names;
  do {
    const auto page = device_page(views(), merged, request);
    ASSERT_TRUE(page) << page.error().to_string();
    for (const DeviceRow& row : page->rows) {
      names.push_back(row.name);
      EXPECT_EQ(row.merged, row.device_id == id_of(1'200) ? 1 : 0) << row.name;
    }
    request.cursor = page->next;
  } while (!request.cursor.empty());
  std::vector<std::string> expected;
  for (int device = 1; device <= kDevices; ++device) {
    if (device != 7) {
      expected.push_back(name_of(device));
    }
  }
  EXPECT_EQ(names, expected);
}

}  // namespace
}  // namespace spoor::investigate
