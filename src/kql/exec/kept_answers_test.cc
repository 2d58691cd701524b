#include "kql/exec/kept_answers.h"

#include <gtest/gtest.h>

#include <map>

namespace spoor::kql {
namespace {

/// A store of one number, whose reads are counted.
class Kept : public ::testing::Test {
 protected:
  [[nodiscard]] std::string ask(const EngineStatement& statement) {
    std::string answer;
    const auto done = runner_(statement, [&](std::string_view part) -> Result<void> {
      answer += part;
      return {};
    });
    EXPECT_TRUE(done);
    return answer;
  }
  static EngineStatement statement(std::string device = "d1") {
    EngineStatement made;
    made.sql = "SELECT {p1:String}";
    made.parameters = {{"p1", "String", std::move(device)}};
    made.tables = {"DeviceMarks"};
    made.may_be_kept = true;
    return made;
  }

  std::optional<std::uint64_t> state_ = 0;
  int reads_ = 0;
  std::string content_ = "old";
  std::function<void()> while_reading_;
  KeptAnswers answers_{[this](std::span<const std::string>) { return state_; }, 4096};
  Runner runner_ = answers_.over(
      [this](const EngineStatement&,
             const std::function<Result<void>(std::string_view)>& sink) -> Result<void> {
        ++reads_;
        TRY_VOID(sink(content_.substr(0, 1)));
        TRY_VOID(sink(content_.substr(1)));
        if (while_reading_) {
          while_reading_();
        }
        return {};
      });
};

TEST_F(Kept, AnAnswerIsReadOnceUntilATableChanges) {
  EXPECT_EQ(ask(statement()), "old");
  EXPECT_EQ(ask(statement()), "old");
  EXPECT_EQ(reads_, 1);
  content_ = "new";
  state_ = 1;
  EXPECT_EQ(ask(statement()), "new");
  EXPECT_EQ(ask(statement()), "new");
  EXPECT_EQ(reads_, 2);
}

TEST_F(Kept, OtherValuesAreOtherAnswers) {
  (void)ask(statement("d1"));
  content_ = "of d2";
  EXPECT_EQ(ask(statement("d2")), "of d2");
  EXPECT_EQ(ask(statement("d1")), "old");
  EngineStatement other = statement("d1");
  other.settings = {{"max_rows", "1"}};
  EXPECT_EQ(ask(other), "of d2");
}

TEST_F(Kept, WhatIsReadBesideAWriteIsNotKept) {
  state_ = std::nullopt;
  (void)ask(statement());
  state_ = 2;
  content_ = "new";
  EXPECT_EQ(ask(statement()), "new");
  while_reading_ = [this] { state_ = 3; };
  (void)ask(statement("d2"));
  while_reading_ = nullptr;
  content_ = "newer";
  EXPECT_EQ(ask(statement("d2")), "newer") << "a write began while it was read";
}

TEST_F(Kept, OnlyWhatMayBeKeptIs) {
  EngineStatement once = statement();
  once.may_be_kept = false;
  (void)ask(once);
  (void)ask(once);
  EXPECT_EQ(reads_, 2);
  EXPECT_EQ(answers_.bytes(), 0U);
}

TEST_F(Kept, RoomIsBounded) {
  content_ = std::string(300, 'x');
  for (int device = 0; device < 100; ++device) {
    (void)ask(statement(std::to_string(device)));
    EXPECT_LE(answers_.bytes(), 4096U);
  }
  EXPECT_GT(answers_.bytes(), 1000U);
  reads_ = 0;
  (void)ask(statement("99"));
  EXPECT_EQ(reads_, 0);
  (void)ask(statement("0"));
  EXPECT_EQ(reads_, 1) << "the least recently used went";
  content_ = std::string(3000, 'x');
  (void)ask(statement("large"));
  reads_ = 0;
  (void)ask(statement("large"));
  EXPECT_EQ(reads_, 1) << "an answer that takes most of the room is not kept";
}

TEST_F(Kept, AFailureIsNotKept) {
  bool fails = true;
  const Runner runner =
      answers_.over([&](const EngineStatement&,
                        const std::function<Result<void>(std::string_view)>& sink) -> Result<void> {
        TRY_VOID(sink("half"));
        return fails ? fail(ErrorCode::kEngine, "the engine is gone") : Result<void>{};
      });
  const auto sink = [](std::string_view) -> Result<void> { return {}; };
  EXPECT_FALSE(runner(statement(), sink));
  EXPECT_EQ(answers_.bytes(), 0U);
  fails = false;
  EXPECT_TRUE(runner(statement(), sink));
}

}  // namespace
}  // namespace spoor::kql
