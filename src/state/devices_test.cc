#include "state/devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_folder.h"
#include "state/state.h"

namespace spoor::state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kA(40, 'a');
const std::string kB(40, 'b');
const std::string kC(40, 'c');

struct DevicesTest : testing::Test {
  TempFolder folder;
  std::unique_ptr<State> state = State::open(folder / "state.sqlite").value();
  Devices& devices = state->devices();
};

TEST_F(DevicesTest, SeeingWidensTheTimeAndKeepsTheLatestName) {
  ASSERT_TRUE(devices.see(kA, "ws1", 100, 200));
  ASSERT_TRUE(devices.see(kA, "old-name", 50, 60));
  EXPECT_EQ(devices.get(kA).value()->name, "ws1");
  ASSERT_TRUE(devices.see(kA, "ws1.corp", 150, 300));
  ASSERT_TRUE(devices.see(kA, "", 150, 400));
  const Device device = devices.get(kA).value().value();
  EXPECT_EQ(device.name, "ws1.corp");
  EXPECT_EQ(device.first_seen, 50);
  EXPECT_EQ(device.last_seen, 400);
  EXPECT_GT(device.created, 0);
  EXPECT_EQ(devices.get(kB).value(), std::nullopt);
}

TEST_F(DevicesTest, RefusesIdsThatAreNone) {
  for (const std::string& id :
       {std::string(), std::string(39, 'a'), std::string(40, 'A'), std::string(40, 'g')}) {
    EXPECT_EQ(devices.see(id, "x", 0, 0).error().code, ErrorCode::kInvalidInput) << id;
  }
}

TEST_F(DevicesTest, EvidenceLeadsToOneDevice) {
  const std::vector<Alias> full = {{"sid", "S-1-5-21-1"}, {"fqdn", "WS1.corp.example"}};
  const Resolution first = devices.resolve(full, kA, "ws1", 10, 20).value();
  EXPECT_TRUE(first.is_new);
  EXPECT_EQ(first.device_id, kA);

  const std::vector<Alias> weak = {
      {"fqdn", " ws1.CORP.example "}, {"netbios", "WS1"}, {"netbios", "ws1"}};
  const Resolution second = devices.resolve(weak, kB, "ws1", 5, 30).value();
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(second.device_id, kA);
  EXPECT_THAT(devices.aliases(kA).value(),
              ElementsAre(Alias{"fqdn", "ws1.corp.example"}, Alias{"netbios", "ws1"},
                          Alias{"sid", "s-1-5-21-1"}));
  EXPECT_EQ(devices.get(kA).value()->last_seen, 30);
  EXPECT_EQ(devices.get(kB).value(), std::nullopt);
}

TEST_F(DevicesTest, StrongEvidenceWinsAndTheConflictIsTold) {
  ASSERT_TRUE(devices.resolve(std::vector<Alias>{{"sid", "s1"}}, kA, "a", 0, 0));
  ASSERT_TRUE(devices.resolve(std::vector<Alias>{{"netbios", "pc"}}, kB, "b", 0, 0));
  const Resolution both =
      devices.resolve(std::vector<Alias>{{"sid", "s1"}, {"netbios", "pc"}}, kC, "c", 0, 0).value();
  EXPECT_EQ(both.device_id, kA);
  EXPECT_THAT(both.conflicting, ElementsAre(Alias{"netbios", "pc"}));
  EXPECT_EQ(devices.find_by_alias({"netbios", "PC"}).value(), kB);
}

TEST_F(DevicesTest, ANameBelongsToOneDevice) {
  ASSERT_TRUE(devices.see(kA, "a", 0, 0));
  ASSERT_TRUE(devices.see(kB, "b", 0, 0));
  ASSERT_TRUE(devices.add_alias(kA, {"fqdn", "x"}));
  ASSERT_TRUE(devices.add_alias(kA, {"FQDN", "X"}));
  EXPECT_EQ(devices.add_alias(kB, {"fqdn", "X"}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(devices.add_alias(kC, {"fqdn", "y"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(devices.add_alias(kA, {"fqdn", "  "}).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(devices.find_by_alias({"fqdn", "nobody"}).value(), std::nullopt);
}

TEST_F(DevicesTest, MergesAndTakesThemBack) {
  ASSERT_TRUE(devices.resolve(std::vector<Alias>{{"fqdn", "a"}}, kA, "a", 10, 20));
  ASSERT_TRUE(devices.resolve(std::vector<Alias>{{"fqdn", "b"}}, kB, "b", 5, 15));
  ASSERT_TRUE(devices.resolve(std::vector<Alias>{{"fqdn", "c"}}, kC, "c", 30, 40));
  ASSERT_TRUE(devices.merge(kB, kA));
  ASSERT_TRUE(devices.merge(kB, kC)) << "merges what B is a part of";
  EXPECT_EQ(devices.current_id(kB).value(), kC);
  EXPECT_EQ(devices.find_by_alias({"fqdn", "b"}).value(), kC);
  EXPECT_EQ(devices.aliases(kC).value().size(), 3U);
  const std::vector<Device> all = devices.list().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].device_id, kC);
  EXPECT_EQ(all[0].name, "c");
  EXPECT_EQ(all[0].first_seen, 5);
  EXPECT_EQ(all[0].last_seen, 40);
  EXPECT_THAT(all[0].merged_ids, ElementsAre(kA, kB));
  EXPECT_EQ(devices.merge(kC, kB).error().code, ErrorCode::kConflict) << "no circles";
  EXPECT_EQ(devices.merge(kA, kA).error().code, ErrorCode::kConflict);
  EXPECT_EQ(devices.unmerge(kC).error().code, ErrorCode::kConflict);

  ASSERT_TRUE(devices.unmerge(kA));
  EXPECT_EQ(devices.current_id(kB).value(), kA);
  EXPECT_THAT(devices.get(kB).value()->merged_ids, ElementsAre(kB));
  EXPECT_THAT(devices.get(kC).value()->merged_ids, IsEmpty());
  EXPECT_EQ(devices.list().value().size(), 2U);
  // Evidence that arrives for a merged device goes to the whole.
  EXPECT_EQ(devices.resolve(std::vector<Alias>{{"fqdn", "b"}}, kB, "b", 0, 0).value().device_id,
            kA);
}

TEST_F(DevicesTest, SplitsNamesOff) {
  ASSERT_TRUE(devices.resolve(std::vector<Alias>{{"fqdn", "a"}, {"fqdn", "b"}}, kA, "a", 10, 20));
  const std::vector<Alias> wrong = {{"fqdn", "b"}, {"fqdn", "z"}};
  EXPECT_EQ(devices.split(kA, wrong, kB, "b", 10, 20).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(devices.get(kB).value(), std::nullopt) << "a failed split leaves nothing";
  EXPECT_EQ(devices.find_by_alias({"fqdn", "b"}).value(), kA);

  ASSERT_TRUE(devices.split(kA, std::vector<Alias>{{"fqdn", "B"}}, kB, "b", 10, 20));
  EXPECT_EQ(devices.find_by_alias({"fqdn", "b"}).value(), kB);
  EXPECT_EQ(devices.find_by_alias({"fqdn", "a"}).value(), kA);
  EXPECT_EQ(devices.split(kA, {}, kB, "b", 0, 0).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace spoor::state
