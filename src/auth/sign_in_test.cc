// Signing in, and what stands against guessing.

#include <thread>

#include "auth/auth_fixture.h"
#include "auth/credential.h"
#include "auth/failures.h"
#include "auth/password_rules.h"

namespace spoor::auth {
namespace {

using testing::Contains;
using testing::ElementsAre;

constexpr const char* kWrong = "Name or password is not right.";

struct SignIn : AuthFixture {
  std::string refusal(const std::string& name, const std::string& password = "wrong wrong wrong",
                      const std::string& address = kAddress) {
    const auto tried = sign_in(name, password, address);
    return tried ? "signed in" : tried.error().message;
  }
};

TEST_F(SignIn, GivesASessionThatTheCookieProves) {
  const auto signed_in = sign_in("ANN");
  ASSERT_TRUE(signed_in) << signed_in.error().to_string();
  const auto caller = authenticator.from_cookie(signed_in->cookie.reveal(), "192.0.2.8");
  ASSERT_TRUE(caller) << caller.error().to_string();
  EXPECT_EQ(caller->kind, CallerKind::kUser);
  EXPECT_EQ(caller->name, "ann");
  EXPECT_EQ(caller->actor(), "ann");
  EXPECT_EQ(caller->role, Role::kAnalyst);
  EXPECT_EQ(caller->address, "192.0.2.8");
  EXPECT_EQ(caller->session_id, signed_in->caller.session_id);
  EXPECT_TRUE(caller->scope.all);
  EXPECT_FALSE(caller->collector);
  EXPECT_TRUE(require(*caller, Permission::kQueryRun));
  EXPECT_EQ(require(*caller, Permission::kUsersManage).error().message,
            "This needs the permission \"users.manage\".");
  EXPECT_EQ(require(*caller, Permission::kUsersManage).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(state->users().find("ann").value()->last_sign_in, now);
  const auto sessions = authenticator.sessions(*caller).value();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].address, kAddress);
  EXPECT_EQ(sessions[0].agent, "Firefox");
}

TEST_F(SignIn, SaysNothingOfWhatWasWrong) {
  add("bob", Role::kReader);
  ASSERT_TRUE(accounts.change(system_caller(), "bob", {.disabled = true}));
  EXPECT_EQ(refusal("ann"), kWrong);
  EXPECT_EQ(refusal("nobody"), kWrong);
  EXPECT_EQ(refusal("bob", kPassword), kWrong);
  EXPECT_EQ(refusal("ann", ""), kWrong);
  EXPECT_EQ(refusal("' OR 1=1 --"), kWrong);
  EXPECT_EQ(refusal("ann", std::string(kMaxPasswordBytes + 1, 'x')), kWrong);
  EXPECT_EQ(sign_in("nobody").error().code, ErrorCode::kUnauthenticated);
}

TEST_F(SignIn, AnUnknownNameCostsAHashToo) {
  const std::uint64_t before = hasher.runs();
  refusal("ann");
  const std::uint64_t known = hasher.runs() - before;
  refusal("nobody");
  EXPECT_EQ(hasher.runs() - before - known, known);
  EXPECT_EQ(known, 1U);
  EXPECT_FALSE(hasher.verify("", Secret("")).value()) << "nobody's hash is never right";
}

TEST_F(SignIn, FiveFailuresLockTheNameForATimeThatGrows) {
  for (int tried = 0; tried < 5; ++tried) {
    EXPECT_EQ(refusal("ann"), kWrong);
  }
  now += 48 * kTicksPerSecond;
  const std::uint64_t runs = hasher.runs();
  EXPECT_EQ(refusal("ann", kPassword), "Too many tries. Wait 4 min 12 s.") << "even when right";
  EXPECT_EQ(sign_in().error().code, ErrorCode::kTooMany);
  EXPECT_EQ(hasher.runs(), runs) << "a try that must wait costs no hash";
  EXPECT_EQ(refusal("ann", kPassword, "198.51.100.1"), "Too many tries. Wait 4 min 12 s.");

  now += 5 * kTicksPerMinute;
  EXPECT_EQ(refusal("ann"), kWrong);
  EXPECT_EQ(refusal("ann"), "Too many tries. Wait 10 min.");
  now += 10 * kTicksPerMinute;
  ASSERT_TRUE(sign_in()) << "released";
  EXPECT_EQ(refusal("ann"), kWrong) << "a sign-in forgets the failures before it";
  EXPECT_TRUE(sign_in());
}

TEST_F(SignIn, AnUnknownNameIsLockedLikeAKnownOne) {
  for (int tried = 0; tried < 5; ++tried) {
    EXPECT_EQ(refusal("nobody"), kWrong);
  }
  EXPECT_EQ(refusal("NoBody"), "Too many tries. Wait 5 min.");
  EXPECT_EQ(refusal("ann"), kWrong);
}

TEST_F(SignIn, AnAddressIsLockedWhateverNamesItTries) {
  for (int tried = 0; tried < 20; ++tried) {
    EXPECT_EQ(refusal("name" + std::to_string(tried), "wrong wrong wrong", "2001:db8::1"), kWrong);
  }
  EXPECT_EQ(refusal("ann", kPassword, "2001:db8::ffff:2"), "Too many tries. Wait 5 min.")
      << "one site has the whole /64";
  EXPECT_TRUE(sign_in("ann", kPassword, "2001:db8:0:1::1"));
  EXPECT_THAT(audited("session."), Contains("system session.address_locked  refused"));
  now += 5 * kTicksPerMinute;
  EXPECT_TRUE(sign_in("ann", kPassword, "2001:db8::1"));
}

TEST_F(SignIn, OldFailuresCountNoLonger) {
  for (int tried = 0; tried < 4; ++tried) {
    refusal("ann");
  }
  now += kTicksPerDay + 1;
  EXPECT_EQ(refusal("ann"), kWrong);
  EXPECT_TRUE(sign_in());
}

TEST_F(SignIn, AnAdministratorUnlocks) {
  for (int tried = 0; tried < 5; ++tried) {
    refusal("ann");
  }
  ASSERT_TRUE(accounts.change(system_caller(), "ann", {.unlock = true}));
  EXPECT_TRUE(sign_in());
}

TEST_F(SignIn, IsAuditedWithoutSecretsAndWithoutUnknownNames) {
  refusal("my-pass-word-in-the-name-field");
  refusal("ann", "nearly my password");
  const auto signed_in = sign_in();
  ASSERT_TRUE(signed_in);
  const std::string session = signed_in->caller.session_id;
  ASSERT_TRUE(authenticator.sign_out(signed_in->caller));
  ASSERT_TRUE(authenticator.sign_out(signed_in->caller)) << "twice is no error";
  EXPECT_THAT(audited("session."),
              ElementsAre("system session.refused  refused", "system session.refused ann refused",
                          "ann session.start " + session + " done",
                          "ann session.end " + session + " done"));
  EXPECT_EQ(state->audit().newest(1).value().at(0).address, kAddress);
  const std::string log = audit_text();
  for (const char* secret : {"name-field", "nearly my", kPassword}) {
    EXPECT_EQ(log.find(secret), std::string::npos) << secret;
  }
  EXPECT_EQ(log.find(signed_in->cookie.reveal().substr(17)), std::string::npos);
}

TEST_F(SignIn, TriesAtTheSameTimeAreBounded) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int at = 0; at < 12; ++at) {
    threads.emplace_back([&, at] {
      wrong +=
          refusal("user" + std::to_string(at), "wrong", "10.0.0." + std::to_string(at)) == kWrong
              ? 1
              : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 12);
  EXPECT_LE(hasher.peak(), 2);
}

TEST_F(SignIn, MoreThanMayWaitAreRefusedAtOnce) {
  PasswordHasher none({.passes = 1, .memory_bytes = 8192, .at_once = 0, .waiting = 0});
  Authenticator busy(*state, none, {.clock = [this] { return now; }});
  const auto tried = busy.sign_in("ann", Secret(kPassword), kAddress, "");
  EXPECT_EQ(tried.error().code, ErrorCode::kTooMany);
  EXPECT_EQ(tried.error().message, "Too many people are signing in. Try again in a moment.");
  EXPECT_EQ(state->users().find("ann").value()->failed_tries, 0);
}

TEST_F(SignIn, GuessesSideBySideDoNotPassTheLock) {
  std::vector<std::thread> threads;
  for (int at = 0; at < 10; ++at) {
    threads.emplace_back([&, at] { refusal("ann", "wrong", "10.1.0." + std::to_string(at)); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GE(state->users().find("ann").value()->failed_tries, 5);
  EXPECT_THAT(refusal("ann", kPassword), testing::StartsWith("Too many tries."));
}

TEST_F(SignIn, AHashOfAnotherCostIsMadeAnew) {
  const std::string id = state->users().find("ann").value()->id;
  const std::string before = state->users().password_hash(id).value();
  PasswordHasher dearer({.passes = 2, .memory_bytes = 16384});
  Authenticator stricter(*state, dearer, {.clock = [this] { return now; }});
  ASSERT_TRUE(stricter.sign_in("ann", Secret(kPassword), kAddress, ""));
  const std::string after = state->users().password_hash(id).value();
  EXPECT_NE(before, after);
  EXPECT_FALSE(dearer.is_outdated(after));
  EXPECT_TRUE(stricter.sign_in("ann", Secret(kPassword), kAddress, ""));
}

TEST_F(SignIn, TheNameOfABrowserIsCut) {
  const std::string agent = std::string(199, 'a') + "\xc3\xa9" + std::string(5000, 'b');
  ASSERT_TRUE(authenticator.sign_in("ann", Secret(kPassword), kAddress, agent));
  ASSERT_TRUE(authenticator.sign_in("ann", Secret(kPassword), kAddress, std::string(900, '\xff')));
  const auto sessions = state->sessions().list(state->users().find("ann").value()->id).value();
  ASSERT_EQ(sessions.size(), 2U);
  for (const state::Session& session : sessions) {
    EXPECT_LE(session.agent.size(), 200U);
    EXPECT_GE(session.agent.size(), 197U);
  }
}

TEST_F(SignIn, OnlyTheFirstAdministratorIsMadeAndOnlyWithoutUsers) {
  EXPECT_EQ(authenticator.ensure_first_admin().value().has_value(), false);
  const TempFolder empty;
  const auto other = state::State::open(empty / "state.sqlite").value();
  Authenticator first(*other, hasher, {.clock = [this] { return now; }});
  const auto password = first.ensure_first_admin();
  ASSERT_TRUE(password && *password);
  EXPECT_GE((*password)->size(), kMinPasswordCharacters);
  EXPECT_FALSE(first.ensure_first_admin().value().has_value());
  const auto signed_in = first.sign_in("admin", **password, kAddress, "");
  ASSERT_TRUE(signed_in) << signed_in.error().to_string();
  EXPECT_TRUE(signed_in->caller.must_change_password);
  EXPECT_EQ(signed_in->caller.role, Role::kAdministrator);
  const auto entry = other->audit().newest(1, INT64_MAX, {.action_prefix = "user.add"}).value();
  EXPECT_EQ(entry.at(0).actor, "system");
  EXPECT_EQ(entry.at(0).detail.find((*password)->reveal()), std::string::npos);
}

TEST(Failures, TheTableIsBounded) {
  FailureTable table({.tries = 2, .first_wait = 10, .longest_wait = 35, .memory = 1000}, 3);
  table.count("a", 1);
  EXPECT_EQ(table.locked_until("a"), 0);
  EXPECT_EQ(table.count("a", 2).locked_until, 12);
  EXPECT_EQ(table.count("a", 12).locked_until, 32);
  EXPECT_EQ(table.count("a", 32).locked_until, 67) << "the longest wait";
  for (int at = 0; at < 20; ++at) {
    table.count("key" + std::to_string(at), 40 + at);
    EXPECT_LE(table.size(), 3U);
  }
  EXPECT_EQ(table.locked_until("a"), 0) << "the one that failed longest ago is forgotten";
}

TEST(Failures, WaitsAreToldInMinutesAndSeconds) {
  EXPECT_EQ(wait_text(0, 252 * kTicksPerSecond), "4 min 12 s");
  EXPECT_EQ(wait_text(0, 300 * kTicksPerSecond), "5 min");
  EXPECT_EQ(wait_text(0, 1), "1 s");
  EXPECT_EQ(wait_text(5, 1), "0 s");
  EXPECT_EQ(wait_text(0, kTicksPerHour), "60 min");
}

TEST(Failures, AddressesAreCountedBySite) {
  EXPECT_EQ(address_key("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_key("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_key("2001:db8::1"), address_key("2001:db8:0:0:5::9"));
  EXPECT_NE(address_key("2001:db8::1"), address_key("2001:db8:0:1::1"));
  EXPECT_EQ(address_key(std::string(500, 'x')).size(), 64U);
}

}  // namespace
}  // namespace spoor::auth
