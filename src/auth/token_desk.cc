#include "auth/token_desk.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/credential.h"
#include "auth/record.h"
#include "base/text.h"
#include "json/writer.h"

namespace spoor::auth {
namespace {

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxDevices = 1000;
constexpr std::size_t kMaxDeviceName = 255;

bool is_for_collector(const std::vector<schema::TokenScope>& scopes) {
  return std::ranges::any_of(scopes, [](schema::TokenScope scope) {
    return schema::token_scope_permissions(scope).test(
        static_cast<std::size_t>(Permission::kIngestWrite));
  });
}

/// What can be told without knowing whose token it is.
Result<void> check_shape(const NewToken& token, Ticks now) {
  if (token.name.empty() || token.name.size() > kMaxName || !is_valid_utf8(token.name)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("The name of a token is text of 1 to {} bytes.", kMaxName));
  }
  if (token.scopes.empty()) {
    return fail(ErrorCode::kInvalidInput, "A token needs at least one scope.");
  }
  if (token.devices.size() > kMaxDevices ||
      std::ranges::any_of(token.devices, [](const std::string& device) {
        return device.empty() || device.size() > kMaxDeviceName || !is_valid_utf8(device);
      })) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("A token names at most {} devices, each of 1 to {} bytes.", kMaxDevices,
                            kMaxDeviceName));
  }
  if (is_for_collector(token.scopes) && token.devices.empty()) {
    return fail(
        ErrorCode::kInvalidInput,
        "A collector's token names the devices that it may speak for, or the group \"all\".");
  }
  if (token.expires && *token.expires <= now) {
    return fail(ErrorCode::kInvalidInput, "The end of the token lies in the past.");
  }
  return {};
}

Result<void> check_within_role(const NewToken& token, const state::User& owner) {
  for (const schema::TokenScope scope : token.scopes) {
    if ((schema::token_scope_permissions(scope) & ~schema::role_permissions(owner.role)).any()) {
      return fail(
          ErrorCode::kForbidden,
          fmt::format("The scope \"{}\" is more than the role \"{}\" of {} allows.",
                      schema::token_scope_name(scope), schema::role_name(owner.role), owner.name));
    }
  }
  return {};
}

Result<void> check_is_no_token(const Caller& caller) {
  if (caller.kind == CallerKind::kToken) {
    return fail(ErrorCode::kForbidden, "A token cannot look after tokens.");
  }
  return {};
}

std::string detail_of(const state::Token& token, const state::User& owner) {
  std::string detail;
  json::Writer writer(detail);
  writer.begin_object().key("name").string(token.name).key("owner").string(owner.name);
  writer.key("scopes").begin_array();
  for (const schema::TokenScope scope : token.scopes) {
    writer.string(schema::token_scope_name(scope));
  }
  writer.end_array().key("devices").begin_array();
  for (const std::string& device : token.devices) {
    writer.string(device);
  }
  writer.end_array();
  if (token.expires) {
    writer.key("expires").string(format_ticks(*token.expires));
  }
  writer.end_object();
  return detail;
}

}  // namespace

Result<IssuedToken> TokenDesk::issue(const Caller& caller, const NewToken& token) {
  TRY_VOID(check_is_no_token(caller));
  const bool is_own = caller.kind == CallerKind::kUser &&
                      (token.owner.empty() || equals_ignoring_case(token.owner, caller.name));
  TRY_VOID(require(caller, is_own && !is_for_collector(token.scopes)
                               ? Permission::kTokensManageOwn
                               : Permission::kTokensManageAll));
  if (!is_own && token.owner.empty()) {
    return fail(ErrorCode::kInvalidInput, "Say which user owns the token.");
  }
  const Ticks now = clock_();
  TRY_VOID(check_shape(token, now));
  NewCredential made = new_token();
  IssuedToken issued;
  issued.text = std::move(made.text);
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    const auto owner =
        is_own ? TRY(state_.users().get(caller.id)) : TRY(state_.users().find(token.owner));
    if (!owner) {
      return fail(ErrorCode::kNotFound, fmt::format("There is no user \"{}\".", token.owner));
    }
    TRY_VOID(check_within_role(token, *owner));
    issued.token = {.id = made.credential.id,
                    .name = token.name,
                    .owner_id = owner->id,
                    .scopes = token.scopes,
                    .devices = token.devices,
                    .created = now,
                    .expires = token.expires};
    TRY_VOID(state_.tokens().add(issued.token, made.credential.secret_hash));
    return record(state_, caller, now, "token.add", issued.token.id,
                  detail_of(issued.token, *owner));
  }));
  return issued;
}

Result<std::vector<state::Token>> TokenDesk::list(const Caller& caller) {
  if (require(caller, Permission::kTokensManageAll)) {
    return state_.tokens().list();
  }
  TRY_VOID(check_is_no_token(caller));
  TRY_VOID(require(caller, Permission::kTokensManageOwn));
  return state_.tokens().list(caller.id);
}

Result<void> TokenDesk::revoke(const Caller& caller, std::string_view id) {
  TRY_VOID(check_is_no_token(caller));
  return state_.in_transaction([&]() -> Result<void> {
    const auto token = TRY(state_.tokens().get(id));
    const bool is_own = token && caller.kind == CallerKind::kUser && token->owner_id == caller.id;
    TRY_VOID(require(caller, is_own ? Permission::kTokensManageOwn : Permission::kTokensManageAll));
    TRY_VOID(state_.tokens().revoke(id, clock_()));
    return record(state_, caller, clock_(), "token.revoke", id);
  });
}

}  // namespace spoor::auth
