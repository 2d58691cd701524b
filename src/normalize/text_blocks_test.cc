#include "normalize/text_blocks.h"

#include <gtest/gtest.h>

namespace spoor::normalize {
namespace {

TEST(TextBlocks, TheLastMissingPartGivesTheWhole) {
  TextBlocks blocks;
  EXPECT_FALSE(blocks.add("ws01", "b", 2, 3, "two "));
  EXPECT_FALSE(blocks.add("ws01", "b", 3, 3, "three"));
  EXPECT_EQ(blocks.add("ws01", "b", 1, 3, "one "), "one two three");
  EXPECT_EQ(blocks.bytes(), 0u) << "nothing is kept of it";
}

TEST(TextBlocks, DevicesDoNotMix) {
  TextBlocks blocks;
  EXPECT_FALSE(blocks.add("ws01", "b", 1, 2, "a"));
  EXPECT_FALSE(blocks.add("ws02", "b", 2, 2, "b"));
  EXPECT_EQ(blocks.add("ws02", "b", 1, 2, "c"), "cb");
}

TEST(TextBlocks, WhatContradictsChangesNothing) {
  TextBlocks blocks;
  EXPECT_FALSE(blocks.add("ws01", "b", 1, 2, "a"));
  EXPECT_FALSE(blocks.add("ws01", "b", 1, 2, "again"));
  EXPECT_FALSE(blocks.add("ws01", "b", 2, 3, "another count"));
  EXPECT_FALSE(blocks.add("ws01", "b", 3, 2, "beyond the end"));
  EXPECT_FALSE(blocks.add("ws01", "b", 0, 2, "before the start"));
  EXPECT_FALSE(blocks.add("ws01", "", 1, 2, "of no block"));
  EXPECT_EQ(blocks.add("ws01", "b", 2, 2, "b"), "ab");
}

TEST(TextBlocks, LimitsHold) {
  TextBlocks blocks({.parts = 3, .block_bytes = 300, .all_bytes = 400});
  EXPECT_FALSE(blocks.add("ws01", "many", 1, 4, "a")) << "too many parts";
  EXPECT_EQ(blocks.bytes(), 0u);
  EXPECT_FALSE(blocks.add("ws01", "large", 1, 2, std::string(290, 'a'))) << "too large";
  EXPECT_EQ(blocks.bytes(), 0u);
  EXPECT_FALSE(blocks.add("ws01", "first", 1, 2, std::string(100, 'a')));
  EXPECT_FALSE(blocks.add("ws01", "second", 1, 2, std::string(100, 'b')));
  EXPECT_LE(blocks.bytes(), 400u) << "the oldest had to go";
  EXPECT_FALSE(blocks.add("ws01", "first", 2, 2, "a"));
  EXPECT_EQ(blocks.add("ws01", "second", 2, 2, "c"), std::string(100, 'b') + "c");
}

}  // namespace
}  // namespace spoor::normalize
