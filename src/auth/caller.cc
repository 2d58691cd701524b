#include "auth/caller.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace spoor::auth {
namespace {

std::string name_of_uid(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid {}", uid);
}

}  // namespace

bool CollectorLimits::allows(std::string_view device) const {
  return any || std::ranges::any_of(devices, [&](const std::string& allowed) {
           return equals_ignoring_case(allowed, device);
         });
}

bool Caller::may(Permission permission) const {
  return permissions.test(static_cast<std::size_t>(permission));
}

std::string Caller::actor() const { return kind == CallerKind::kToken ? "token:" + id : name; }

Result<void> require(const Caller& caller, Permission permission) {
  if (caller.must_change_password) {
    return fail(ErrorCode::kForbidden, "Choose a new password first.");
  }
  if (!caller.may(permission)) {
    return fail(ErrorCode::kForbidden, fmt::format("This needs the permission \"{}\".",
                                                   schema::permission_name(permission)));
  }
  return {};
}

Caller system_caller() {
  Caller caller;
  caller.kind = CallerKind::kSystem;
  caller.name = "system";
  caller.role = Role::kAdministrator;
  caller.permissions = schema::role_permissions(caller.role);
  caller.scope = {.all = true, .device_ids_or_groups = {}};
  caller.collector = CollectorLimits{.any = true, .devices = {}};
  return caller;
}

Caller local_caller(unsigned uid) {
  Caller caller = system_caller();
  caller.kind = CallerKind::kLocal;
  caller.name = "local:" + name_of_uid(uid);
  return caller;
}

Caller local_caller() { return local_caller(getuid()); }

}  // namespace spoor::auth
