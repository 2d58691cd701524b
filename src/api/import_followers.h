#pragma once
// Streams of events that tell of imports. Thread-safe.

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/exchange.h"

namespace spoor::pipeline {
class ImportJobs;
struct ImportJobEvent;
}  // namespace spoor::pipeline

namespace spoor::api {

class ImportFollowers {
 public:
  ImportFollowers();
  ~ImportFollowers();

  /// Sends what happens to a job, from after `sequence` on, until it has ended or the client is
  /// gone. Streams that have ended are let go of at the next call.
  Result<void> follow(pipeline::ImportJobs& imports, const std::string& job_id,
                      std::uint64_t sequence, http::EventStream stream);
  /// Ends all streams; must come before the jobs go.
  void clear();

 private:
  struct Follower;
  void sweep();

  std::mutex mutex_;
  std::vector<std::unique_ptr<Follower>> followers_;
};

/// The event as an ImportProgress of the contract.
std::string progress_body(const pipeline::ImportJobEvent& event);

}  // namespace spoor::api
