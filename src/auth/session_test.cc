// What a living session may do, and how it ends.

#include <unistd.h>

#include "auth/auth_fixture.h"
#include "auth/credential.h"

namespace spoor::auth {
namespace {

using testing::ElementsAre;

constexpr const char* kSignInAgain = "Sign in to go on.";
constexpr const char* kNewPassword = "a new and longer one";

struct Sessions : AuthFixture {
  std::string state_of(const Secret& cookie) {
    const auto caller = authenticator.from_cookie(cookie.reveal(), kAddress);
    return caller ? "lives" : caller.error().message;
  }
};

TEST_F(Sessions, EndAfterAnHourWithoutUse) {
  const auto signed_in = sign_in();
  now += 59 * kTicksPerMinute;
  EXPECT_EQ(state_of(signed_in->cookie), "lives");
  now += 59 * kTicksPerMinute;
  EXPECT_EQ(state_of(signed_in->cookie), "lives") << "use keeps it";
  now += 60 * kTicksPerMinute;
  EXPECT_EQ(state_of(signed_in->cookie), kSignInAgain);
  EXPECT_EQ(authenticator.from_cookie(signed_in->cookie.reveal(), "").error().code,
            ErrorCode::kUnauthenticated);
  EXPECT_TRUE(authenticator.sessions(signed_in->caller).value().empty());
}

TEST_F(Sessions, EndAfterTwelveHoursHoweverMuchTheyAreUsed) {
  const auto signed_in = sign_in();
  for (int step = 0; step < 23; ++step) {
    now += 30 * kTicksPerMinute;
    ASSERT_EQ(state_of(signed_in->cookie), "lives") << step;
  }
  now += 30 * kTicksPerMinute;
  EXPECT_EQ(state_of(signed_in->cookie), kSignInAgain);
  caller();
  EXPECT_EQ(state->sessions().get(signed_in->caller.session_id).value(), std::nullopt)
      << "a sign-in clears away what has ended";
}

TEST_F(Sessions, UseIsWrittenAtMostOnceAMinute) {
  const auto signed_in = sign_in();
  const Ticks start = now;
  const auto last_used = [&] {
    return state->sessions().get(signed_in->caller.session_id).value()->last_used;
  };
  now += 59 * kTicksPerSecond;
  EXPECT_EQ(state_of(signed_in->cookie), "lives");
  EXPECT_EQ(last_used(), start);
  now += kTicksPerSecond;
  EXPECT_EQ(state_of(signed_in->cookie), "lives");
  EXPECT_EQ(last_used(), now);
}

TEST_F(Sessions, ACookieWithAnotherSecretIsRefused) {
  const auto signed_in = sign_in();
  const NewCredential other = new_cookie();
  // Whole in itself, of a session that is not there.
  EXPECT_EQ(state_of(other.text), kSignInAgain);
  // Of a session that is there, whose secret is another.
  ASSERT_TRUE(state->sessions().add({.id = other.credential.id,
                                     .user_id = signed_in->caller.id,
                                     .last_used = now,
                                     .expires = now + kTicksPerHour},
                                    std::string(64, '0')));
  EXPECT_EQ(state_of(other.text), kSignInAgain);
}

TEST_F(Sessions, OfADisabledOrRemovedUserAreOver) {
  const auto first = sign_in();
  ASSERT_TRUE(accounts.change(system_caller(), "ann", {.disabled = true}));
  EXPECT_EQ(state_of(first->cookie), kSignInAgain);
  ASSERT_TRUE(accounts.change(system_caller(), "ann", {.disabled = false}));
  EXPECT_EQ(state_of(first->cookie), kSignInAgain) << "ended, not paused";
  const auto second = sign_in();
  ASSERT_TRUE(accounts.remove(system_caller(), "ann"));
  EXPECT_EQ(state_of(second->cookie), kSignInAgain);
}

TEST_F(Sessions, AChangeOfRoleHoldsAtOnce) {
  const auto signed_in = sign_in();
  ASSERT_TRUE(accounts.change(system_caller(), "ann", {.role = Role::kReader}));
  const auto caller = authenticator.from_cookie(signed_in->cookie.reveal(), kAddress);
  EXPECT_EQ(require(*caller, Permission::kImportRun).error().code, ErrorCode::kForbidden);
}

TEST_F(Sessions, AreSeenAndEndedByTheirOwnerAlone) {
  add("bob", Role::kReader);
  const auto first = sign_in();
  const auto second = sign_in();
  const Caller bob = caller("bob");
  EXPECT_EQ(authenticator.sessions(first->caller).value().size(), 2U);
  const auto refused = authenticator.end_session(bob, first->caller.session_id);
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(refused.error().message, "there is no such session");
  ASSERT_TRUE(authenticator.end_session(second->caller, first->caller.session_id));
  EXPECT_EQ(state_of(first->cookie), kSignInAgain);
  EXPECT_EQ(state_of(second->cookie), "lives");
  EXPECT_EQ(authenticator.sign_out_everywhere(second->caller).value(), 1);
  EXPECT_EQ(state_of(second->cookie), kSignInAgain);
  EXPECT_TRUE(authenticator.sessions(bob).value().size() == 1);
  EXPECT_THAT(audited("session.end"),
              ElementsAre("ann session.end " + first->caller.session_id + " done",
                          "ann session.end_all ann done"));
}

TEST_F(Sessions, NeedAPerson) {
  for (const Caller& caller : {local_caller(), system_caller()}) {
    EXPECT_EQ(authenticator.sign_out(caller).error().message,
              "Only a person who has signed in has a session.");
    EXPECT_EQ(authenticator.sessions(caller).error().code, ErrorCode::kForbidden);
    EXPECT_EQ(authenticator.change_password(caller, Secret("a"), Secret(kNewPassword)).error().code,
              ErrorCode::kForbidden);
  }
}

TEST_F(Sessions, WithAPasswordToChangeMayDoNothingElse) {
  add("new", Role::kAdministrator, true);
  const auto signed_in = sign_in("new");
  const Caller caller = authenticator.from_cookie(signed_in->cookie.reveal(), kAddress).value();
  EXPECT_TRUE(caller.must_change_password);
  EXPECT_FALSE(caller.scope.all);
  for (const schema::PermissionInfo& info : schema::permissions()) {
    const auto asked = require(caller, info.permission);
    ASSERT_FALSE(asked) << info.name;
    EXPECT_EQ(asked.error().code, ErrorCode::kForbidden);
    EXPECT_EQ(asked.error().message, "Choose a new password first.");
  }
  EXPECT_EQ(authenticator.sessions(caller).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(accounts.list(caller).error().code, ErrorCode::kForbidden);

  const auto changed =
      authenticator.change_password(caller, Secret(kPassword), Secret(kNewPassword));
  ASSERT_TRUE(changed) << changed.error().to_string();
  EXPECT_TRUE(require(changed->caller, Permission::kUsersManage));
  EXPECT_EQ(state_of(signed_in->cookie), kSignInAgain) << "the old session is over";
  EXPECT_EQ(state_of(changed->cookie), "lives");
  EXPECT_TRUE(accounts.list(authenticator.from_cookie(changed->cookie.reveal(), "").value()));
  EXPECT_THAT(audited("user.password"), ElementsAre("new user.password new done"));
}

TEST_F(Sessions, WithAPasswordToChangeMaySignOut) {
  add("new", Role::kReader, true);
  const auto signed_in = sign_in("new");
  EXPECT_TRUE(authenticator.sign_out(signed_in->caller));
  EXPECT_EQ(state_of(signed_in->cookie), kSignInAgain);
}

TEST_F(Sessions, APasswordIsChangedByWhoKnowsItAndToAGoodOne) {
  const auto signed_in = sign_in();
  const auto elsewhere = sign_in();
  const auto change = [&](const char* old_password, const std::string& new_password) {
    const auto changed = authenticator.change_password(signed_in->caller, Secret(old_password),
                                                       Secret(new_password));
    return changed ? "changed" : changed.error().message;
  };
  EXPECT_EQ(change(kPassword, "elevenchars"), "The password needs at least 12 characters.");
  EXPECT_EQ(change(kPassword, "ääääääabcde"), "The password needs at least 12 characters.")
      << "characters are counted, not bytes";
  EXPECT_EQ(change(kPassword, std::string(1025, 'x')), "The password is longer than 1024 bytes.");
  EXPECT_EQ(change(kPassword, "aaaaaaaaaaaaaaa"),
            "The password must not be one character over and over.");
  EXPECT_EQ(change(kPassword, "twelve chars\xff"), "The password is no valid text.");
  EXPECT_EQ(change(kPassword, kPassword), "The new password is the old one.");
  EXPECT_EQ(change("not the old one", kNewPassword), "The present password is not right.");
  EXPECT_EQ(state->users().find("ann").value()->failed_tries, 1);
  EXPECT_EQ(state_of(signed_in->cookie), "lives");

  EXPECT_EQ(change(kPassword, kNewPassword), "changed");
  EXPECT_EQ(state_of(signed_in->cookie), kSignInAgain);
  EXPECT_EQ(state_of(elsewhere->cookie), kSignInAgain);
  EXPECT_FALSE(sign_in());
  EXPECT_TRUE(sign_in("ann", kNewPassword));
  EXPECT_EQ(audit_text().find(kNewPassword), std::string::npos);
}

TEST_F(Sessions, AStolenSessionCannotGuessThePassword) {
  const auto signed_in = sign_in();
  for (int tried = 0; tried < 5; ++tried) {
    EXPECT_EQ(
        authenticator.change_password(signed_in->caller, Secret("guess"), Secret(kNewPassword))
            .error()
            .code,
        ErrorCode::kUnauthenticated);
  }
  const auto tried =
      authenticator.change_password(signed_in->caller, Secret(kPassword), Secret(kNewPassword));
  EXPECT_EQ(tried.error().code, ErrorCode::kTooMany);
  EXPECT_EQ(tried.error().message, "Too many tries. Wait 5 min.");
}

TEST_F(Sessions, AnEndedSessionChangesNoPassword) {
  const auto signed_in = sign_in();
  ASSERT_TRUE(authenticator.sign_out(signed_in->caller));
  const auto tried =
      authenticator.change_password(signed_in->caller, Secret(kPassword), Secret(kNewPassword));
  EXPECT_EQ(tried.error().message, kSignInAgain);
  EXPECT_TRUE(sign_in());
}

TEST_F(Sessions, TheLocalSocketIsForRootAndTheServersOwnUser) {
  const Caller own = authenticator.from_peer_uid(geteuid()).value();
  EXPECT_EQ(own.kind, CallerKind::kLocal);
  EXPECT_EQ(own.role, Role::kAdministrator);
  EXPECT_THAT(own.actor(), testing::StartsWith("local:"));
  EXPECT_EQ(authenticator.from_peer_uid(0).value().name, "local:root");
  const auto refused = authenticator.from_peer_uid(geteuid() + 12345);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(refused.error().message,
            "Only root and the user that the server runs as may use the local socket.");
}

TEST_F(Sessions, LimitsCanBeChanged) {
  const SignedIn before = sign_in().value();
  authenticator.set_session_limits(2 * kTicksPerHour, 10 * kTicksPerMinute);
  const SignedIn after = sign_in().value();
  const auto expires = [&](const SignedIn& session) {
    return state->sessions().get(session.caller.session_id).value()->expires - now;
  };
  EXPECT_EQ(expires(before), 12 * kTicksPerHour) << "begun before the change";
  EXPECT_EQ(expires(after), 2 * kTicksPerHour);
  now += 10 * kTicksPerMinute;
  EXPECT_FALSE(authenticator.from_cookie(before.cookie.reveal(), "")) << "idle for too long";
  EXPECT_FALSE(authenticator.from_cookie(after.cookie.reveal(), ""));
}

}  // namespace
}  // namespace spoor::auth
