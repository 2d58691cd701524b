#include "store/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace spoor::store {

Result<void> run_side_by_side(std::size_t count, std::size_t threads,
                              const std::function<Result<void>(std::size_t)>& job) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t failed_at = count;
  std::optional<Error> failure;
  std::atomic<bool> has_failed = false;
  const auto work = [&] {
    while (!has_failed) {
      const std::size_t at = next++;
      if (at >= count) {
        return;
      }
      const Result<void> done = job(at);
      if (done) {
        continue;
      }
      has_failed = true;
      const std::scoped_lock lock(mutex);
      if (at < failed_at) {
        failed_at = at;
        failure = done.error();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t at = 1; at < std::min(count, threads); ++at) {
      others.emplace_back(work);
    }
    work();
  }
  return failure ? fail(*std::move(failure)) : Result<void>{};
}

}  // namespace spoor::store
