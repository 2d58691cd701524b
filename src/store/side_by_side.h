#pragma once
// Jobs that mostly wait for the engine, a few at a time.

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace spoor::store {

/// Runs `job(0)` to `job(count - 1)` on up to `threads` threads and returns when all have ended.
/// After a failure no further one is begun; the answer is the first failure in the order of the
/// numbers.
Result<void> run_side_by_side(std::size_t count, std::size_t threads,
                              const std::function<Result<void>(std::size_t)>& job);

}  // namespace spoor::store
