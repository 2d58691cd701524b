#pragma once
// Jobs: imports and other long work, their progress and what came of them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {

class Core;

enum class JobState : std::uint8_t { kRunning = 0, kDone = 1, kFailed = 2, kPurged = 3 };

/// "running", "done", "failed", "purged".
std::string_view job_state_name(JobState state);

struct Job {
  std::string id;
  std::string kind;  ///< "import", …
  JobState state = JobState::kRunning;
  Ticks started = 0;
  std::optional<Ticks> finished;   ///< nothing while it runs
  std::vector<std::string> paths;  ///< what was asked for
  std::string counters = "{}";     ///< JSON
  std::string report = "{}";       ///< JSON
};

class Jobs {
 public:
  explicit Jobs(Core& core) : core_(core) {}

  /// Adds a running job; `state` and `finished` are ignored. kConflict where the id is taken or a
  /// text is no JSON.
  Result<void> start(const Job& job);
  /// Stores the progress of a running job. kNotFound without such a job, kConflict where it no
  /// longer runs.
  Result<void> set_counters(std::string_view id, std::string_view counters);
  /// Ends a running job as done or failed. Errors as above.
  Result<void> finish(std::string_view id, JobState state, Ticks finished,
                      std::string_view counters, std::string_view report);
  /// Marks an ended job as purged: what it brought in is gone. Errors: kNotFound, kConflict while
  /// it runs.
  Result<void> mark_purged(std::string_view id);
  /// Ends as failed every job that still runs: at start, nothing can be running. Says how many
  /// there were.
  Result<std::int64_t> fail_running(Ticks finished, std::string_view report);

  Result<std::optional<Job>> get(std::string_view id);
  /// Up to `limit` jobs of a kind, last started first; where `before_id` is given, of those that
  /// come after that job, which may be any (none where it is not there).
  Result<std::vector<Job>> newest(std::string_view kind, int limit,
                                  std::string_view before_id = {});

 private:
  Core& core_;
};

}  // namespace spoor::state
