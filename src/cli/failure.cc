#include "cli/failure.h"

#include <cstdio>

namespace spoor::cli {

int say_failure(const Error& error) {
  std::fprintf(stderr, "spoor: %s\n", error.to_string().c_str());
  return 1;
}

}  // namespace spoor::cli
