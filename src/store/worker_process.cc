#include "store/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

extern char** environ;

namespace spoor::store {
namespace {

using namespace std::chrono_literals;

constexpr auto kReadyWithin = 60s;
constexpr auto kFirstPause = 50ms;
constexpr auto kLongestPause = 5s;
/// Exit code with which the worker says that another owns the folder.
constexpr int kFolderIsOwned = 3;

std::string program_path(const WorkerOptions& options) {
  if (!options.program.empty()) {
    return options.program;
  }
  if (const char* given = std::getenv("SPOOR_STORE_BIN"); given != nullptr && *given != '\0') {
    return given;
  }
  char self[4096];
  const ssize_t size = readlink("/proc/self/exe", self, sizeof self);
  return size <= 0
             ? "spoor-store"
             : std::string(path_folder({self, static_cast<std::size_t>(size)})) + "/spoor-store";
}

/// True where something accepts connections on the socket.
bool accepts(const std::string& path) {
  const FileHandle socket_handle(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return false;
  }
  path.copy(address.sun_path, path.size());
  return connect(socket_handle.get(), reinterpret_cast<const sockaddr*>(&address),
                 sizeof address) == 0;
}

}  // namespace

struct WorkerProcess::Impl {
  std::string data_dir, program, socket_path, log_path;
  WorkerOptions options;
  std::atomic<pid_t> pid = -1;
  std::atomic<bool> is_ending = false;
  std::atomic<int> last_exit = 0;
  std::atomic<int> ends = 0;
  std::atomic<bool> was_ready = false;
  std::thread watcher;

  Result<void> spawn() {
    unlink(socket_path.c_str());
    std::vector<std::string> arguments = {
        program,     "--path",   data_dir + "/store",        "--socket",
        socket_path, "--parent", fmt::format("{}", getpid())};
    if (options.memory_bytes != 0) {
      arguments.push_back("--memory");
      arguments.push_back(fmt::format("{}", options.memory_bytes));
    }
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
      pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_path.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    // A group of its own: Ctrl-C at a terminal is for its owner, which ends it when it is done.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t started = -1;
    const int failed =
        posix_spawn(&started, program.c_str(), &actions, &attributes, pointers.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
      return fail(system_error("cannot start the telemetry engine", program, failed));
    }
    pid = started;
    return {};
  }

  /// Waits for the end of the worker and starts the next one, with longer and longer pauses while
  /// it keeps dying.
  void watch() {
    auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(kFirstPause);
    while (true) {
      const auto started = std::chrono::steady_clock::now();
      int status = 0;
      const pid_t watched = pid;
      while (waitpid(watched, &status, 0) < 0 && errno == EINTR) {
      }
      last_exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      pid = -1;
      ++ends;
      if (is_ending || last_exit == kFolderIsOwned) {
        return;
      }
      log::warning("engine.ended", {{"exit", last_exit.load()}, {"pid", watched}});
      pause = was_ready.exchange(false) || std::chrono::steady_clock::now() - started > 10s
                  ? kFirstPause
                  : std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
      while (true) {
        for (auto waited = 0ms; waited < pause && !is_ending; waited += 10ms) {
          std::this_thread::sleep_for(10ms);
        }
        if (is_ending) {
          return;
        }
        const Result<void> spawned = spawn();
        if (spawned) {
          if (is_ending) {
            // Whoever ends it may have looked for it just before it was there.
            kill(pid, SIGKILL);
          }
          break;
        }
        log::error("engine.not_started", spawned.error());
        pause = kLongestPause;
      }
    }
  }

