// spoor-store: the embedded telemetry engine behind ClickHouse's HTTP interface on a private Unix
// socket.

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "base/text.h"
#include "cage/cage.h"
#include "storeworker/chdb_api.h"
#include "storeworker/engine.h"
#include "storeworker/engine_config.h"
#include "storeworker/listener.h"
#include "storeworker/server.h"
#include "storeworker/sql_tokens.h"

namespace spoor::storeworker {
namespace {

/// What libchdb and the C library read at run time, outside of the data folder. /etc is not among
/// them, save for the time zone.
constexpr const char* kReadable[] = {
    "/proc",
    "/sys/fs/cgroup",
    "/sys/devices/system",
    "/usr/share/zoneinfo",
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/etc/localtime",
    "/etc/timezone",
    "/dev/urandom",
};

constexpr std::size_t kEngineConnections = 12;

struct Arguments {
  std::string path;
  std::string socket;
  std::uint64_t memory = 0;
  int parent = 0;
};

Result<Arguments> read_arguments(int count, char** words) {
  Arguments arguments;
  for (int at = 1; at + 1 < count; at += 2) {
    const std::string_view name = words[at];
    const std::string value = words[at + 1];
    const auto number = parse_int(value);
    if (name == "--path") {
      arguments.path = value;
    } else if (name == "--socket") {
      arguments.socket = value;
    } else if (name == "--memory" && number && *number >= 0) {
      arguments.memory = static_cast<std::uint64_t>(*number);
    } else if (name == "--parent" && number && *number > 0) {
      arguments.parent = static_cast<int>(*number);
    } else {
      return fail(ErrorCode::kInvalidInput, "unknown argument " + std::string(name) + " " + value);
    }
  }
  if (arguments.path.empty() || arguments.path[0] != '/' || arguments.socket.empty() ||
      count % 2 == 0) {
    return fail(ErrorCode::kInvalidInput,
                "usage: spoor-store --path FOLDER --socket FILE [--memory BYTES] [--parent PID], "
                "paths from /");
  }
  return arguments;
}

/// Ends this process with its parent, also where the parent went before the call.
Result<void> follow_parent(int parent) {
  if (parent == 0) {
    return {};
  }
  if (::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || ::getppid() != parent) {
    return fail(ErrorCode::kConflict, "the parent process is gone");
  }
  return {};
}

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(system_error("cannot make the folder", path, errno));
  }
  return {};
}

sigset_t end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

/// The engine ignores options that it does not know: what matters is read back.
Result<void> check_settings(Engine& engine) {
  Engine::Lease connection = TRY(engine.lease());
  std::string answer;
  const Result<Statistics> read = connection->read(
      "SELECT getSetting('async_insert') = 0 AND getSetting('allow_introspection_functions') = 0",
      "TabSeparated", {}, [&answer](std::string_view piece) {
        answer += piece;
        return true;
      });
  TRY_VOID(read);
  if (answer != "1\n" && answer != "true\n") {
    return fail(ErrorCode::kEngine, "the engine did not take its configuration");
  }
  return {};
}

Result<void> run(const Arguments& arguments) {
  if (std::string_view(chdb_version()) != kEngineVersion) {
    return fail(ErrorCode::kUnsupported, "libchdb is of version " + std::string(chdb_version()) +
                                             ", made for " + kEngineVersion);
  }
  TRY_VOID(follow_parent(arguments.parent));
  TRY_VOID(make_folder(arguments.path));
  TRY_VOID(take_lock(arguments.path + ".lock"));
  for (const char* name : {"/tmp", "/data"}) {
    TRY_VOID(make_folder(arguments.path + name));
  }
  const EngineConfig config{.folder = arguments.path,
                            .users_file = arguments.path + "/users.xml",
                            .max_memory = arguments.memory};
  TRY_VOID(write_private_file(config.users_file, users_xml()));
  TRY_VOID(write_private_file(arguments.path + "/config.xml", server_xml(config)));
  const int listening = TRY(bind_at(arguments.socket));
  const cage::FileCage files = TRY(cage::enter_file_cage(arguments.path, kReadable));
  TRY_VOID(cage::forbid_dangerous_calls());

  chdb_set_signal_handlers_enabled(0);
  const std::unique_ptr<Engine> engine = TRY(Engine::open(
      {"--path=" + arguments.path + "/data", "--config-file=" + arguments.path + "/config.xml"},
      kEngineConnections));
  {
    Engine::Lease connection = TRY(engine->lease());
    TRY_VOID(connection->change("CREATE DATABASE IF NOT EXISTS spoor", {}));
  }
  TRY_VOID(check_settings(*engine));

  // Not before: a client that can connect may take it that the engine answers.
  TRY_VOID(start_listening(listening));

  ServerOptions options;
  options.limits.max_memory = arguments.memory == 0 ? 0 : arguments.memory / 2;
  if (files == cage::FileCage::kNone) {
    options.hunters_refused =
        "this kernel has no Landlock and the process is not root, so files cannot be closed to the "
        "engine; hunts are refused";
    std::fprintf(stderr, "spoor-store: %s\n", options.hunters_refused.c_str());
  }
  Server server(*engine, options);
  std::thread([&server, &engine, parent = arguments.parent] {
    const sigset_t signals = end_signals();
    int signal = 0;
    (void)sigwait(&signals, &signal);
    if (parent != 0 && ::getppid() != parent) {
      // Nobody is left to answer to, and the next owner of the folder may be waiting for it.
      ::_exit(0);
    }
    server.stop();
    engine->close_idle();
    // Leaving through exit would run the engine's destructors under open connections.
    ::_exit(0);
  }).detach();
  server.serve(listening);
  // The end belongs to the thread above.
  while (true) {
    ::pause();
  }
}

}  // namespace
}  // namespace spoor::storeworker

int main(int count, char** words) {
  using namespace spoor::storeworker;
  const sigset_t signals = end_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const auto arguments = read_arguments(count, words);
  const auto done =
      arguments ? run(*arguments) : spoor::Result<void>(std::unexpected(arguments.error()));
  if (!done) {
    std::fprintf(stderr, "spoor-store: %s\n", done.error().to_string().c_str());
    ::_exit(done.error().code == spoor::ErrorCode::kConflict ? 3 : 1);
  }
  return 0;
}
