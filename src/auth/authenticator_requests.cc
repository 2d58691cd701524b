// From what a request carries to who asks; the first user.

#include <unistd.h>

#include "auth/authenticator.h"
#include "auth/callers.h"
#include "auth/credential.h"
#include "auth/failures.h"
#include "auth/record.h"

namespace spoor::auth {
namespace {

/// How old the time of last use may be before it is written anew: a request costs no write.
constexpr TickSpan kTouchEvery = kTicksPerMinute;

bool is_right(const std::optional<std::string>& kept, std::string_view given) {
  return kept && equal_in_constant_time(*kept, given);
}

}  // namespace

Result<Caller> Authenticator::from_cookie(std::string_view cookie_value, std::string_view address) {
  const auto refused = fail(ErrorCode::kUnauthenticated, "Sign in to go on.");
  const Credential credential = TRY(parse_cookie(cookie_value));
  const auto session = TRY(state_.sessions().get(credential.id));
  if (!session ||
      !is_right(TRY(state_.sessions().secret_hash(credential.id)), credential.secret_hash)) {
    return refused;
  }
  const Ticks now = options_.clock();
  if (session->expires <= now || now - session->last_used >= session_idle_) {
    return refused;
  }
  const auto user = TRY(state_.users().get(session->user_id));
  if (!user || user->disabled) {
    return refused;
  }
  if (now - session->last_used >= kTouchEvery) {
    // A full disk must not sign people out.
    static_cast<void>(state_.sessions().touch(session->id, now));
  }
  return user_caller(*user, session->id, address);
}

Result<Caller> Authenticator::from_bearer(std::string_view token_text, std::string_view address) {
  const auto refused = fail(ErrorCode::kUnauthenticated, "The token is not valid.");
  const Credential credential = TRY(parse_token(token_text));
  const auto token = TRY(state_.tokens().get(credential.id));
  if (!token ||
      !is_right(TRY(state_.tokens().secret_hash(credential.id)), credential.secret_hash)) {
    return refused;
  }
  const Ticks now = options_.clock();
  if (token->revoked || (token->expires && *token->expires <= now)) {
    return refused;
  }
  const auto owner = TRY(state_.users().get(token->owner_id));
  if (!owner || owner->disabled) {
    return refused;
  }
  if (!token->last_used || now - *token->last_used >= kTouchEvery) {
    static_cast<void>(state_.tokens().touch(token->id, now));
  }
  return token_caller(*token, *owner, address);
}

Result<Caller> Authenticator::from_peer_uid(unsigned uid) {
  if (uid != 0 && uid != geteuid()) {
    return fail(ErrorCode::kForbidden,
                "Only root and the user that the server runs as may use the local socket.");
  }
  return local_caller(uid);
}

Result<std::optional<Secret>> Authenticator::ensure_first_admin() {
  if (TRY(state_.users().count()) > 0) {
    return std::nullopt;
  }
  Secret password = Secret::random_password();
  const std::string hash = TRY(hasher_.hash(password));
  bool is_made = false;
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    if (TRY(state_.users().count()) > 0) {
      return {};  // another process was first
    }
    const Ticks now = options_.clock();
    TRY_VOID(state_.users().add({.id = random_id(),
                                 .name = "admin",
                                 .display_name = "Administrator",
                                 .role = Role::kAdministrator,
                                 .groups = {state::kAllDevices},
                                 .must_change_password = true,
                                 .created = now},
                                hash));
    is_made = true;
    return record(state_, system_caller(), now, "user.add", "admin", R"({"role":"administrator"})");
  }));
  if (!is_made) {
    return std::nullopt;
  }
  return password;
}

}  // namespace spoor::auth
