#pragma once
// Starts spoor-store for a data folder, watches it, and starts it again when it dies.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/client.h"

namespace spoor::store {

struct WorkerOptions {
  std::string program;  ///< path of spoor-store; empty: beside this program, or $SPOOR_STORE_BIN
  std::uint64_t memory_bytes = 0;  ///< bound of the engine's memory; 0: its own choice
};

/// Thread-safe. The worker ends with its owner.
class WorkerProcess {
 public:
  /// Makes `data_dir`/store and `data_dir`/run where they are missing, starts the worker and waits
  /// until it answers. kConflict where another program owns the folder, kNotFound without the
  /// worker's program.
  static Result<std::unique_ptr<WorkerProcess>> start(const std::string& data_dir,
                                                      const WorkerOptions& options = {});
  ~WorkerProcess();

  [[nodiscard]] Endpoint endpoint() const;
  /// Returns when the worker answers; kUnavailable with what it said last where it does not within
  /// 60 seconds.
  Result<void> wait_until_ready();
  /// Process id of the worker that runs now.
  [[nodiscard]] int pid() const;
  /// True where the worker accepts connections now.
  [[nodiscard]] bool answers() const;
  /// How often it ended and was started again.
  [[nodiscard]] int restarts() const;

 private:
  struct Impl;
  explicit WorkerProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::store
