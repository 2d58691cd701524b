#include "server/live_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/temp_folder.h"
#include "state/state.h"

namespace spoor::server {
namespace {

class LiveSettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = state::State::open(folder_ / "state.sqlite");
    ASSERT_TRUE(opened) << opened.error().to_string();
    state_ = *std::move(opened);
  }

  static LoadedConfig config(ConfigSources sources = {}) { return load_config(sources).value(); }
  std::unique_ptr<LiveSettings> open(const LoadedConfig& from) {
    auto settings =
        LiveSettings::open(*state_, from, [this](const Config& now) { applied_ = now; });
    EXPECT_TRUE(settings);
    return *std::move(settings);
  }
  static api::EffectiveSetting shown(const LiveSettings& settings, std::string_view name) {
    const auto all = settings.list().value();
    return *std::ranges::find(all, name, &api::EffectiveSetting::key);
  }
  static std::string error_of_as(const auth::Caller& caller, LiveSettings& settings) {
    const auto changed = settings.change(caller, "retention.live_days", "1");
    return changed ? "no error" : changed.error().to_string();
  }
  std::string error_of(LiveSettings& settings, std::string_view name, const std::string& value) {
    const auto changed = settings.change(admin_, name, value);
    return changed ? "no error" : changed.error().to_string();
  }

  TempFolder folder_;
  std::unique_ptr<state::State> state_;
  const auth::Caller admin_ = auth::local_caller();
  Config applied_;
};

TEST_F(LiveSettingsTest, AChangeHoldsAtOnceAndAtTheNextStart) {
  const LoadedConfig defaults = config();
  auto settings = open(defaults);
  EXPECT_EQ(applied_.retention.live_days, 90);
  EXPECT_TRUE(shown(*settings, "retention.live_days").is_changeable);
  EXPECT_EQ(shown(*settings, "retention.live_days").changed_by, "");
  EXPECT_EQ(shown(*settings, "retention.live_days").changed, std::nullopt);
  EXPECT_FALSE(shown(*settings, "server.listen").is_changeable);

  const auto changed = settings->change(admin_, "retention.live_days", "30");
  ASSERT_TRUE(changed) << changed.error().to_string();
  EXPECT_EQ(changed->value, "30");
  EXPECT_EQ(changed->origin, "changed");
  EXPECT_EQ(changed->changed_by, admin_.actor());
  EXPECT_GT(changed->changed.value_or(0), 0);
  EXPECT_EQ(applied_.retention.live_days, 30);
  EXPECT_EQ(settings->values().retention.live_days, 30);

  auto again = open(defaults);
  EXPECT_EQ(applied_.retention.live_days, 30);
  EXPECT_EQ(shown(*again, "retention.live_days").origin, "changed");
  EXPECT_EQ(shown(*again, "retention.live_days").changed_by, admin_.actor());

  const auto back = again->change(admin_, "retention.live_days", std::nullopt);
  ASSERT_TRUE(back) << back.error().to_string();
  EXPECT_EQ(back->value, "90");
  EXPECT_EQ(back->origin, "default");
  EXPECT_EQ(back->changed_by, admin_.actor()) << "who took it back";
  EXPECT_EQ(open(defaults)->values().retention.live_days, 90);
}

TEST_F(LiveSettingsTest, ChangesAreInTheAuditLog) {
  auto settings = open(config());
  ASSERT_TRUE(settings->change(admin_, "sessions.hours", "8"));
  ASSERT_TRUE(settings->change(admin_, "sessions.hours", std::nullopt));
  const auto entries = state_->audit().newest(10).value();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].action, "settings.change");
  EXPECT_EQ(entries[1].object, "sessions.hours");
  EXPECT_EQ(
      entries[1].detail,
      R"({"before":{"value":"12","origin":"default"},"after":{"value":"8","origin":"changed"}})");
  EXPECT_EQ(
      entries[0].detail,
      R"({"before":{"value":"8","origin":"changed"},"after":{"value":"12","origin":"default"}})");
}

TEST_F(LiveSettingsTest, RefusesAndChangesNothing) {
  auto settings = open(config());
  EXPECT_EQ(error_of(*settings, "retention.live_days", "0"),
            "retention.live_days is 0, and must be from 1 to 3650 d");
  EXPECT_EQ(error_of(*settings, "retention.live_days", "many"),
            "retention.live_days is 'many', and must be a whole number");
  EXPECT_EQ(error_of(*settings, "log.level", "loud"),
            "log.level is 'loud', and must be one of debug info warning error");
  EXPECT_EQ(error_of(*settings, "server.listen", "0.0.0.0:1"),
            "server.listen holds while the server runs (give it in the configuration and start the "
            "server again)");
  EXPECT_EQ(error_of(*settings, "server.nonsense", "1"), "there is no setting server.nonsense");
  for (const auto& role : schema::roles()) {
    if (role.role != auth::Role::kAdministrator) {
      auth::Caller caller = admin_;
      caller.permissions = role.permissions;
      EXPECT_EQ(error_of_as(caller, *settings), "This needs the permission \"settings.write\".")
          << role.name;
    }
  }
  EXPECT_EQ(settings->values().retention.live_days, 90);
  EXPECT_THAT(state_->audit().newest(10).value(), testing::IsEmpty());
  EXPECT_THAT(state_->settings().all().value(), testing::IsEmpty());
}

TEST_F(LiveSettingsTest, WhatIsGivenElsewhereWins) {
  ASSERT_TRUE(open(config())->change(admin_, "retention.live_days", "30"));
  const LoadedConfig from_environment =
      config({.file = "", .environment = {{"SPOOR_RETENTION_LIVE_DAYS", "60"}}, .flags = {}});
  auto settings = open(from_environment);
  EXPECT_EQ(applied_.retention.live_days, 60);
  const auto setting = shown(*settings, "retention.live_days");
  EXPECT_EQ(setting.origin, "environment");
  EXPECT_FALSE(setting.is_changeable);
  const std::string hint = " (change it there and start the server again, or take it out of there)";
  EXPECT_EQ(error_of(*settings, "retention.live_days", "5"),
            "retention.live_days is given by the environment of the server" + hint);
  const LoadedConfig from_flag =
      config({.file = "", .environment = {}, .flags = {"--sessions.hours=3"}});
  EXPECT_EQ(error_of(*open(from_flag), "sessions.hours", "5"),
            "sessions.hours is given by a flag of the server's command line" + hint);
  EXPECT_EQ(open(config())->values().retention.live_days, 30) << "the change was kept";
}

TEST_F(LiveSettingsTest, AStoredValueThatIsOutOfBoundsIsLeftOut) {
  ASSERT_TRUE(state_->settings().set("retention.live_days", "-4"));
  ASSERT_TRUE(state_->settings().set("server.listen", "0.0.0.0:1"));
  ASSERT_TRUE(state_->settings().set("of.another_build", "x"));
  auto settings = open(config());
  EXPECT_EQ(settings->values().retention.live_days, 90);
  EXPECT_EQ(settings->values().server.listen, "127.0.0.1:8443");
}

}  // namespace
}  // namespace spoor::server
