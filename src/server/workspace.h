#pragma once
// A data folder, opened: state, engine, client and appender, wired together.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/import.h"
#include "state/state.h"
#include "store/appender.h"
#include "store/client.h"
#include "store/worker_process.h"

namespace spoor::server {

struct WorkspaceOptions {
  std::uint64_t engine_memory = 2ULL << 30;  ///< bytes; past it a statement fails, others go on
  std::uint64_t disk_reserve = 0;            ///< bytes that inserts must leave; 0: as the disk is
  /// Told of each phase of opening, with how long it took.
  std::function<void(std::string_view phase, double milliseconds)> on_phase;
};

class Workspace {
 public:
  /// Opens `folder`, making what is missing: state, engine, schema. kConflict where another program
  /// owns it, or where a newer one wrote it.
  static Result<std::unique_ptr<Workspace>> open(const std::string& folder,
                                                 const WorkspaceOptions& options = {});

  state::State& state() { return *state_; }
  /// May write.
  const store::Client& client() const { return *client_; }
  /// May run single reads alone: for everything that a person asks.
  const store::Client& hunter() const { return *hunter_; }
  store::WorkerProcess& engine() { return *engine_; }
  store::Appender& appender() { return *appender_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string processes_folder() const { return folder_ + "/processes"; }
  pipeline::ImportTarget import_target();

 private:
  Workspace() = default;
  std::string folder_;
  std::unique_ptr<state::State> state_;
  std::unique_ptr<store::WorkerProcess> engine_;
  std::unique_ptr<store::Client> client_;
  std::unique_ptr<store::Client> hunter_;
  std::unique_ptr<store::Appender> appender_;
};

}  // namespace spoor::server
