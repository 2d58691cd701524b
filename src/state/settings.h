#pragma once
// Settings: one value a key.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor::state {

class Core;

class Settings {
 public:
  explicit Settings(Core& core) : core_(core) {}

  Result<std::optional<std::string>> get(std::string_view key);
  /// kConflict where the key is empty.
  Result<void> set(std::string_view key, std::string_view value);
  /// True where there was one.
  Result<bool> remove(std::string_view key);
  Result<std::map<std::string, std::string>> all();

 private:
  Core& core_;
};

}  // namespace spoor::state
