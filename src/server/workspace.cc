#include "server/workspace.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "base/file.h"
#include "base/text.h"
#include "base/ticks.h"
#include "pipeline/import_jobs.h"
#include "server/snapshot.h"
#include "store/migrate.h"

namespace spoor::server {
namespace {

/// Free space that inserts must leave: 1 GiB, less on a disk that is itself small, or what
/// $SPOOR_DISK_RESERVE says in bytes.
std::uint64_t reserve_of(const std::string& folder) {
  if (const char* given = std::getenv("SPOOR_DISK_RESERVE"); given != nullptr) {
    if (const auto bytes = parse_int(given); bytes && *bytes >= 0) {
      return static_cast<std::uint64_t>(*bytes);
    }
  }
  struct statvfs disk{};
  constexpr std::uint64_t kReserve = 1ULL << 30;
  if (statvfs(folder.c_str(), &disk) != 0) {
    return kReserve;
  }
  return std::min<std::uint64_t>(kReserve,
                                 static_cast<std::uint64_t>(disk.f_blocks) * disk.f_frsize / 10);
}

/// Tells how long each step took.
class Phases {
 public:
  explicit Phases(const WorkspaceOptions& options) : options_(options) {}
  void done(std::string_view phase) {
    const auto now = std::chrono::steady_clock::now();
    if (options_.on_phase) {
      options_.on_phase(phase, std::chrono::duration<double, std::milli>(now - last_).count());
    }
    last_ = now;
  }

 private:
  const WorkspaceOptions& options_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace

Result<std::unique_ptr<Workspace>> Workspace::open(const std::string& folder,
                                                   const WorkspaceOptions& options) {
  Phases phases(options);
  TRY_VOID(make_folders(folder));
  std::unique_ptr<Workspace> workspace(new Workspace);
  workspace->folder_ = folder;
  // The engine is the lock of the folder: it starts first.
  workspace->engine_ = TRY(
      store::WorkerProcess::start(folder, {.program = "", .memory_bytes = options.engine_memory}));
  phases.done("engine");
  workspace->client_ = std::make_unique<store::Client>(workspace->engine_->endpoint());
  store::Endpoint hunting = workspace->engine_->endpoint();
  hunting.user = "hunter";
  workspace->hunter_ = std::make_unique<store::Client>(std::move(hunting));
  TRY_VOID(store::migrate(
      *workspace->client_,
      {.reserve_bytes = options.disk_reserve != 0 ? options.disk_reserve : reserve_of(folder)}));
  phases.done("schema");
  workspace->state_ = TRY(state::State::open(folder + "/state.sqlite"));
  TRY(workspace->state_->jobs().fail_running(now_ticks(), pipeline::kInterruptedReport));
  phases.done("state");
  drop_all_snapshots(folder);
  workspace->appender_ = std::make_unique<store::Appender>(
      *workspace->client_,
      [engine = workspace->engine_.get()] { return engine->wait_until_ready(); });
  return workspace;
}

pipeline::ImportTarget Workspace::import_target() {
  return {*state_, *client_, *appender_, processes_folder()};
}

}  // namespace spoor::server
