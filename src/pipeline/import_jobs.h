#pragma once
// Imports of uploaded files, one after another, in the background: progress, cancel, report, purge.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/sandbox/parse_in_child.h"
#include "pipeline/import.h"

namespace spoor::pipeline {

class Uploads;

enum class ImportJobState : std::uint8_t {
  kQueued = 0,
  kRunning = 1,
  kDone = 2,
  kFailed = 3,     ///< the report says what was stored before
  kCancelled = 4,  ///< likewise
  kPurged = 5,
  kInterrupted = 6,  ///< the program ended before it did; see kInterruptedReport
};

/// What the state is given as report of the jobs that an earlier process left running.
inline constexpr std::string_view kInterruptedReport =
    "{\"interrupted\":true,\"reason\":\"the program ended before the import did; import the same "
    "files again to go on: what is stored is left out, and the repair is made up for\"}";

/// "queued", "running", "done", "failed", "cancelled", "purged", "interrupted".
std::string_view import_job_state_name(ImportJobState state);

/// A change of a job. Sequence numbers rise by one within a job, from 1.
struct ImportJobEvent {
  std::uint64_t sequence = 0;
  std::string job_id;
  ImportJobState state = ImportJobState::kQueued;
  std::uint64_t bytes_done = 0, bytes_total = 0, records = 0;
  std::string file;    ///< label of the file at hand
  std::string reason;  ///< of a failure
  /// One line of JSON, the data of a server-sent event.
  [[nodiscard]] std::string to_json() const;
};

struct ImportJob {
  std::string id;
  std::string owner;
  std::vector<std::string> names;  ///< labels of its files
  ImportJobEvent last;             ///< state and progress
  std::string report = "{}";       ///< JSON of ImportReport once it has ended
};

struct ImportJobRequest {
  std::string owner;                    ///< whose uploads they are; goes into ReportedBy
  std::vector<std::string> upload_ids;  ///< complete; removed at the job's end, unless it failed
};

struct ImportJobLimits {
  std::size_t queued = 100;            ///< jobs that wait
  std::size_t files = 1000;            ///< of one job
  std::uint64_t bytes = 256ULL << 30;  ///< of one job, as uploaded
  std::size_t remembered = 200;        ///< ended jobs whose events can still be read
  ingest::sandbox::ParseLimits parse;  ///< for each file
};

/// Thread-safe; one thread of its own runs the jobs. Errors: kNotFound for a job that is not there.
class ImportJobs {
 public:
  /// `target` and `uploads` must outlive it.
  ImportJobs(ImportTarget target, Uploads& uploads, ImportJobLimits limits = {});
  /// Cancels what runs and what waits, and waits for its end.
  ~ImportJobs();
  ImportJobs(const ImportJobs&) = delete;
  ImportJobs& operator=(const ImportJobs&) = delete;

  /// Queues an import and says its id. kUnavailable where too many wait, kConflict where an upload
  /// is not complete or belongs to another job.
  Result<std::string> start(const ImportJobRequest& request);
  /// Those that ended before this process started come from the state, without events.
  Result<ImportJob> get(std::string_view job_id) const;
  /// Newest first; of those before `before_id` where it is given.
  Result<std::vector<ImportJob>> list(int limit, std::string_view before_id = {}) const;
  /// Ends a job; what it stored stays and is in its report. kConflict where it has ended.
  Result<void> cancel(std::string_view job_id, std::string_view actor);
  /// Removes what a job stored. kConflict while it waits or runs.
  Result<std::uint64_t> purge(std::string_view job_id, std::string_view actor);

  /// Events of a job after `after_sequence`, then new ones as they come; the newest state first
  /// where older ones are no longer kept. Called one at a time, on the calling thread until
  /// subscribe returns and then on the job's; `on_event` must be quick and must not call back. Ends
  /// with the returned handle.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };
  Result<std::unique_ptr<Subscription>> subscribe(
      std::string_view job_id, std::uint64_t after_sequence,
      std::function<void(const ImportJobEvent&)> on_event);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace spoor::pipeline
