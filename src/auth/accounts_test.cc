#include "auth/accounts.h"

#include "auth/auth_fixture.h"

namespace spoor::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kNoAdministrator = "That would leave no administrator who can sign in.";

struct AccountsTest : AuthFixture {
  void SetUp() override {
    AuthFixture::SetUp();
    add("root", Role::kAdministrator);
    admin = caller("root");
  }
  Caller admin;
};

TEST_F(AccountsTest, EveryChangeNeedsItsPermission) {
  const Caller analyst = caller("ann");
  const Secret password("whatever it may be");
  const auto code = [](const auto& result) {
    return result ? ErrorCode::kInternal : result.error().code;
  };
  EXPECT_EQ(code(accounts.list(analyst)), ErrorCode::kForbidden);
  EXPECT_EQ(code(accounts.add(analyst, {.name = "eve"}, password)), ErrorCode::kForbidden);
  EXPECT_EQ(code(accounts.change(analyst, "ann", {.role = Role::kAdministrator})),
            ErrorCode::kForbidden);
  EXPECT_EQ(code(accounts.remove(analyst, "root")), ErrorCode::kForbidden);
  EXPECT_EQ(code(accounts.reset_password(analyst, "root", password)), ErrorCode::kForbidden);
  EXPECT_EQ(code(accounts.end_sessions(analyst, "root")), ErrorCode::kForbidden);
  EXPECT_EQ(state->users().count().value(), 2);
  add("olga", Role::kAuditor);
  const Caller auditor = caller("olga");
  EXPECT_TRUE(accounts.list(auditor));
  EXPECT_EQ(code(accounts.remove(auditor, "ann")), ErrorCode::kForbidden);
}

TEST_F(AccountsTest, EveryChangeIsAuditedInTheNameOfWhoMadeIt) {
  ASSERT_TRUE(
      accounts.add(admin, {.name = "bob", .role = Role::kReader}, Secret("first pass phrase")));
  ASSERT_TRUE(accounts.change(admin, "bob", {.role = Role::kResponder}));
  ASSERT_TRUE(accounts.reset_password(admin, "bob", Secret("second pass phrase")));
  ASSERT_TRUE(accounts.end_sessions(admin, "bob"));
  ASSERT_TRUE(accounts.remove(admin, "bob"));
  std::vector<std::string> lines = audited();
  lines.erase(lines.begin(), lines.end() - 5);
  EXPECT_THAT(lines, ElementsAre("root user.add bob done", "root user.change bob done",
                                 "root user.password_reset bob done",
                                 "root session.end_all bob done", "root user.remove bob done"));
  const auto change =
      state->audit().newest(1, INT64_MAX, {.action_prefix = "user.change"}).value().at(0);
  EXPECT_EQ(change.detail,
            R"({"before":{"display_name":"","role":"reader","groups":["all"],"disabled":false},)"
            R"("after":{"display_name":"","role":"responder","groups":["all"],"disabled":false}})");
  EXPECT_EQ(change.address, kAddress);
  const std::string log = audit_text();
  EXPECT_EQ(log.find("pass phrase"), std::string::npos);
  EXPECT_EQ(log.find("$argon2"), std::string::npos);
}

TEST_F(AccountsTest, AChangeAndItsEntryHoldTogetherOrNotAtAll) {
  const auto failed = state->in_transaction([&]() -> Result<void> {
    TRY(accounts.change(admin, "ann", {.role = Role::kReader}));
    return fail(ErrorCode::kNoSpace, "the disk is full");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(state->users().find("ann").value()->role, Role::kAnalyst);
  EXPECT_TRUE(audited("user.change").empty());
}

TEST_F(AccountsTest, AnAdministratorIsAlwaysLeft) {
  EXPECT_EQ(accounts.remove(admin, "root").error().message, kNoAdministrator);
  EXPECT_EQ(accounts.change(admin, "root", {.disabled = true}).error().message, kNoAdministrator);
  EXPECT_EQ(accounts.change(admin, "root", {.role = Role::kAuditor}).error().message,
            kNoAdministrator);
  EXPECT_EQ(accounts.remove(admin, "root").error().code, ErrorCode::kConflict);
  EXPECT_TRUE(audited("user.remove").empty());
  add("second", Role::kAdministrator);
  EXPECT_TRUE(accounts.change(admin, "root", {.disabled = true}));
  EXPECT_EQ(accounts.remove(admin, "second").error().message, kNoAdministrator);
}

TEST_F(AccountsTest, WhatIsNotGivenStays) {
  const auto user = accounts.change(admin, "ANN", {.display_name = "Ann Berg"});
  ASSERT_TRUE(user);
  EXPECT_EQ(user->display_name, "Ann Berg");
  EXPECT_EQ(user->role, Role::kAnalyst);
  EXPECT_THAT(user->groups, ElementsAre("all"));
}

TEST_F(AccountsTest, AResetEndsSessionsUnlocksAndMustBeChanged) {
  const auto signed_in = sign_in();
  for (int tried = 0; tried < 5; ++tried) {
    sign_in("ann", "wrong");
  }
  ASSERT_TRUE(accounts.reset_password(admin, "ann", Secret("one time password")));
  EXPECT_FALSE(authenticator.from_cookie(signed_in->cookie.reveal(), ""));
  const auto again = sign_in("ann", "one time password");
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_TRUE(again->caller.must_change_password);
  ASSERT_TRUE(accounts.reset_password(admin, "ann", Secret("a lasting password"), false));
  EXPECT_FALSE(sign_in("ann", "a lasting password")->caller.must_change_password);
}

TEST_F(AccountsTest, RefusalsSayWhy) {
  const Secret password("a good pass phrase");
  const auto added = [&](const NewUser& user, const Secret& secret) {
    const auto result = accounts.add(admin, user, secret);
    return result ? "added" : result.error().message;
  };
  EXPECT_EQ(added({.name = "Ann"}, password), "there is a user \"Ann\" already");
  EXPECT_THAT(added({.name = "no spaces"}, password), HasSubstr("A name is 1 to 64 letters"));
  EXPECT_EQ(added({.name = "bob"}, Secret("short")), "The password needs at least 12 characters.");
  EXPECT_EQ(added({.name = "bob", .display_name = std::string(201, 'x')}, password),
            "A display name is text of at most 200 bytes.");
  EXPECT_EQ(added({.name = "bob", .groups = {"servers"}}, password),
            "there is no device group \"servers\"");
  EXPECT_EQ(accounts.change(admin, "bob", {}).error().message, "There is no user \"bob\".");
  EXPECT_EQ(accounts.reset_password(admin, "bob", password).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(accounts.remove(admin, "bob").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(state->users().count().value(), 2);
}

TEST_F(AccountsTest, WithoutGroupsNoDeviceIsSeen) {
  ASSERT_TRUE(accounts.change(admin, "ann", {.groups = std::vector<std::string>{}}));
  const Caller ann = caller("ann");
  EXPECT_FALSE(ann.scope.all);
  EXPECT_TRUE(ann.scope.device_ids_or_groups.empty());
}

}  // namespace
}  // namespace spoor::auth
