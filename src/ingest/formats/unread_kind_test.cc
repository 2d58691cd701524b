#include "ingest/formats/unread_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spoor::ingest {
namespace {

using testing::ElementsAre;

TEST(UnreadKind, IsToldByTheName) {
  EXPECT_EQ(unread_kind("C/Windows/System32/config/SYSTEM"), "registry hives");
  EXPECT_EQ(unread_kind("t.zip!uploads/auto/C%3A/Users/ann/NTUSER.DAT.LOG1"), "registry hives");
  EXPECT_EQ(unread_kind("t.zip!uploads/ntfs/%5C%5C.%5CC%3A/%24MFT"), "file system records");
  EXPECT_EQ(unread_kind("C\\Windows\\Prefetch\\CMD.EXE-1.pf"), "prefetch files");
  EXPECT_EQ(unread_kind("t.zip!results/Windows.Sys.Users.json"), "tables and lists");
  EXPECT_EQ(unread_kind("a%zz"), "files of no known kind");
  EXPECT_EQ(unread_kind(""), "files of no known kind");
}

TEST(UnreadKind, CountsEachKindOnceWithExamples) {
  const std::vector<std::string> paths = {"a/SAM", "x", "b.pf", "c.pf", "d.pf"};
  const auto kinds = unread_by_kind(paths, 2);
  ASSERT_EQ(kinds.size(), 3u);
  EXPECT_EQ(kinds[0].kind, "prefetch files");
  EXPECT_EQ(kinds[0].count, 3u);
  EXPECT_THAT(kinds[0].examples, ElementsAre("b.pf", "c.pf"));
  EXPECT_EQ(kinds[1].kind, "registry hives");
  EXPECT_EQ(kinds[2].count, 1u);
}

}  // namespace
}  // namespace spoor::ingest
