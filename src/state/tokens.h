#pragma once
// API tokens: what programs prove themselves with. The secret is here only as its SHA-256, which
// leaves the database by `secret_hash` alone.

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

struct Token {
  std::string id;
  std::string name;      ///< what it is for, in its owner's words
  std::string owner_id;  ///< the user whose rights bound it
  std::vector<schema::TokenScope> scopes;
  /// Names or ids of devices, or ids of device groups, that it may speak for or see; empty: what
  /// its owner may see.
  std::vector<std::string> devices;
  Ticks created = 0;
  std::optional<Ticks> expires;    ///< nothing: never
  std::optional<Ticks> last_used;  ///< to the minute; nothing: never
  std::optional<Ticks> revoked;
};

class Tokens {
 public:
  explicit Tokens(Core& core) : core_(core) {}

  /// `secret_hash` is SHA-256 in 64 lower-case hex digits; `last_used` and `revoked` are ignored.
  /// kConflict where the id is taken, the name is empty or there is no such owner.
  Result<void> add(const Token& token, std::string_view secret_hash);
  Result<std::optional<Token>> get(std::string_view id);
  Result<std::optional<std::string>> secret_hash(std::string_view id);
  /// All tokens, or those of one owner; the newest first.
  Result<std::vector<Token>> list(std::string_view owner_id = {});
  Result<void> touch(std::string_view id, Ticks last_used);
  /// kNotFound where there is none, kConflict where it is revoked already.
  Result<void> revoke(std::string_view id, Ticks time);

 private:
  Core& core_;
};

}  // namespace spoor::state
