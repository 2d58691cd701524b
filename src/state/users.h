#pragma once
// People who may sign in. A password is here only as its Argon2id hash, which leaves the database
// by `password_hash` alone and is never part of a `User`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "schema/gen/permissions.h"

namespace spoor::state {

class Core;

struct User {
  std::string id;    ///< given by who adds it; never changes
  std::string name;  ///< what is typed at sign-in; unique without regard to case (ASCII)
  std::string display_name;
  schema::Role role = schema::Role::kReader;
  std::vector<std::string> groups;  ///< ids of the device groups whose devices it may see, sorted
  bool must_change_password = false;
  bool disabled = false;
  std::int64_t failed_tries = 0;  ///< wrong passwords since the last right one
  Ticks last_failed = 0;          ///< 0: none
  Ticks locked_until = 0;         ///< 0 or past: not locked
  Ticks created = 0;
  std::optional<Ticks> last_sign_in;
};

/// Errors, besides those of State: kNotFound where there is no such user, kConflict for a name that
/// is taken, an empty name or a device group that does not exist.
class Users {
 public:
  explicit Users(Core& core) : core_(core) {}

  Result<void> add(const User& user, std::string_view password_hash);
  Result<std::optional<User>> get(std::string_view id);
  Result<std::optional<User>> find(std::string_view name);
  /// All users, by name.
  Result<std::vector<User>> list();
  Result<std::int64_t> count();
  /// Users of that role who are not disabled.
  Result<std::int64_t> count_active(schema::Role role);
  Result<std::string> password_hash(std::string_view id);

  /// Stores display name, role, groups and `disabled`; the rest of `user` is ignored.
  Result<void> update(const User& user);
  Result<void> set_password(std::string_view id, std::string_view password_hash, bool must_change);
  /// Stores what wrong passwords led to.
  Result<void> set_failures(std::string_view id, std::int64_t failed_tries, Ticks last_failed,
                            Ticks locked_until);
  /// Notes a sign-in and forgets the failures before it.
  Result<void> note_sign_in(std::string_view id, Ticks time);
  /// Removes the user with its sessions and tokens.
  Result<void> remove(std::string_view id);

 private:
  Core& core_;
};

}  // namespace spoor::state