  [[nodiscard]] std::string last_words() const {
    const auto log = read_file(log_path, 16u << 20);
    if (!log) {
      return "";
    }
    const std::string_view text = trim_blanks(*log);
    const std::size_t line = text.rfind('\n');
    return std::string(line == std::string_view::npos ? text : text.substr(line + 1));
  }
};

WorkerProcess::WorkerProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& data_dir,
                                                            const WorkerOptions& options) {
  auto impl = std::make_unique<Impl>();
  char* absolute = nullptr;
  TRY_VOID(make_folders(data_dir + "/store"));
  TRY_VOID(make_folders(data_dir + "/run"));
  absolute = realpath(data_dir.c_str(), nullptr);
  if (absolute == nullptr) {
    return fail(system_error("cannot find the data folder", data_dir, errno));
  }
  impl->data_dir = absolute;
  free(absolute);
  impl->options = options;
  impl->program = program_path(options);
  impl->socket_path = impl->data_dir + "/run/store.sock";
  impl->log_path = impl->data_dir + "/run/store.log";
  if (access(impl->program.c_str(), X_OK) != 0) {
    if (errno == EACCES) {
      return fail(
          Error::make(ErrorCode::kIo, "this user may not run the telemetry engine's program")
              .at(impl->program)
              .with_hint("let others enter the folders above it, or install the package"));
    }
    return fail(Error::make(ErrorCode::kNotFound, "the telemetry engine's program is missing")
                    .at(impl->program)
                    .with_hint("make build leaves it beside spoor"));
  }
  sockaddr_un limit{};
  if (impl->socket_path.size() >= sizeof limit.sun_path) {
    return fail(Error::make(ErrorCode::kInvalidInput,
                            "the path of the data folder is too long for a socket")
                    .at(data_dir)
                    .with_hint("107 bytes with /run/store.sock"));
  }
  // A socket that answers belongs to the folder's owner; it must not be taken away.
  // Given a moment, though: it may be the worker of a program that was just killed.
  for (int waited = 0; waited < 100 && accepts(impl->socket_path); ++waited) {
    std::this_thread::sleep_for(20ms);
  }
  if (accepts(impl->socket_path)) {
    return fail(Error::make(ErrorCode::kConflict, "another program uses this data folder")
                    .at(data_dir)
                    .with_hint("wait until it has ended"));
  }
  unlink(impl->log_path.c_str());
  TRY_VOID(impl->spawn());
  impl->watcher = std::thread([state = impl.get()] { state->watch(); });
  Impl* state = impl.get();
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess(std::move(impl)));
  // A worker that ends before it ever answered will not do better the next time.
  while (state->ends == 0 && !accepts(state->socket_path)) {
    std::this_thread::sleep_for(5ms);
  }
  if (state->ends > 0 && state->last_exit != kFolderIsOwned) {
    return fail(Error::make(ErrorCode::kUnavailable, "the telemetry engine does not start")
                    .at(state->log_path)
                    .with_hint(state->last_words()));
  }
  TRY_VOID(worker->wait_until_ready());
  return worker;
}

WorkerProcess::~WorkerProcess() {
  impl_->is_ending = true;
  if (const pid_t running = impl_->pid; running > 0) {
    kill(running, SIGTERM);
    for (int waited = 0; waited < 1000 && impl_->pid == running; ++waited) {
      std::this_thread::sleep_for(10ms);
    }
    if (impl_->pid == running) {
      kill(running, SIGKILL);
    }
  }
  impl_->watcher.join();
}

Endpoint WorkerProcess::endpoint() const {
  Endpoint endpoint;
  endpoint.unix_socket = impl_->socket_path;
  return endpoint;
}

int WorkerProcess::pid() const { return impl_->pid; }

bool WorkerProcess::answers() const { return impl_->pid > 0 && accepts(impl_->socket_path); }

int WorkerProcess::restarts() const { return impl_->ends; }

Result<void> WorkerProcess::wait_until_ready() {
  const auto until = std::chrono::steady_clock::now() + kReadyWithin;
  while (std::chrono::steady_clock::now() < until) {
    if (impl_->pid < 0 && impl_->last_exit == kFolderIsOwned) {
      return fail(Error::make(ErrorCode::kConflict, "another program uses this data folder")
                      .at(impl_->data_dir)
                      .with_hint(impl_->last_words()));
    }
    if (impl_->pid > 0 && accepts(impl_->socket_path)) {
      impl_->was_ready = true;
      return {};
    }
    std::this_thread::sleep_for(10ms);
  }
  return fail(Error::make(ErrorCode::kUnavailable, "the telemetry engine does not start")
                  .at(impl_->log_path)
                  .with_hint(impl_->last_words()));
}

}  // namespace spoor::store
