#pragma once
// Sessions of signed-in people. The secret that proves one is here only as its SHA-256, which
// leaves the database by `secret_hash` alone.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {

class Core;

struct Session {
  std::string id;
  std::string user_id;
  Ticks created = 0;
  Ticks last_used = 0;
  Ticks expires = 0;    ///< ends then however much it is used
  std::string address;  ///< where the sign-in came from
  std::string agent;    ///< what the browser called itself, cut short; hostile text
};

class Sessions {
 public:
  explicit Sessions(Core& core) : core_(core) {}

  /// `secret_hash` is SHA-256 in 64 lower-case hex digits. kConflict where the id is taken, or
  /// where there is no such user.
  Result<void> add(const Session& session, std::string_view secret_hash);
  Result<std::optional<Session>> get(std::string_view id);
  Result<std::optional<std::string>> secret_hash(std::string_view id);
  /// Sessions of a user, the last used first.
  Result<std::vector<Session>> list(std::string_view user_id);
  Result<void> touch(std::string_view id, Ticks last_used);
  /// True where there was one.
  Result<bool> remove(std::string_view id);
  /// Ends all of a user, but `except` where it is given; says how many.
  Result<std::int64_t> remove_all(std::string_view user_id, std::string_view except = {});
  /// Removes those past their end, or last used before `idle_since`; says how many.
  Result<std::int64_t> remove_ended(Ticks now, Ticks idle_since);

 private:
  Core& core_;
};

}  // namespace spoor::state
