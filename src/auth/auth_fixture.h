#pragma once
// What tests of sign-in share: a state database, a cheap hasher, a clock that stands still.
// Internal to the module.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "auth/accounts.h"
#include "auth/authenticator.h"
#include "auth/token_desk.h"
#include "base/temp_folder.h"

namespace spoor::auth {

inline constexpr HashCost kCheap = {.passes = 1, .memory_bytes = 8192, .at_once = 2, .waiting = 16};
inline constexpr const char* kPassword = "correct horse battery";
inline constexpr const char* kAddress = "192.0.2.7";

struct AuthFixture : testing::Test {
  void SetUp() override { add("ann", Role::kAnalyst); }

  state::User add(const std::string& name, Role role, bool must_change = false) {
    auto user = accounts.add(
        system_caller(),
        {.name = name, .display_name = "", .role = role, .must_change_password = must_change},
        Secret(kPassword));
    EXPECT_TRUE(user) << (user ? "" : user.error().to_string());
    return *std::move(user);
  }
  Result<SignedIn> sign_in(const std::string& name = "ann", const std::string& password = kPassword,
                           const std::string& address = kAddress) {
    return authenticator.sign_in(name, Secret(password), address, "Firefox");
  }
  /// A caller with a session of that user.
  Caller caller(const std::string& name = "ann") {
    auto signed_in = sign_in(name);
    EXPECT_TRUE(signed_in) << (signed_in ? "" : signed_in.error().to_string());
    return signed_in ? signed_in->caller : Caller{};
  }
  /// "action object outcome" of the audit log, the oldest first; without the users of SetUp.
  std::vector<std::string> audited(const std::string& action_prefix = "") {
    std::vector<std::string> lines;
    auto entries = state->audit().newest(1000, INT64_MAX, {.action_prefix = action_prefix}).value();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      lines.push_back(entry->actor + " " + entry->action + " " + entry->object + " " +
                      std::string(state::audit_outcome_name(entry->outcome)));
    }
    return lines;
  }
  /// All that the audit log holds, as one text.
  std::string audit_text() {
    std::string text;
    const auto entries = state->audit().newest(1000).value();
    for (const state::AuditEntry& entry : entries) {
      text += entry.actor + entry.action + entry.object + entry.detail + entry.address + "\n";
    }
    return text;
  }

  TempFolder folder;
  std::unique_ptr<state::State> state = state::State::open(folder / "state.sqlite").value();
  Ticks now = 17'000'000'000'000'000;
  PasswordHasher hasher{kCheap};
  Authenticator authenticator{*state, hasher, {.clock = [this] { return now; }}};
  Accounts accounts{*state, hasher, [this] { return now; }};
  TokenDesk tokens{*state, [this] { return now; }};
};

}  // namespace spoor::auth
