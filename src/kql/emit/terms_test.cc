#include "kql/emit/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spoor::kql {
namespace {

using testing::ElementsAre;

TEST(Terms, AreRunsOfLettersAndDigitsOfAnyScript) {
  EXPECT_THAT(terms_of("cmd.exe /c foo_bar"), ElementsAre("cmd", "exe", "c", "foo", "bar"));
  EXPECT_THAT(terms_of("foo–bar «straße» x²"), ElementsAre("foo", "bar", "straße", "x²"));
  EXPECT_THAT(terms_of("данные/日本語・テスト"), ElementsAre("данные", "日本語", "テスト"));
  EXPECT_THAT(terms_of("€5 ½ ™ 🙂"), ElementsAre("5", "½"));
  EXPECT_THAT(terms_of("٣"), ElementsAre("٣"));
  // Marks, private use and what is no character part terms.
  EXPECT_THAT(terms_of("e\u0301a \ue000b \ufffdc"), ElementsAre("e", "a", "b", "c"));
  EXPECT_THAT(terms_of(""), ElementsAre());
}

TEST(Terms, BytesThatAreNoTextPartTerms) {
  EXPECT_THAT(terms_of("a\xff\x80z"), ElementsAre("a", "z"));
  EXPECT_FALSE(starts_with_term("\xff"));
  EXPECT_FALSE(ends_with_term("a\xc3"));
}

TEST(Terms, ManyNeedlesAreFewPatterns) {
  EXPECT_THAT(any_term_patterns({"foo", "b.c", ".exe", "--"}),
              ElementsAre("(?i)(?:\\-\\-)", "(?i)(?:\\.exe)(?:[^\\p{L}\\p{N}]|$)",
                          "(?i)(?:^|[^\\p{L}\\p{N}])(?:foo|b\\.c)(?:[^\\p{L}\\p{N}]|$)"));
  EXPECT_THAT(any_term_patterns({}), ElementsAre());
  EXPECT_LT(any_term_patterns(std::vector<std::string>(10'000, "needle")).size(), 8U);
}

TEST(Terms, GuardsStandWhereTheNeedleEndsInATerm) {
  EXPECT_EQ(term_pattern("foo", true, true, true),
            "(?i)(?:^|[^\\p{L}\\p{N}])foo(?:[^\\p{L}\\p{N}]|$)");
  EXPECT_EQ(term_pattern(".exe", false, true, true), "\\.exe(?:[^\\p{L}\\p{N}]|$)");
  EXPECT_EQ(term_pattern("–é", false, true, false), "–é");
  EXPECT_TRUE(starts_with_term("éa"));
  EXPECT_TRUE(ends_with_term("a\n語"));
  EXPECT_FALSE(ends_with_term("a\n"));
}

}  // namespace
}  // namespace spoor::kql
