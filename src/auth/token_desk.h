#pragma once
// API tokens, handed out and taken back. Every change is one transaction with its entry in the
// audit log. Thread-safe.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/caller.h"
#include "auth/secret.h"
#include "base/result.h"
#include "base/ticks.h"
#include "state/state.h"

namespace spoor::auth {

struct NewToken {
  std::string name;   ///< what it is for; 1 to 100 bytes
  std::string owner;  ///< name of the user; empty: the caller
  std::vector<schema::TokenScope> scopes;
  std::vector<std::string> devices;  ///< see state::Token; a collector's token must name some
  std::optional<Ticks> expires;
};

struct IssuedToken {
  state::Token token;
  Secret text;  ///< shown once; not to be had again
};

/// Errors: kForbidden (a token makes no tokens; others' tokens and collectors' tokens need
/// tokens.manage_all, one's own tokens.manage_own; a scope must be within the owner's role),
/// kNotFound, kInvalidInput.
class TokenDesk {
 public:
  /// `state` must live longer.
  explicit TokenDesk(state::State& state, std::function<Ticks()> clock = now_ticks)
      : state_(state), clock_(std::move(clock)) {}

  Result<IssuedToken> issue(const Caller& caller, const NewToken& token);
  /// All tokens for callers with tokens.manage_all, else the caller's own; the newest first, with
  /// those revoked.
  Result<std::vector<state::Token>> list(const Caller& caller);
  Result<void> revoke(const Caller& caller, std::string_view id);

 private:
  state::State& state_;
  std::function<Ticks()> clock_;
};

}  // namespace spoor::auth
