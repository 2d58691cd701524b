// Corrections of processes, as the engine carries them out.

#include "store/rewrite.h"

#include <limits>

#include "store/engine_fixture.h"
#include "store/escape.h"

namespace spoor::store {
namespace {

constexpr Ticks kTime = 17'646'336'123'456'789;  // 2025-12-02
constexpr Ticks kWeek = 7 * kTicksPerDay;
constexpr Ticks kFirst = std::numeric_limits<Ticks>::min();
constexpr Ticks kLast = std::numeric_limits<Ticks>::max();

class Rewrite : public EngineTest {
 protected:
  struct Row {
    std::string_view device;
    std::int64_t acting_key = 0;
    Ticks time = 0;
  };

  void store(std::initializer_list<Row> rows) {
    event::Batch batch(*schema::find_table("DeviceFileEvents"));
    std::int64_t number = 0;
    for (const Row& row : rows) {
      batch.begin_row();
      const auto at = [&](std::string_view column) { return *batch.table().find(column); };
      batch.set_number(at("Timestamp"), row.time);
      batch.set_text(at("DeviceId"), row.device);
      batch.set_number(at("EventId"), ++number);
      batch.set_number(at("InitiatingProcessKey"), row.acting_key);
      batch.set_text(at("InitiatingProcessFileName"), "as recorded");
    }
    std::vector<event::Batch> batches;
    batches.push_back(std::move(batch));
    const auto stored = appender().append(batches);
    ASSERT_TRUE(stored) << stored.error().to_string();
  }

  std::string keys() {
    return ask(
        "SELECT EventId, InitiatingProcessKey, InitiatingProcessUniqueId FROM DeviceFileEvents "
        "ORDER BY EventId");
  }
};

TEST_F(Rewrite, OfSeveralSpansTheFirstThatHoldsTheTimeCounts) {
  store({{"a", 1, kTime},
         {"a", 1, kTime + 5},
         {"a", 1, kTime + kWeek},
         {"a", 4, kTime},
         {"b", 1, kTime}});
  const DeviceRewrite device = {
      .device_id = "a",
      .rewrites = {{1, 2, kTime + 1, kTime + 6}, {1, 3, kFirst, kLast}, {7, 8, kFirst, kLast}}};
  for (int times = 0; times < 2; ++times) {
    const auto done = rewrite_processes(*client_, {&device, 1});
    ASSERT_TRUE(done) << done.error().to_string();
    EXPECT_EQ(keys(), "1\t3\t3\n2\t2\t2\n3\t3\t3\n4\t4\t\n5\t1\t\n");
  }
}

TEST_F(Rewrite, FillsWhatIsKnownAndLeavesTheRest) {
  store({{"a", 1, kTime}, {"a", 2, kTime + kWeek}, {"a", 3, kTime}, {"b", 5, kTime}});
  const std::string hostile = "a'\\\"\n{key:Int64}";
  const std::vector<DeviceRewrite> devices = {
      {.device_id = "a",
       .rewrites = {{1, 2, kFirst, kLast}},
       .fills = {{.key = 2,
                  .file_name = hostile,
                  .command_line = "run",
                  .creation_time = kTime - 1,
                  .ancestors = {9, 8}},
                 {.key = 3, .folder_path = "C:\\x", .creation_time = kLast}}},
      {.device_id = "b"},
      {.device_id = "c", .fills = {{.key = 5, .file_name = "not of this device"}}}};
  const auto done = rewrite_processes(*client_, devices);
  ASSERT_TRUE(done) << done.error().to_string();
  const auto filled = [&](int number) {
    return ask(
        "SELECT InitiatingProcessFileName = 'as recorded', InitiatingProcessCommandLine, "
        "reinterpretAsInt64(InitiatingProcessCreationTime), Ancestors, "
        "InitiatingProcessFolderPath FROM DeviceFileEvents WHERE EventId = " +
        std::to_string(number));
  };
  EXPECT_EQ(filled(1), "0\trun\t17646336123456788\t[9,8]\t\n");
  EXPECT_EQ(filled(2), filled(1));
  EXPECT_EQ(filled(3), "1\t\t0\t[]\tC:\\\\x\n");
  EXPECT_EQ(filled(4), "1\t\t0\t[]\t\n");
  EXPECT_EQ(answer(*client_,
                   "SELECT count() FROM DeviceFileEvents WHERE InitiatingProcessFileName = "
                   "{name:String}",
                   {{"name", escape_value(hostile)}}),
            "2\n");
}

}  // namespace
}  // namespace spoor::store
