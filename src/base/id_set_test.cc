#include "base/id_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace spoor {
namespace {

TEST(IdSet, HoldsWhatAStandardSetHolds) {
  std::mt19937_64 random(20261124);
  IdSet ids;
  for (int round = 0; round < 3; ++round) {
    std::set<std::int64_t> expected;
    for (int step = 0; step < 20'000; ++step) {
      // Few distinct values, so that many are met again; some differ in their high bits alone.
      const auto value = static_cast<std::int64_t>(random() % 9'000) + 1;
      const std::int64_t id = step % 3 == 0 ? value << 40 : value;
      EXPECT_EQ(ids.insert(id), expected.insert(id).second);
    }
    EXPECT_EQ(ids.size(), expected.size());
    for (std::int64_t value = 1; value < 9'500; ++value) {
      ASSERT_EQ(ids.contains(value), expected.contains(value)) << value;
      ASSERT_EQ(ids.contains(value << 40), expected.contains(value << 40)) << value;
    }
    ids.clear();
    EXPECT_TRUE(ids.empty());
    EXPECT_FALSE(ids.contains(1));
  }
}

TEST(IdSet, TakesNegativeIds) {
  IdSet ids;
  EXPECT_TRUE(ids.insert(-7));
  EXPECT_FALSE(ids.insert(-7));
  EXPECT_TRUE(ids.contains(-7));
  EXPECT_FALSE(ids.contains(7));
}

}  // namespace
}  // namespace spoor
