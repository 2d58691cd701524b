#include "auth/sodium_ready.h"

#include <sodium.h>

#include <cstdlib>

namespace spoor::auth {

void make_sodium_ready() {
  static const bool is_ready = sodium_init() >= 0;
  if (!is_ready) {
    std::abort();
  }
}

}  // namespace spoor::auth
