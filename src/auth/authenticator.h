#pragma once
// Signing in and out, and from what a request carries to who asks. Thread-safe. `sign_in` and
// `change_password` block for a password hash: not for the thread of an event loop.

#include <atomic>
#include <functional>
#include <memory>
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

class FailureTable;

struct AuthenticatorOptions {
  TickSpan session_lifetime = 12 * kTicksPerHour;  ///< ends a session however much it is used
  TickSpan session_idle = 60 * kTicksPerMinute;    ///< ends a session that is not used
  int tries_per_name = 5;                          ///< wrong passwords before a name must wait
  int tries_per_address = 20;                      ///< the same of an address (IPv6: of a /64)
  TickSpan first_wait = 5 * kTicksPerMinute;       ///< doubled with each failure after it
  TickSpan longest_wait = 60 * kTicksPerMinute;
  TickSpan name_memory = kTicksPerDay;      ///< so long after its last failure a name starts anew
  TickSpan address_memory = kTicksPerHour;  ///< the same of an address
  std::function<Ticks()> clock = now_ticks;
};

/// What a sign-in gives: the cookie's value for the browser (see credential.h), and who it is.
struct SignedIn {
  Secret cookie;
  Secret csrf;
  Caller caller;
};

class Authenticator {
 public:
  /// `state` and `hasher` must live longer.
  Authenticator(state::State& state, PasswordHasher& hasher, AuthenticatorOptions options = {});
  ~Authenticator();

  /// `address` is the peer's IP address without port, `agent` the header User-Agent (cut to 200
  /// bytes). Errors: kUnauthenticated `Name or password is not right.` (also for a disabled or
  /// unknown user, in the same time), kTooMany `Too many tries. Wait 4 min 12 s.` or, where too
  /// many sign in at once, `Too many people are signing in. Try again in a moment.`
  Result<SignedIn> sign_in(std::string_view name, const Secret& password, std::string_view address,
                           std::string_view agent);
  /// Needs the present password. Ends all sessions of the user and gives a new one. Errors:
  /// kUnauthenticated where `old_password` is wrong (it counts as a failed try), kInvalidInput
  /// where the new one is not good enough (see password_rules.h), kForbidden for a caller that is
  /// no person with a session.
  Result<SignedIn> change_password(const Caller& caller, const Secret& old_password,
                                   const Secret& new_password);
  /// Ends the caller's session. Always allowed to a person with one.
  Result<void> sign_out(const Caller& caller);
  /// Ends all sessions of the caller; says how many there were.
  Result<std::int64_t> sign_out_everywhere(const Caller& caller);
  /// The caller's sessions, the last used first. Needs sessions.manage_own.
  Result<std::vector<state::Session>> sessions(const Caller& caller);
  /// Ends one of the caller's sessions. kNotFound where it is not one of them.
  Result<void> end_session(const Caller& caller, std::string_view session_id);

  /// Who holds the cookie. kUnauthenticated `Sign in to go on.` where it is not a living session.
  Result<Caller> from_cookie(std::string_view cookie_value, std::string_view address);
  /// Who holds the token (the text after "Bearer "). kUnauthenticated `The token is not valid.`
  /// where it is unknown, expired, revoked, or its owner disabled.
  Result<Caller> from_bearer(std::string_view token, std::string_view address);
  /// Who is behind the local socket: root, or the user that the server runs as, may everything.
  /// kForbidden for others.
  Result<Caller> from_peer_uid(unsigned uid);

  /// Changes how long sessions last: their lifetime for those that begin from now on, the time
  /// without use for all.
  void set_session_limits(TickSpan lifetime, TickSpan idle) {
    session_lifetime_ = lifetime;
    session_idle_ = idle;
  }

  /// Makes the user `admin`, who must change its password, where there is no user at all; gives the
  /// one-time password, to be shown once.
  Result<std::optional<Secret>> ensure_first_admin();

 private:
  struct Attempt;
  Result<void> check_waits(const Attempt& attempt);
  Result<void> count_failure(const Attempt& attempt);
  /// Proves that it is the user who asks; counts where it is not.
  Result<void> verify(const Attempt& attempt, std::string_view hash, const Secret& password,
                      const char* refusal);
  /// The user as it is now, where nothing has changed since the password was verified.
  Result<state::User> still(const Attempt& attempt, std::string_view hash, const char* refusal);
  Result<SignedIn> open_session(const state::User& user, std::string_view address,
                                std::string_view agent, Ticks now);

  state::State& state_;
  PasswordHasher& hasher_;
  const AuthenticatorOptions options_;
  std::atomic<TickSpan> session_lifetime_;
  std::atomic<TickSpan> session_idle_;
  std::unique_ptr<FailureTable> addresses_;
  std::unique_ptr<FailureTable> unknown_names_;  // so that a name's wait does not tell a user
};

}  // namespace spoor::auth
