#include "auth/callers.h"

#include <algorithm>

#include "state/device_groups.h"

namespace spoor::auth {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

kql::AccessScope scope_of(const std::vector<std::string>& devices_or_groups) {
  const bool is_all = holds(devices_or_groups, state::kAllDevices);
  return {.all = is_all,
          .device_ids_or_groups = is_all ? std::vector<std::string>{} : devices_or_groups};
}

/// What both may see. Texts are compared as they stand: a device of the one within a group of the
/// other is left out, which errs on the safe side.
kql::AccessScope both(const kql::AccessScope& left, const kql::AccessScope& right) {
  if (left.all || right.all) {
    return left.all ? right : left;
  }
  kql::AccessScope scope{.all = false, .device_ids_or_groups = {}};
  for (const std::string& id : left.device_ids_or_groups) {
    if (holds(right.device_ids_or_groups, id)) {
      scope.device_ids_or_groups.push_back(id);
    }
  }
  return scope;
}

}  // namespace

Caller user_caller(const state::User& user, std::string_view session_id, std::string_view address) {
  Caller caller;
  caller.kind = CallerKind::kUser;
  caller.id = user.id;
  caller.name = user.name;
  caller.role = user.role;
  caller.must_change_password = user.must_change_password;
  if (!user.must_change_password) {
    caller.permissions = schema::role_permissions(user.role);
    caller.scope = scope_of(user.groups);
  }
  caller.session_id = session_id;
  caller.address = address;
  return caller;
}

Caller token_caller(const state::Token& token, const state::User& owner, std::string_view address) {
  Caller caller;
  caller.kind = CallerKind::kToken;
  caller.id = token.id;
  caller.name = "token " + token.name;
  caller.role = owner.role;
  for (const schema::TokenScope scope : token.scopes) {
    caller.permissions |= schema::token_scope_permissions(scope);
  }
  caller.permissions &= schema::role_permissions(owner.role);
  caller.scope = scope_of(owner.groups);
  if (!token.devices.empty()) {
    caller.scope = both(caller.scope, scope_of(token.devices));
  }
  if (caller.may(Permission::kIngestWrite)) {
    caller.collector = CollectorLimits{.any = caller.scope.all, .devices = token.devices};
  }
  caller.address = address;
  return caller;
}

}  // namespace spoor::auth
