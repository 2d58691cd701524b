#include "base/id_set.h"

#include <random>

namespace spoor {

std::uint64_t IdSet::random_multiplier() {
  static const std::uint64_t kMultiplier = [] {
    std::random_device random;
    return (static_cast<std::uint64_t>(random()) << 32 | random()) | 1;
  }();
  return kMultiplier;
}

}  // namespace spoor
