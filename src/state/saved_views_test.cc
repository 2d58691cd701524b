#include "state/saved_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_folder.h"
#include "state/state.h"

namespace spoor::state {
namespace {

using testing::ElementsAre;

struct SavedViewsTest : testing::Test {
  TempFolder folder;
  std::unique_ptr<State> state = *State::open(folder / "state.sqlite");
  SavedViews& views = state->saved_views();

  static SavedView view(std::string id, std::string owner, std::string name, bool is_shared) {
    SavedView made;
    made.id = std::move(id);
    made.owner = std::move(owner);
    made.owner_name = made.owner;
    made.page = "devices";
    made.name = std::move(name);
    made.content = R"({"q":"x"})";
    made.is_shared = is_shared;
    return made;
  }
  std::vector<std::string> names(std::string_view owner, std::string_view page = "") {
    std::vector<std::string> found;
    const auto listed = views.list(owner, page);
    EXPECT_TRUE(listed) << listed.error().to_string();
    for (const SavedView& each : *listed) {
      found.push_back(each.name);
    }
    return found;
  }
};

TEST_F(SavedViewsTest, ListsMineAndWhatOthersShare) {
  ASSERT_TRUE(views.add(view("1", "ann", "zebra", false), 5));
  ASSERT_TRUE(views.add(view("2", "bea", "apple", true), 5));
  ASSERT_TRUE(views.add(view("3", "bea", "secret", false), 5));
  EXPECT_THAT(names("ann"), ElementsAre("zebra", "apple"));
  EXPECT_THAT(names("bea"), ElementsAre("apple", "secret"));
  EXPECT_THAT(names("ann", "timeline"), ElementsAre());
}

TEST_F(SavedViewsTest, ANameIsGivenOnce) {
  ASSERT_TRUE(views.add(view("1", "ann", "Mine", false), 5));
  EXPECT_EQ(views.add(view("2", "ann", "MINE", false), 5).error().message,
            "there is a view \"MINE\" already");
  ASSERT_TRUE(views.add(view("2", "bea", "mine", false), 5));
  ASSERT_TRUE(views.add(view("3", "ann", "other", false), 5));
  EXPECT_EQ(views.change(view("3", "ann", "mine", false), {}, 6).error().code,
            ErrorCode::kConflict);
  EXPECT_TRUE(views.change(view("3", "ann", "Other", false), {}, 6)) << "its own, written anew";
}

TEST_F(SavedViewsTest, AChangeIsOfTheVersionThatWasRead) {
  ASSERT_TRUE(views.add(view("1", "ann", "a", false), 5));
  const auto changed = views.change(view("1", "", "b", true), 1, 6);
  ASSERT_TRUE(changed) << changed.error().to_string();
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(changed->owner, "ann") << "a change gives it to nobody else";
  EXPECT_EQ(changed->created, 5);
  EXPECT_EQ(views.change(view("1", "", "c", true), 1, 7).error().message,
            "the view was changed since it was read");
  ASSERT_TRUE(views.remove("1"));
  EXPECT_EQ(views.remove("1").error().message, "there is no such view");
  EXPECT_EQ(views.change(view("1", "", "c", true), {}, 7).error().code, ErrorCode::kNotFound);
}

TEST_F(SavedViewsTest, APersonHasSoManyViews) {
  for (std::int64_t at = 0; at < kMaxViewsAPerson; ++at) {
    ASSERT_TRUE(views.add(view(std::to_string(at), "ann", "v" + std::to_string(at), false), 5));
  }
  EXPECT_EQ(views.add(view("x", "ann", "one more", false), 5).error().message,
            "a person has at most 200 views");
  EXPECT_TRUE(views.add(view("x", "bea", "hers", false), 5));
}

TEST_F(SavedViewsTest, WithAUserGoesWhatOnlyTheyCouldSee) {
  User user;
  user.id = "u1";
  user.name = "ann";
  user.groups = {kAllDevices};
  ASSERT_TRUE(state->users().add(user, "$argon2id$x"));
  ASSERT_TRUE(views.add(view("1", "u1", "secret", false), 5));
  ASSERT_TRUE(views.add(view("2", "u1", "shared", true), 5));
  ASSERT_TRUE(state->person_settings().set("u1", {R"({"theme":"dark"})", 5}));
  ASSERT_TRUE(state->users().remove("u1"));
  EXPECT_THAT(names("u1"), ElementsAre("shared"));
  EXPECT_FALSE(state->person_settings().get("u1")->has_value());
}

TEST_F(SavedViewsTest, OfAPersonsSettingsTheNewestWins) {
  PersonSettings& settings = state->person_settings();
  EXPECT_FALSE(settings.get("u1")->has_value());
  ASSERT_TRUE(settings.set("u1", {R"({"theme":"dark"})", 6}));
  ASSERT_TRUE(settings.set("u1", {R"({"theme":"system"})", 5})) << "it arrives late";
  EXPECT_EQ((*settings.get("u1"))->json, R"({"theme":"dark"})");
  EXPECT_EQ((*settings.get("u1"))->changed, 6);
  ASSERT_TRUE(settings.set("u1", {R"({"theme":"light"})", 6}));
  EXPECT_EQ((*settings.get("u1"))->json, R"({"theme":"light"})");
}

}  // namespace
}  // namespace spoor::state
