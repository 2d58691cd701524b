#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_folder.h"
#include "state/sqlite.h"
#include "state/state.h"

namespace spoor::state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kHash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA";
const std::string kSecretHash(64, 'a');

struct UsersTest : testing::Test {
  void SetUp() override {
    state = State::open(path).value();
    ASSERT_TRUE(state->users().add({.id = "u1",
                                    .name = "Ann",
                                    .display_name = "Ann B.",
                                    .role = schema::Role::kAnalyst,
                                    .groups = {"all"},
                                    .must_change_password = true,
                                    .created = 5},
                                   kHash));
  }
  TempFolder folder;
  std::string path = folder / "state.sqlite";
  std::unique_ptr<State> state;
};

TEST_F(UsersTest, AUserIsFoundByNameWithoutRegardToCase) {
  const User user = state->users().find("aNN").value().value();
  EXPECT_EQ(user.id, "u1");
  EXPECT_EQ(user.name, "Ann");
  EXPECT_EQ(user.display_name, "Ann B.");
  EXPECT_EQ(user.role, schema::Role::kAnalyst);
  EXPECT_THAT(user.groups, ElementsAre("all"));
  EXPECT_TRUE(user.must_change_password);
  EXPECT_FALSE(user.disabled);
  EXPECT_EQ(user.created, 5);
  EXPECT_EQ(user.last_sign_in, std::nullopt);
  EXPECT_EQ(state->users().find("an").value(), std::nullopt);
  const auto twice = state->users().add({.id = "u2", .name = "ANN"}, kHash);
  EXPECT_EQ(twice.error().code, ErrorCode::kConflict);
  EXPECT_EQ(twice.error().message, "there is a user \"ANN\" already");
  EXPECT_EQ(state->users().count().value(), 1);
}

TEST_F(UsersTest, APasswordIsStoredAsAnArgonHashOrNotAtAll) {
  EXPECT_EQ(state->users().add({.id = "u2", .name = "bob"}, "secret").error().code,
            ErrorCode::kConflict);
  EXPECT_EQ(state->users().set_password("u1", "secret", false).error().code, ErrorCode::kConflict);
  EXPECT_EQ(state->users().password_hash("u1").value(), kHash);
  EXPECT_EQ(state->users().password_hash("u2").error().code, ErrorCode::kNotFound);
}

TEST_F(UsersTest, AGroupThatDoesNotExistIsRefusedAndNothingIsChanged) {
  User user = state->users().get("u1").value().value();
  user.groups = {"all", "servers"};
  user.role = schema::Role::kReader;
  const auto changed = state->users().update(user);
  EXPECT_EQ(changed.error().code, ErrorCode::kConflict);
  EXPECT_EQ(changed.error().message, "there is no device group \"servers\"");
  EXPECT_EQ(state->users().get("u1").value()->role, schema::Role::kAnalyst);
  user.groups.clear();
  ASSERT_TRUE(state->users().update(user));
  EXPECT_THAT(state->users().get("u1").value()->groups, IsEmpty());
  user.id = "u9";
  EXPECT_EQ(state->users().update(user).error().code, ErrorCode::kNotFound);
}

TEST_F(UsersTest, FailuresAreKeptUntilASignIn) {
  ASSERT_TRUE(state->users().set_failures("u1", 5, 90, 100));
  User user = state->users().get("u1").value().value();
  EXPECT_EQ(user.failed_tries, 5);
  EXPECT_EQ(user.last_failed, 90);
  EXPECT_EQ(user.locked_until, 100);
  ASSERT_TRUE(state->users().note_sign_in("u1", 200));
  user = state->users().get("u1").value().value();
  EXPECT_EQ(user.failed_tries, 0);
  EXPECT_EQ(user.locked_until, 0);
  EXPECT_EQ(user.last_sign_in, 200);
}

TEST_F(UsersTest, OnlyActiveUsersOfTheRoleAreCounted) {
  EXPECT_EQ(state->users().count_active(schema::Role::kAnalyst).value(), 1);
  EXPECT_EQ(state->users().count_active(schema::Role::kAdministrator).value(), 0);
  User user = state->users().get("u1").value().value();
  user.disabled = true;
  ASSERT_TRUE(state->users().update(user));
  EXPECT_EQ(state->users().count_active(schema::Role::kAnalyst).value(), 0);
}

TEST_F(UsersTest, SessionsEndByAgeByIdlenessAndWithTheirUser) {
  Sessions& sessions = state->sessions();
  for (const char* id : {"s1", "s2", "s3"}) {
    ASSERT_TRUE(sessions.add({.id = id,
                              .user_id = "u1",
                              .created = 10,
                              .last_used = 10,
                              .expires = 1000,
                              .address = "10.0.0.9",
                              .agent = "curl"},
                             kSecretHash));
  }
  EXPECT_EQ(sessions.add({.id = "s4", .user_id = "u9"}, kSecretHash).error().code,
            ErrorCode::kConflict);
  EXPECT_EQ(sessions.add({.id = "s4", .user_id = "u1"}, "short").error().code,
            ErrorCode::kConflict);
  ASSERT_TRUE(sessions.touch("s2", 500));
  ASSERT_TRUE(sessions.touch("s2", 400));
  EXPECT_EQ(sessions.get("s2").value()->last_used, 500) << "time does not go back";
  EXPECT_EQ(sessions.list("u1").value().at(0).id, "s2");
  EXPECT_EQ(sessions.secret_hash("s1").value(), kSecretHash);
  EXPECT_EQ(sessions.secret_hash("s9").value(), std::nullopt);
  EXPECT_EQ(sessions.remove_ended(600, 100).value(), 2) << "s1 and s3 were idle";
  EXPECT_EQ(sessions.remove_ended(1000, 100).value(), 1) << "s2 is past its end";
  EXPECT_FALSE(sessions.remove("s2").value());

  ASSERT_TRUE(sessions.add({.id = "s5", .user_id = "u1"}, kSecretHash));
  ASSERT_TRUE(sessions.add({.id = "s6", .user_id = "u1"}, kSecretHash));
  EXPECT_EQ(sessions.remove_all("u1", "s5").value(), 1);
  ASSERT_TRUE(state->users().remove("u1"));
  EXPECT_EQ(sessions.get("s5").value(), std::nullopt);
}

