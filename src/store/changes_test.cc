#include "store/changes.h"

#include <gtest/gtest.h>

#include <vector>

namespace spoor::store {
namespace {

const std::vector<std::string> kMarks = {"DeviceMarks"};
const std::vector<std::string> kBoth = {"DeviceMarks", "DeviceTimeline"};

TEST(Changes, AWriteChangesTheStateOfItsTableAlone) {
  Changes changes;
  const auto marks = changes.state_of(kMarks);
  const auto both = changes.state_of(kBoth);
  ASSERT_TRUE(marks);
  ASSERT_TRUE(both);
  changes.begin("DeviceTimeline");
  EXPECT_EQ(changes.state_of(kMarks), marks);
  EXPECT_FALSE(changes.state_of(kBoth)) << "a write is under way";
  changes.end("DeviceTimeline");
  EXPECT_EQ(changes.state_of(kMarks), marks);
  ASSERT_TRUE(changes.state_of(kBoth));
  EXPECT_NE(changes.state_of(kBoth), both);
}

TEST(Changes, DefinitionsChangeEveryTable) {
  Changes changes;
  const auto before = changes.state_of(kMarks);
  changes.begin(Changes::kEveryTable);
  EXPECT_FALSE(changes.state_of(kMarks));
  changes.end(Changes::kEveryTable);
  ASSERT_TRUE(changes.state_of(kMarks));
  EXPECT_NE(changes.state_of(kMarks), before);
}

TEST(Changes, AWriteOfUnknownOutcomeKeepsTheTableOpen) {
  Changes changes;
  changes.begin("DeviceMarks");
  changes.begin("DeviceMarks");
  changes.end("DeviceMarks");
  EXPECT_FALSE(changes.state_of(kMarks));
}

}  // namespace
}  // namespace spoor::store
