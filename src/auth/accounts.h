#pragma once
// Users, looked after: who may sign in, as what. Every change is one transaction with its entry in
// the audit log. Thread-safe.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/caller.h"
#include "auth/password_hasher.h"
#include "auth/secret.h"
#include "base/result.h"
#include "base/ticks.h"
#include "state/state.h"

namespace spoor::auth {

struct NewUser {
  std::string name;
  std::string display_name;
  Role role = Role::kReader;
  std::vector<std::string> groups = {state::kAllDevices};
  bool must_change_password = true;  ///< whoever sets a password for another knows it
};

/// What is to be changed; what is not given stays.
struct UserChange {
  std::optional<std::string> display_name;
  std::optional<Role> role;
  std::optional<std::vector<std::string>> groups;
  std::optional<bool> disabled;  ///< true ends all sessions of the user
  bool unlock = false;           ///< forgets failed tries
};

/// Users are told by name. Errors: kForbidden without users.manage (users.read for `list`),
/// kNotFound, kConflict for a name that is taken and for whatever would leave no administrator,
/// kInvalidInput for a name or password that is not good enough.
class Accounts {
 public:
  /// `state` and `hasher` must live longer.
  Accounts(state::State& state, PasswordHasher& hasher, std::function<Ticks()> clock = now_ticks)
      : state_(state), hasher_(hasher), clock_(std::move(clock)) {}

  Result<std::vector<state::User>> list(const Caller& caller);
  Result<state::User> add(const Caller& caller, const NewUser& user, const Secret& password);
  Result<state::User> change(const Caller& caller, std::string_view name, const UserChange& change);
  /// Removes the user, its sessions and its tokens. What it did stays in the audit log.
  Result<void> remove(const Caller& caller, std::string_view name);
  /// Ends all sessions of the user and unlocks it. Its tokens stay.
  Result<void> reset_password(const Caller& caller, std::string_view name, const Secret& password,
                              bool must_change = true);
  /// Ends all sessions of the user; says how many.
  Result<std::int64_t> end_sessions(const Caller& caller, std::string_view name);

 private:
  Result<state::User> find(std::string_view name);
  Result<void> check_an_administrator_is_left();

  state::State& state_;
  PasswordHasher& hasher_;
  std::function<Ticks()> clock_;
};

}  // namespace spoor::auth
