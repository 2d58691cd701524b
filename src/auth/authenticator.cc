#include "auth/authenticator.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/callers.h"
#include "auth/credential.h"
#include "auth/failures.h"
#include "auth/password_rules.h"
#include "auth/record.h"
#include "base/text.h"
#include "json/writer.h"

namespace spoor::auth {
namespace {

constexpr const char* kWrong = "Name or password is not right.";
constexpr const char* kWrongPresent = "The present password is not right.";
constexpr std::size_t kMaxAgent = 200;

WaitRule rule_of(const AuthenticatorOptions& options, int tries, TickSpan memory) {
  return {.tries = tries,
          .first_wait = options.first_wait,
          .longest_wait = options.longest_wait,
          .memory = memory};
}

/// A person whose session this is.
Result<void> check_is_signed_in(const Caller& caller) {
  if (caller.kind != CallerKind::kUser || caller.session_id.empty()) {
    return fail(ErrorCode::kForbidden, "Only a person who has signed in has a session.");
  }
  return {};
}

std::string cut_to_valid(std::string_view text, std::size_t bytes) {
  std::string cut = to_valid_utf8(text.substr(0, bytes));
  // U+FFFD takes three bytes for one.
  while (cut.size() > bytes) {
    cut.pop_back();
    while (!cut.empty() && !is_valid_utf8(cut)) {
      cut.pop_back();
    }
  }
  return cut;
}

}  // namespace

/// One try to prove who asks.
struct Authenticator::Attempt {
  std::string name;  ///< as typed, in lower case
  std::optional<state::User> user;
  std::string address;
  Ticks now = 0;
};

Authenticator::Authenticator(state::State& state, PasswordHasher& hasher,
                             AuthenticatorOptions options)
    : state_(state),
      hasher_(hasher),
      options_(std::move(options)),
      session_lifetime_(options_.session_lifetime),
      session_idle_(options_.session_idle),
      addresses_(std::make_unique<FailureTable>(
          rule_of(options_, options_.tries_per_address, options_.address_memory))),
      unknown_names_(std::make_unique<FailureTable>(
          rule_of(options_, options_.tries_per_name, options_.name_memory))) {
  // Where this fails the first sign-in fails too, and says why.
  static_cast<void>(hasher_.prepare());
}

Authenticator::~Authenticator() = default;

Result<void> Authenticator::check_waits(const Attempt& attempt) {
  const Ticks of_name =
      attempt.user ? attempt.user->locked_until : unknown_names_->locked_until(attempt.name);
  const Ticks until = std::max(of_name, addresses_->locked_until(address_key(attempt.address)));
  if (until > attempt.now) {
    return fail(ErrorCode::kTooMany,
                fmt::format("Too many tries. Wait {}.", wait_text(attempt.now, until)));
  }
  return {};
}

Result<void> Authenticator::count_failure(const Attempt& attempt) {
  const Failures of_address = addresses_->count(address_key(attempt.address), attempt.now);
  Caller refused_by = system_caller();
  refused_by.address = attempt.address;
  return state_.in_transaction([&]() -> Result<void> {
    if (of_address.tries == options_.tries_per_address) {
      TRY_VOID(record(state_, refused_by, attempt.now, "session.address_locked", "", "{}",
                      state::AuditOutcome::kRefused));
    }
    if (!attempt.user) {
      // The name is not recorded: people type passwords into the wrong field. That there was a try
      // is, also because a write takes time, which must not tell a user's name from another.
      unknown_names_->count(attempt.name, attempt.now);
      return record(state_, refused_by, attempt.now, "session.refused", "",
                    R"({"unknown_name":true})", state::AuditOutcome::kRefused);
    }
    const auto user = TRY(state_.users().get(attempt.user->id));
    if (!user) {
      return {};
    }
    const WaitRule rule = rule_of(options_, options_.tries_per_name, options_.name_memory);
    const Failures failures = rule.after_failure(
        {user->failed_tries, user->last_failed, user->locked_until}, attempt.now);
    TRY_VOID(state_.users().set_failures(user->id, failures.tries, failures.last,
                                         failures.locked_until));
    std::string detail;
    json::Writer writer(detail);
    writer.begin_object().key("tries").number(failures.tries);
    if (failures.locked_until > attempt.now) {
      writer.key("locked_until").string(format_ticks(failures.locked_until));
    }
    writer.end_object();
    return record(state_, refused_by, attempt.now, "session.refused", user->name, detail,
                  state::AuditOutcome::kRefused);
  });
}

Result<void> Authenticator::verify(const Attempt& attempt, std::string_view hash,
                                   const Secret& password, const char* refusal) {
  TRY_VOID(check_waits(attempt));
  // A text that can be nobody's password is not worth a hash; that says nothing of the name.
  const bool is_possible = !password.empty() && password.size() <= kMaxPasswordBytes;
  const bool is_right = is_possible && TRY(hasher_.verify(hash, password));
  if (!is_right || !attempt.user || attempt.user->disabled) {
    TRY_VOID(count_failure(attempt));
    return fail(ErrorCode::kUnauthenticated, refusal);
  }
  return {};
}

Result<state::User> Authenticator::still(const Attempt& attempt, std::string_view hash,
                                         const char* refusal) {
  const auto user = TRY(state_.users().get(attempt.user->id));
  if (!user || user->disabled || TRY(state_.users().password_hash(user->id)) != hash) {
    return fail(ErrorCode::kUnauthenticated, refusal);
  }
  // Tries that ran beside this one may have used up what was left.
  if (user->locked_until > attempt.now) {
    return fail(ErrorCode::kTooMany, fmt::format("Too many tries. Wait {}.",
                                                 wait_text(attempt.now, user->locked_until)));
  }
  return *user;
}

Result<SignedIn> Authenticator::open_session(const state::User& user, std::string_view address,
                                             std::string_view agent, Ticks now) {
  NewCredential made = new_cookie();
  SignedIn signed_in;
  signed_in.csrf = TRY(csrf_token(made.text.reveal()));
  signed_in.cookie = std::move(made.text);
  signed_in.caller = user_caller(user, made.credential.id, address);
  TRY(state_.sessions().remove_ended(now, now - session_idle_));
  TRY_VOID(state_.sessions().add({.id = made.credential.id,
                                  .user_id = user.id,
                                  .created = now,
                                  .last_used = now,
                                  .expires = now + session_lifetime_,
                                  .address = std::string(address),
                                  .agent = cut_to_valid(agent, kMaxAgent)},
                                 made.credential.secret_hash));
  return signed_in;
}

Result<SignedIn> Authenticator::sign_in(std::string_view name, const Secret& password,
                                        std::string_view address, std::string_view agent) {
  Attempt attempt{.address = std::string(address), .now = options_.clock()};
  if (check_user_name(name)) {
    attempt.name = to_ascii_lower(name);
    attempt.user = TRY(state_.users().find(name));
  }
  const std::string hash =
      attempt.user ? TRY(state_.users().password_hash(attempt.user->id)) : std::string();
  TRY_VOID(verify(attempt, hash, password, kWrong));
  // The password is at hand now, and only now: a hash made at another cost is made anew.
  const std::string fresh = hasher_.is_outdated(hash) ? TRY(hasher_.hash(password)) : std::string();
  std::optional<SignedIn> signed_in;
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    const state::User user = TRY(still(attempt, hash, kWrong));
    if (!fresh.empty()) {
      TRY_VOID(state_.users().set_password(user.id, fresh, user.must_change_password));
    }
    TRY_VOID(state_.users().note_sign_in(user.id, attempt.now));
    signed_in = TRY(open_session(user, address, agent, attempt.now));
    return record(state_, signed_in->caller, attempt.now, "session.start",
                  signed_in->caller.session_id);
  }));
  return *std::move(signed_in);
}

