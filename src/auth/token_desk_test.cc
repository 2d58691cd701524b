#include "auth/token_desk.h"

#include "auth/auth_fixture.h"

namespace spoor::auth {
namespace {

using schema::TokenScope;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kInvalid = "The token is not valid.";

struct TokenDeskTest : AuthFixture {
  void SetUp() override {
    AuthFixture::SetUp();
    add("root", Role::kAdministrator);
    admin = caller("root");
    analyst = caller("ann");
  }
  std::string refusal(const Caller& caller, const NewToken& token) {
    const auto issued = tokens.issue(caller, token);
    return issued ? "issued" : issued.error().message;
  }
  std::string state_of(const IssuedToken& issued) {
    const auto caller = authenticator.from_bearer(issued.text.reveal(), kAddress);
    return caller ? "works" : caller.error().message;
  }
  Caller admin;
  Caller analyst;
};

TEST_F(TokenDeskTest, ATokenDoesWhatItsScopesNameAndItsOwnerMay) {
  const auto issued = tokens.issue(analyst, {.name = "notebook", .scopes = {TokenScope::kRead}});
  ASSERT_TRUE(issued) << issued.error().to_string();
  const auto caller = authenticator.from_bearer(issued->text.reveal(), kAddress);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->kind, CallerKind::kToken);
  EXPECT_EQ(caller->actor(), "token:" + issued->token.id);
  EXPECT_EQ(caller->name, "token notebook");
  EXPECT_TRUE(caller->scope.all);
  EXPECT_FALSE(caller->collector);
  EXPECT_TRUE(require(*caller, Permission::kQueryRun));
  EXPECT_FALSE(require(*caller, Permission::kImportRun)) << "the owner may, the scope does not say";
  EXPECT_FALSE(require(*caller, Permission::kSessionsManageOwn));

