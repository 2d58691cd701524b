#pragma once
// Who asks, and what they may do. Every effect is given a Caller and calls `require` where it
// happens.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kql/kql.h"
#include "schema/gen/permissions.h"

namespace spoor::auth {

using schema::Permission;
using schema::PermissionSet;
using schema::Role;

enum class CallerKind : std::uint8_t {
  kUser = 0,    ///< a person with a session
  kToken = 1,   ///< a program with an API token
  kLocal = 2,   ///< a person or program on this machine that may read the data folder anyway
  kSystem = 3,  ///< Spoor itself
};

/// Which devices a collector may send events of.
struct CollectorLimits {
  bool any = false;
  std::vector<std::string> devices;  ///< names or ids of devices, or ids of device groups

  /// True where `device`, a name or an id, is one of them (without regard to case). Ask for each
  /// name that the events give the device.
  [[nodiscard]] bool allows(std::string_view device) const;
};

struct Caller {
  CallerKind kind = CallerKind::kSystem;
  std::string id;    ///< user id or token id; empty for the others
  std::string name;  ///< "ann", "token backup-host", "local:root", "system"
  Role role = Role::kReader;
  PermissionSet permissions;  ///< none while the password must be changed
  kql::AccessScope scope{.all = false, .device_ids_or_groups = {}};
  std::string session_id;  ///< of kUser alone
  bool must_change_password = false;
  std::optional<CollectorLimits> collector;  ///< of tokens that may send events
  std::string address;                       ///< where the request came from, empty where from here

  [[nodiscard]] bool may(Permission permission) const;
  /// As the audit log names it: "ann", "token:ID", "local:root", "system".
  [[nodiscard]] std::string actor() const;
};

/// kForbidden where the caller may not: `This needs the permission "import.run".`, or `Choose a new
/// password first.` where that is why.
Result<void> require(const Caller& caller, Permission permission);

/// Spoor itself: may everything.
Caller system_caller();
/// The owner of a data folder, working on it without a server: may everything, and is recorded as
/// "local:NAME" after the user id.
Caller local_caller(unsigned uid);
Caller local_caller();  ///< that of this process

}  // namespace spoor::auth