Result<SignedIn> Authenticator::change_password(const Caller& caller, const Secret& old_password,
                                                const Secret& new_password) {
  TRY_VOID(check_is_signed_in(caller));
  TRY_VOID(check_password(new_password, caller.name));
  if (old_password.reveal() == new_password.reveal()) {
    return fail(ErrorCode::kInvalidInput, "The new password is the old one.");
  }
  const Attempt attempt{.name = to_ascii_lower(caller.name),
                        .user = TRY(state_.users().get(caller.id)),
                        .address = caller.address,
                        .now = options_.clock()};
  const std::string hash =
      attempt.user ? TRY(state_.users().password_hash(caller.id)) : std::string();
  TRY_VOID(verify(attempt, hash, old_password, kWrongPresent));
  const std::string fresh = TRY(hasher_.hash(new_password));
  std::optional<SignedIn> signed_in;
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    state::User user = TRY(still(attempt, hash, kWrongPresent));
    const auto session = TRY(state_.sessions().get(caller.session_id));
    if (!session || session->user_id != user.id) {
      return fail(ErrorCode::kUnauthenticated, "Sign in to go on.");
    }
    TRY_VOID(state_.users().set_password(user.id, fresh, false));
    TRY(state_.sessions().remove_all(user.id));
    user.must_change_password = false;
    signed_in = TRY(open_session(user, caller.address, session->agent, attempt.now));
    return record(state_, signed_in->caller, attempt.now, "user.password", user.name);
  }));
  return *std::move(signed_in);
}

Result<void> Authenticator::sign_out(const Caller& caller) {
  TRY_VOID(check_is_signed_in(caller));
  return state_.in_transaction([&]() -> Result<void> {
    if (!TRY(state_.sessions().remove(caller.session_id))) {
      return {};  // it has ended already, which is what was asked for
    }
    return record(state_, caller, options_.clock(), "session.end", caller.session_id);
  });
}

Result<std::int64_t> Authenticator::sign_out_everywhere(const Caller& caller) {
  TRY_VOID(check_is_signed_in(caller));
  std::int64_t ended = 0;
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    ended = TRY(state_.sessions().remove_all(caller.id));
    return record(state_, caller, options_.clock(), "session.end_all", caller.name,
                  fmt::format("{{\"sessions\":{}}}", ended));
  }));
  return ended;
}

Result<std::vector<state::Session>> Authenticator::sessions(const Caller& caller) {
  TRY_VOID(check_is_signed_in(caller));
  TRY_VOID(require(caller, Permission::kSessionsManageOwn));
  std::vector<state::Session> sessions = TRY(state_.sessions().list(caller.id));
  const Ticks now = options_.clock();
  std::erase_if(sessions, [&](const state::Session& session) {
    return session.expires <= now || now - session.last_used >= session_idle_;
  });
  return sessions;
}

Result<void> Authenticator::end_session(const Caller& caller, std::string_view session_id) {
  TRY_VOID(check_is_signed_in(caller));
  TRY_VOID(require(caller, Permission::kSessionsManageOwn));
  return state_.in_transaction([&]() -> Result<void> {
    const auto session = TRY(state_.sessions().get(session_id));
    if (!session || session->user_id != caller.id) {
      return fail(ErrorCode::kNotFound, "there is no such session");
    }
    TRY(state_.sessions().remove(session_id));
    return record(state_, caller, options_.clock(), "session.end", session_id);
  });
}

}  // namespace spoor::auth
