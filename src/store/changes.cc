#include "store/changes.h"

namespace spoor::store {

void Changes::begin(std::string_view table) {
  const std::lock_guard lock(mutex_);
  ++counts_.try_emplace(std::string(table)).first->second.begun;
}

void Changes::end(std::string_view table) {
  const std::lock_guard lock(mutex_);
  ++counts_.try_emplace(std::string(table)).first->second.ended;
}

std::optional<std::uint64_t> Changes::state_of(std::span<const std::string> tables) const {
  const std::lock_guard lock(mutex_);
  // Counts only grow, so their sum is the same only where each of them is.
  std::uint64_t sum = 0;
  const auto add = [&](std::string_view table) {
    const auto found = counts_.find(table);
    if (found == counts_.end()) {
      return true;
    }
    sum += found->second.begun;
    return found->second.begun == found->second.ended;
  };
  bool is_still = add(kEveryTable);
  for (const std::string& table : tables) {
    is_still = add(table) && is_still;
  }
  return is_still ? std::optional(sum) : std::nullopt;
}

}  // namespace spoor::store