TEST_F(UsersTest, TokensAreRevokedOnce) {
  Tokens& tokens = state->tokens();
  ASSERT_TRUE(tokens.add({.id = "t1",
                          .name = "forwarder",
                          .owner_id = "u1",
                          .scopes = {schema::TokenScope::kCollector, schema::TokenScope::kMetrics},
                          .devices = {"ws-1 \"x\"", "ws-2"},
                          .created = 7,
                          .expires = 70},
                         kSecretHash));
  EXPECT_EQ(tokens.add({.id = "t2", .name = "", .owner_id = "u1"}, kSecretHash).error().code,
            ErrorCode::kConflict);
  Token token = tokens.get("t1").value().value();
  EXPECT_EQ(token.name, "forwarder");
  EXPECT_THAT(token.scopes,
              ElementsAre(schema::TokenScope::kCollector, schema::TokenScope::kMetrics));
  EXPECT_THAT(token.devices, ElementsAre("ws-1 \"x\"", "ws-2"));
  EXPECT_EQ(token.expires, 70);
  EXPECT_EQ(token.last_used, std::nullopt);
  ASSERT_TRUE(tokens.touch("t1", 30));
  ASSERT_TRUE(tokens.revoke("t1", 40));
  EXPECT_EQ(tokens.revoke("t1", 50).error().message, "the token is revoked already");
  EXPECT_EQ(tokens.revoke("t9", 50).error().code, ErrorCode::kNotFound);
  token = tokens.get("t1").value().value();
  EXPECT_EQ(token.last_used, 30);
  EXPECT_EQ(token.revoked, 40);
  EXPECT_EQ(tokens.list("u1").value().size(), 1U);
  EXPECT_THAT(tokens.list("u9").value(), IsEmpty());
  EXPECT_EQ(tokens.list().value().size(), 1U);
}

TEST_F(UsersTest, WhatANewerBuildKnowsIsRefusedOrMeansNothing) {
  ASSERT_TRUE(state->tokens().add({.id = "t1", .name = "n", .owner_id = "u1"}, kSecretHash));
  const auto database = Database::open(path).value();
  ASSERT_TRUE(database->execute("UPDATE tokens SET scopes = '[\"read\",\"rule_the_world\"]'"));
  EXPECT_THAT(state->tokens().get("t1").value()->scopes, ElementsAre(schema::TokenScope::kRead));
  ASSERT_TRUE(database->execute("UPDATE users SET role = 'emperor'"));
  const auto user = state->users().get("u1");
  EXPECT_EQ(user.error().to_string(), "Ann: this build does not know the role \"emperor\"");
}

TEST_F(UsersTest, ThereIsOneDeviceGroup) {
  const auto groups = state->device_groups().list().value();
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].id, kAllDevices);
}

TEST_F(UsersTest, TheAuditLogAnswersByFilterPageByPage) {
  AuditLog& audit = state->audit();
  for (int at = 0; at < 10; ++at) {
    ASSERT_TRUE(audit.append({.time = at,
                              .actor = at % 2 == 0 ? "ann" : "bob",
                              .action = at < 5 ? "user.add" : "token.add",
                              .object = "o" + std::to_string(at % 3),
                              .address = "10.0.0.1",
                              .outcome = at == 9 ? AuditOutcome::kRefused : AuditOutcome::kDone}));
  }
  const auto times = [&](const AuditFilter& filter, int limit = 100, std::int64_t before = 1000) {
    std::vector<Ticks> found;
    const std::vector<AuditEntry> entries = audit.newest(limit, before, filter).value();
    for (const AuditEntry& entry : entries) {
      found.push_back(entry.time);
    }
    return found;
  };
  EXPECT_THAT(times({.since = 3, .until = 6}), ElementsAre(5, 4, 3));
  EXPECT_THAT(times({.actor = "ann"}), ElementsAre(8, 6, 4, 2, 0));
  EXPECT_THAT(times({.action_prefix = "user."}), ElementsAre(4, 3, 2, 1, 0));
  EXPECT_THAT(times({.action_prefix = "user_"}), IsEmpty()) << "a prefix is no pattern";
  EXPECT_THAT(times({.action_prefix = "%"}), IsEmpty());
  EXPECT_THAT(times({.since = 2, .actor = "ann", .action_prefix = "user", .object = "o2"}),
              ElementsAre(2));
  EXPECT_THAT(times({.actor = "' OR 1=1 --"}), IsEmpty());
  EXPECT_THAT(times({.actor = "ann"}, 2), ElementsAre(8, 6));
  const std::int64_t last = audit.newest(2, 1000, {.actor = "ann"}).value().back().id;
  EXPECT_THAT(times({.actor = "ann"}, 2, last), ElementsAre(4, 2));
  const AuditEntry newest = audit.newest(1).value().at(0);
  EXPECT_EQ(newest.address, "10.0.0.1");
  EXPECT_EQ(audit_outcome_name(newest.outcome), "refused");
}

}  // namespace
}  // namespace spoor::state
