#include "state/marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_folder.h"
#include "state/state.h"

namespace spoor::state {
namespace {

struct MarksTest : testing::Test {
  TempFolder folder;
  std::unique_ptr<State> state = *State::open(folder / "state.sqlite");
  Marks& marks = state->marks();
  std::string device = std::string(40, 'a');
  MarkedEvent event{device, 7, 1000};

  std::vector<std::string> standing() {
    std::vector<std::string> values;
    const std::vector<std::string> devices = {device};
    const std::vector<std::int64_t> ids = {7, 8};
    const auto found = marks.of_events(devices, ids);
    EXPECT_TRUE(found) << found.error().to_string();
    for (const Mark& mark : *found) {
      values.push_back(std::string(mark_kind_name(mark.kind)) + "=" + mark.value);
    }
    return values;
  }
};

TEST_F(MarksTest, TheLastVersionStandsAndAllAreKept) {
  ASSERT_TRUE(marks.set(event, MarkKind::kFlag, "red", "n.varga", 100));
  const auto changed = marks.set(event, MarkKind::kFlag, "green", "mira", 100);
  ASSERT_TRUE(changed) << changed.error().to_string();
  EXPECT_EQ(changed->replaced, "red");
  EXPECT_EQ(changed->mark.version, 2);
  EXPECT_EQ(changed->mark.set, 102) << "later than the version before, whatever the clock says";
  ASSERT_TRUE(marks.set(event, MarkKind::kNote, "seen in the mail", "mira", 200));
  EXPECT_THAT(standing(), testing::ElementsAre("flag=green", "note=seen in the mail"));
  ASSERT_TRUE(marks.set(event, MarkKind::kFlag, "", "mira", 300));
  EXPECT_THAT(standing(), testing::ElementsAre("note=seen in the mail"));
  const auto versions = marks.versions(device, 7, MarkKind::kFlag);
  ASSERT_EQ(versions->size(), 3u);
  EXPECT_EQ((*versions)[2].author, "n.varga");
}

TEST_F(MarksTest, FlagsOfAnAuthorAreThoseThatStandTheLastSetFirst) {
  const auto by = [&](std::string_view author, int limit, const std::optional<Mark>& before) {
    return *marks.flags_by(author, limit, before);
  };
  for (std::int64_t id = 1; id <= 3; ++id) {
    ASSERT_TRUE(marks.set({device, id, 1000}, MarkKind::kFlag, "red", "mira", 100));
  }
  ASSERT_TRUE(marks.set({device, 4, 1000}, MarkKind::kFlag, "red", "n.varga", 200));
  ASSERT_TRUE(marks.set({device, 5, 1000}, MarkKind::kNote, "a note", "mira", 200));
  ASSERT_TRUE(marks.set({device, 1, 1000}, MarkKind::kFlag, "", "mira", 300));
  ASSERT_TRUE(marks.set({device, 6, 1000}, MarkKind::kFlag, "blue", "mira", 400));
  const auto page = by("mira", 2, {});
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].event.event_id, 6);
  EXPECT_EQ(page[1].event.event_id, 3);
  const auto rest = by("mira", 2, page[1]);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].event.event_id, 2);
  ASSERT_TRUE(marks.set({device, 6, 1000}, MarkKind::kFlag, "red", "n.varga", 500));
  EXPECT_EQ(by("mira", 9, {}).size(), 2u) << "it is another's now";
}

TEST_F(MarksTest, RestoringMakesAnEarlierVersionTheNewest) {
  ASSERT_TRUE(marks.set(event, MarkKind::kNote, "first", "a", 1));
  ASSERT_TRUE(marks.set(event, MarkKind::kNote, "second", "b", 2));
  const auto restored = marks.restore(device, 7, MarkKind::kNote, 1, "c", 3);
  ASSERT_TRUE(restored) << restored.error().to_string();
  EXPECT_EQ(restored->mark.version, 3);
  EXPECT_EQ(restored->mark.event.time, 1000);
  EXPECT_THAT(standing(), testing::ElementsAre("note=first"));
  ASSERT_TRUE(marks.restore(device, 7, MarkKind::kNote, 0, "c", 4));
  EXPECT_THAT(standing(), testing::IsEmpty());
  EXPECT_EQ(marks.restore(device, 7, MarkKind::kNote, 9, "c", 5).error().message,
            "the note has no version 9");
  EXPECT_EQ(marks.restore(device, 7, MarkKind::kFlag, 0, "c", 5).error().code,
            ErrorCode::kNotFound);
}

TEST_F(MarksTest, SettingTheSameValueMakesNoVersion) {
  ASSERT_TRUE(marks.set(event, MarkKind::kFlag, "red", "a", 1));
  EXPECT_FALSE(marks.set(event, MarkKind::kFlag, "red", "b", 2)->changed);
  EXPECT_EQ(marks.versions(device, 7, MarkKind::kFlag)->size(), 1u);
}

TEST_F(MarksTest, AConflictIsSaid) {
  ASSERT_TRUE(marks.set(event, MarkKind::kFlag, "red", "n.varga", 1, 0));
  const auto late = marks.set(event, MarkKind::kFlag, "blue", "mira", 2, 0);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);
  EXPECT_EQ(late.error().message, "the flag was changed by n.varga");
  EXPECT_TRUE(marks.set(event, MarkKind::kFlag, "blue", "mira", 2, 1));
}

TEST_F(MarksTest, RefusesWhatIsNoMark) {
  EXPECT_EQ(marks.set(event, MarkKind::kFlag, "pink", "a", 1).error().message,
            "'pink' is no colour of a flag");
  EXPECT_EQ(marks.set({device, 0, 1}, MarkKind::kFlag, "red", "a", 1).error().message,
            "a mark is put on an event of a device");
  EXPECT_EQ(marks.set(event, MarkKind::kNote, std::string(kMaxNoteBytes + 1, 'a'), "a", 1)
                .error()
                .message,
            "a note has at most 10000 bytes");
  EXPECT_EQ(marks.set(event, MarkKind::kNote, "\xff", "a", 1).error().message,
            "a note is text in UTF-8");
}

TEST_F(MarksTest, MarksOfADeviceComeByTimeOfTheirEvents) {
  for (std::int64_t i = 1; i <= 5; ++i) {
    ASSERT_TRUE(marks.set({device, i, i * 10}, MarkKind::kFlag, "red", "a", 1));
  }
  const std::vector<std::string> devices = {device};
  const auto newest = marks.of_devices(devices, 2);
  ASSERT_EQ(newest->size(), 2u);
  EXPECT_EQ((*newest)[1].event.event_id, 4);
  const auto next = marks.of_devices(devices, 10, (*newest)[1].event.time, 4);
  ASSERT_EQ(next->size(), 3u);
  EXPECT_EQ((*next)[0].event.event_id, 3);
}

}  // namespace
}  // namespace spoor::state
