#include "store/side_by_side.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>

#include "base/result.h"

namespace spoor::store {
namespace {

TEST(SideBySide, RunsEachJobOnce) {
  constexpr std::size_t kJobs = 100;
  std::array<std::atomic<int>, kJobs> runs{};
  ASSERT_TRUE(run_side_by_side(kJobs, 4, [&](std::size_t at) -> Result<void> {
    ++runs[at];
    return {};
  }));
  for (const auto& count : runs) {
    EXPECT_EQ(count, 1);
  }
}

TEST(SideBySide, RunsAsManyAtATimeAsItMay) {
  // Each waits for the others: one after another they would wait for ever.
  std::barrier all(3);
  EXPECT_TRUE(run_side_by_side(3, 3, [&](std::size_t) -> Result<void> {
    all.arrive_and_wait();
    return {};
  }));
}

TEST(SideBySide, AnswersTheFirstFailureAndBeginsNoMore) {
  std::atomic<int> runs = 0;
  const auto done = run_side_by_side(50, 1, [&](std::size_t at) -> Result<void> {
    ++runs;
    return at < 7 ? Result<void>{} : fail(ErrorCode::kNoSpace, "no room for the eighth");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(done.error().message, "no room for the eighth");
  EXPECT_EQ(runs, 8);
}

TEST(SideBySide, AnswersTheLowestOfFailuresAtOnce) {
  std::barrier all(4);
  const auto done = run_side_by_side(4, 4, [&](std::size_t at) -> Result<void> {
    all.arrive_and_wait();
    return fail(ErrorCode::kEngine, std::string(1, static_cast<char>('a' + at)));
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "a");
}

TEST(SideBySide, NoJobsAreDone) {
  EXPECT_TRUE(run_side_by_side(
      0, 4, [](std::size_t) -> Result<void> { return fail(ErrorCode::kInternal, "never"); }));
}

}  // namespace
}  // namespace spoor::store