  ASSERT_TRUE(accounts.change(admin, "ann", {.role = Role::kAuditor}));
  const auto later = authenticator.from_bearer(issued->text.reveal(), kAddress);
  EXPECT_FALSE(require(*later, Permission::kQueryRun)) << "the owner no longer may";
}

TEST_F(TokenDeskTest, ACollectorSpeaksForItsDevicesAndReadsNothing) {
  const auto issued = tokens.issue(
      admin,
      {.name = "forwarder", .scopes = {TokenScope::kCollector}, .devices = {"WS-1.example.org"}});
  ASSERT_TRUE(issued) << issued.error().to_string();
  const Caller caller = authenticator.from_bearer(issued->text.reveal(), kAddress).value();
  EXPECT_EQ(caller.permissions.count(), 1U);
  EXPECT_TRUE(require(caller, Permission::kIngestWrite));
  ASSERT_TRUE(caller.collector);
  EXPECT_TRUE(caller.collector->allows("ws-1.EXAMPLE.org"));
  EXPECT_FALSE(caller.collector->allows("ws-1.example.orgx"));
  EXPECT_FALSE(caller.collector->allows("dc-1.example.org"));
  EXPECT_FALSE(caller.collector->allows(""));
  EXPECT_FALSE(caller.scope.all);

  const auto any =
      tokens.issue(admin, {.name = "hub", .scopes = {TokenScope::kCollector}, .devices = {"all"}});
  EXPECT_TRUE(authenticator.from_bearer(any->text.reveal(), "")->collector->allows("dc-1"));
}

TEST_F(TokenDeskTest, ATokenSeesNoMoreDevicesThanItsOwner) {
  const auto issued = tokens.issue(
      analyst, {.name = "one", .scopes = {TokenScope::kRead}, .devices = {std::string(40, 'a')}});
  EXPECT_THAT(authenticator.from_bearer(issued->text.reveal(), "")->scope.device_ids_or_groups,
              ElementsAre(std::string(40, 'a')));
  ASSERT_TRUE(accounts.change(admin, "ann", {.groups = std::vector<std::string>{}}));
  const Caller caller = authenticator.from_bearer(issued->text.reveal(), "").value();
  EXPECT_FALSE(caller.scope.all);
  EXPECT_THAT(caller.scope.device_ids_or_groups, IsEmpty());
}

TEST_F(TokenDeskTest, ARevokedExpiredOrForeignTokenIsRefused) {
  const auto issued = tokens.issue(analyst, {.name = "a", .scopes = {TokenScope::kRead}});
  const auto limited = tokens.issue(
      analyst, {.name = "b", .scopes = {TokenScope::kRead}, .expires = now + kTicksPerDay});
  EXPECT_EQ(state_of(*issued), "works");
  now += kTicksPerDay - 1;
  EXPECT_EQ(state_of(*limited), "works");
  now += 1;
  EXPECT_EQ(state_of(*limited), kInvalid);
  ASSERT_TRUE(tokens.revoke(analyst, issued->token.id));
  EXPECT_EQ(state_of(*issued), kInvalid);
  const auto unknown = authenticator.from_bearer(
      "spoor_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", kAddress);
  EXPECT_EQ(unknown.error().message, kInvalid);
  EXPECT_EQ(unknown.error().code, ErrorCode::kUnauthenticated);
}

TEST_F(TokenDeskTest, ATokenOfADisabledOrRemovedUserIsRefused) {
  const auto issued = tokens.issue(analyst, {.name = "a", .scopes = {TokenScope::kRead}});
  ASSERT_TRUE(accounts.change(admin, "ann", {.disabled = true}));
  EXPECT_EQ(state_of(*issued), kInvalid);
  ASSERT_TRUE(accounts.change(admin, "ann", {.disabled = false}));
  EXPECT_EQ(state_of(*issued), "works");
  ASSERT_TRUE(accounts.remove(admin, "ann"));
  EXPECT_EQ(state_of(*issued), kInvalid);
}

TEST_F(TokenDeskTest, WhoMayMakeWhichTokens) {
  add("rita", Role::kReader);
  const Caller reader = caller("rita");
  EXPECT_EQ(refusal(reader, {.name = "a", .scopes = {TokenScope::kRead}}),
            "This needs the permission \"tokens.manage_own\".");
  EXPECT_EQ(refusal(analyst, {.name = "a", .owner = "root", .scopes = {TokenScope::kRead}}),
            "This needs the permission \"tokens.manage_all\".");
  EXPECT_EQ(
      refusal(analyst, {.name = "a", .scopes = {TokenScope::kCollector}, .devices = {"ws-1"}}),
      "This needs the permission \"tokens.manage_all\".");
  EXPECT_EQ(refusal(analyst, {.name = "a", .scopes = {TokenScope::kAudit}}),
            "The scope \"audit\" is more than the role \"analyst\" of ann allows.");
  EXPECT_EQ(
      refusal(admin,
              {.name = "a", .owner = "ann", .scopes = {TokenScope::kRead, TokenScope::kMetrics}}),
      "The scope \"metrics\" is more than the role \"analyst\" of ann allows.");
  EXPECT_EQ(refusal(admin, {.name = "a", .owner = "ann", .scopes = {TokenScope::kRead}}), "issued");
  EXPECT_EQ(refusal(local_caller(), {.name = "a", .scopes = {TokenScope::kRead}}),
            "Say which user owns the token.");
  EXPECT_EQ(refusal(local_caller(), {.name = "a", .owner = "x", .scopes = {TokenScope::kRead}}),
            "There is no user \"x\".");
  const auto issued = tokens.issue(analyst, {.name = "b", .scopes = {TokenScope::kRead}});
  Caller token = authenticator.from_bearer(issued->text.reveal(), "").value();
  token.permissions.set();
  EXPECT_EQ(refusal(token, {.name = "c", .scopes = {TokenScope::kRead}}),
            "A token cannot look after tokens.");
  EXPECT_EQ(tokens.revoke(token, issued->token.id).error().code, ErrorCode::kForbidden);
}

TEST_F(TokenDeskTest, WhatATokenMustBe) {
  EXPECT_EQ(refusal(analyst, {.name = "", .scopes = {TokenScope::kRead}}),
            "The name of a token is text of 1 to 100 bytes.");
  EXPECT_EQ(refusal(analyst, {.name = std::string(101, 'a'), .scopes = {TokenScope::kRead}}),
            "The name of a token is text of 1 to 100 bytes.");
  EXPECT_EQ(refusal(analyst, {.name = "a"}), "A token needs at least one scope.");
  EXPECT_EQ(refusal(analyst, {.name = "a", .scopes = {TokenScope::kRead}, .expires = now}),
            "The end of the token lies in the past.");
  EXPECT_EQ(refusal(admin, {.name = "a", .scopes = {TokenScope::kCollector}}),
            "A collector's token names the devices that it may speak for, or the group \"all\".");
  EXPECT_EQ(refusal(analyst, {.name = "a", .scopes = {TokenScope::kRead}, .devices = {""}}),
            "A token names at most 1000 devices, each of 1 to 255 bytes.");
  EXPECT_THAT(state->tokens().list().value(), IsEmpty());
  EXPECT_THAT(audited("token."), IsEmpty());
}

TEST_F(TokenDeskTest, AreSeenAndRevokedByTheirOwnerOrAnAdministrator) {
  const auto mine = tokens.issue(analyst, {.name = "mine", .scopes = {TokenScope::kRead}});
  const auto theirs = tokens.issue(admin, {.name = "theirs", .scopes = {TokenScope::kAudit}});
  EXPECT_EQ(tokens.list(analyst).value().size(), 1U);
  EXPECT_EQ(tokens.list(admin).value().size(), 2U);
  EXPECT_EQ(tokens.revoke(analyst, theirs->token.id).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(tokens.revoke(analyst, "0000000000000000").error().code, ErrorCode::kForbidden)
      << "as if it were there";
  EXPECT_EQ(tokens.revoke(admin, "0000000000000000").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(tokens.revoke(admin, mine->token.id));
  EXPECT_EQ(tokens.revoke(admin, mine->token.id).error().code, ErrorCode::kConflict);
  EXPECT_THAT(audited("token."), ElementsAre("ann token.add " + mine->token.id + " done",
                                             "root token.add " + theirs->token.id + " done",
                                             "root token.revoke " + mine->token.id + " done"));
  EXPECT_EQ(audit_text().find(mine->text.reveal().substr(23)), std::string::npos);
}

TEST_F(TokenDeskTest, UseIsWrittenAtMostOnceAMinute) {
  const auto issued = tokens.issue(analyst, {.name = "a", .scopes = {TokenScope::kRead}});
  const auto last_used = [&] { return state->tokens().get(issued->token.id).value()->last_used; };
  EXPECT_EQ(last_used(), std::nullopt);
  EXPECT_EQ(state_of(*issued), "works");
  const Ticks first = now;
  EXPECT_EQ(last_used(), first);
  now += 59 * kTicksPerSecond;
  EXPECT_EQ(state_of(*issued), "works");
  EXPECT_EQ(last_used(), first);
  now += kTicksPerSecond;
  EXPECT_EQ(state_of(*issued), "works");
  EXPECT_EQ(last_used(), now);
}

}  // namespace
}  // namespace spoor::auth
