#include "state/device_edits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_folder.h"
#include "state/state.h"

namespace spoor::state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct DeviceEditsTest : testing::Test {
  TempFolder folder;
  std::unique_ptr<State> state = *State::open(folder / "state.sqlite");
  DeviceEdits& edits = state->device_edits();
  std::string device = std::string(40, 'a');
  std::string other = std::string(40, 'b');

  DeviceEditsTest() {
    EXPECT_TRUE(state->devices().see(device, "ws01", 1, 2));
    EXPECT_TRUE(state->devices().see(other, "ws02", 1, 2));
  }

  /// Change number `number`, so many instants after the epoch.
  static ChangeOrigin by(std::string author, int number) {
    return {std::move(author), number, std::string(15, '0') + std::to_string(number)};
  }
  static bool all(std::string_view /*device_id*/) { return true; }
};

TEST_F(DeviceEditsTest, AChangeIsAVersionAndLeavesTheRestAsItIs) {
  EXPECT_EQ(edits.newest(device)->version, 0);
  ASSERT_TRUE(edits.change(device, {.add_tags = {"tier 0", "Finance"}}, by("nadia", 1)));
  const auto changed = edits.change(
      device, {.add_tags = {"FINANCE"}, .remove_tags = {"TIER 0", "none"}, .criticality = "High"},
      by("mira", 1));
  ASSERT_TRUE(changed) << changed.error().to_string();
  EXPECT_THAT(changed->before.tags, ElementsAre("Finance", "tier 0"));
  EXPECT_THAT(changed->after.tags, ElementsAre("Finance")) << "alike whatever the case";
  EXPECT_EQ(changed->after.criticality, "High");
  EXPECT_EQ(changed->after.version, 2);
  EXPECT_EQ(changed->before.set, 2);
  EXPECT_EQ(changed->after.set, 4)
      << "two instants after the version before, whatever the clock says";
  EXPECT_FALSE(edits.change(device, {.add_tags = {"finance"}}, by("mira", 9))->changed);
  const auto versions = edits.versions(device, 10);
  ASSERT_EQ(versions->size(), 2U);
  EXPECT_EQ((*versions)[1].author, "nadia");
  EXPECT_EQ(edits.newest(other)->version, 0);
}

TEST_F(DeviceEditsTest, AnEarlierVersionBecomesTheNewest) {
  ASSERT_TRUE(edits.change(device, {.asset_value = "High"}, by("a", 1)));
  ASSERT_TRUE(edits.change(device, {.asset_value = "Low"}, by("b", 2)));
  EXPECT_EQ(edits.restore(device, 1, by("c", 3))->after.asset_value, "High");
  const auto cleared = edits.restore(device, 0, by("c", 4));
  EXPECT_EQ(cleared->after.asset_value, "");
  EXPECT_EQ(cleared->after.version, 4);
  EXPECT_EQ(edits.restore(device, 9, by("c", 5)).error().message,
            "nothing of version 9 is known of the device");
}

TEST_F(DeviceEditsTest, AChangeOfManyIsTakenBackButForWhatSomebodyChangedSince) {
  const ChangeOrigin many = by("nadia", 1);
  for (const std::string& each : {device, other}) {
    ASSERT_TRUE(edits.change(each, {.add_tags = {"seen"}}, many));
  }
  ASSERT_TRUE(edits.change(other, {.add_tags = {"later"}}, by("mira", 2)));
  const auto undone = edits.undo(many.change_id, all, by("nadia", 3));
  ASSERT_TRUE(undone) << undone.error().to_string();
  ASSERT_EQ(undone->restored.size(), 1U);
  EXPECT_EQ(undone->restored[0].after.device_id, device);
  EXPECT_EQ(undone->skipped, 1);
  EXPECT_THAT(edits.newest(device)->tags, IsEmpty());
  EXPECT_THAT(edits.newest(other)->tags, ElementsAre("later", "seen"));
  EXPECT_EQ(edits.undo(many.change_id, all, by("nadia", 4))->skipped, 2);
  const auto unseen = [](std::string_view /*id*/) { return false; };
  EXPECT_EQ(edits.undo(many.change_id, unseen, by("x", 5)).error().message,
            "there is no such change");
  EXPECT_EQ(edits.undo("ffffffffffffffff", all, by("x", 5)).error().code, ErrorCode::kNotFound);
}

TEST_F(DeviceEditsTest, AConflictIsSaid) {
  ASSERT_TRUE(edits.change(device, {.asset_value = "High"}, by("n.varga", 1), 0));
  const auto late = edits.change(device, {.asset_value = "Low"}, by("mira", 2), 0);
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);
  EXPECT_EQ(late.error().message, "the device was changed by n.varga");
  EXPECT_EQ(edits.change(other, {.asset_value = "Low"}, by("mira", 2), 3).error().message,
            "the device was changed by nobody");
}

TEST_F(DeviceEditsTest, RefusesWhatIsNoneOfItsValues) {
  for (const std::string& tag :
       {std::string(), std::string("a;b"), std::string("a,b"), std::string("[x]"),
        std::string("\"x"), std::string(" x"), std::string("a\nb"), std::string("\xff"),
        std::string(kMaxTagBytes + 1, 'x')}) {
    EXPECT_EQ(edits.change(device, {.add_tags = {tag}}, by("a", 1)).error().code,
              ErrorCode::kInvalidInput)
        << tag;
  }
  EXPECT_EQ(edits.change(device, {.asset_value = "high"}, by("a", 1)).error().message,
            "'high' is no value of a device");
  EXPECT_EQ(edits.change(device, {.criticality = "Extreme"}, by("a", 1)).error().message,
            "'Extreme' is no criticality");
  DeviceChange many;
  for (std::size_t at = 0; at <= kMaxTagsADevice; ++at) {
    many.add_tags.push_back("tag " + std::to_string(at));
  }
  EXPECT_EQ(edits.change(device, many, by("a", 1)).error().message,
            "a device has at most 100 tags of its own");
  EXPECT_EQ(edits.change(std::string(40, 'f'), {.asset_value = "Low"}, by("a", 1)).error().code,
            ErrorCode::kConflict)
      << "of a device that is not known";
}

}  // namespace
}  // namespace spoor::state
