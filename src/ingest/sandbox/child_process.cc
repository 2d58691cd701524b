#include "ingest/sandbox/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>
#include <vector>

namespace spoor::ingest::sandbox {
namespace {

/// Above every number that the child uses, so that giving them out cannot overwrite one.
constexpr int kOutOfTheWay = 64;
constexpr std::size_t kReadBytes = 1u << 20;

Result<FileHandle> moved_away(int descriptor) {
  FileHandle copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, kOutOfTheWay));
  if (!copy.is_open()) {
    return fail(system_error("cannot hand over an open file", "", errno));
  }
  return copy;
}

struct Actions {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  Actions() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::string& program, int input,
                                         const std::vector<FileHandle>& spools) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(system_error("cannot make a channel to the parser", "", errno));
  }
  FileHandle ours(ends[0]);
  const FileHandle theirs(ends[1]);
  for (const int end : ends) {
    const int bytes = 1 << 20;
    (void)::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
  std::vector<FileHandle> given;
  given.push_back(TRY(moved_away(theirs.get())));
  given.push_back(TRY(moved_away(input)));
  for (const FileHandle& spool : spools) {
    given.push_back(TRY(moved_away(spool.get())));
  }

  Actions actions;
  for (int standard = 0; standard <= 2; ++standard) {
    posix_spawn_file_actions_addopen(&actions.files, standard, "/dev/null", O_RDWR, 0);
  }
  int next = kChannel;
  for (const FileHandle& descriptor : given) {
    posix_spawn_file_actions_adddup2(&actions.files, descriptor.get(), next++);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions.files, next);
  sigset_t none{};
  sigset_t all{};
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&actions.attributes, &none);
  posix_spawnattr_setsigdefault(&actions.attributes, &all);
  // A session of its own: the keys of a terminal are not for it.
  posix_spawnattr_setflags(&actions.attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);

  std::string name = "spoor-parse";
  std::string argument = kChildArgument;
  char* const words[] = {name.data(), argument.data(), nullptr};
  char* const environment[] = {nullptr};
  pid_t pid = -1;
  const int failed =
      ::posix_spawn(&pid, program.c_str(), &actions.files, &actions.attributes, words, environment);
  if (failed != 0) {
    return fail(system_error("cannot start the parser", program, failed));
  }
  return ChildProcess(pid, std::move(ours));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), channel_(std::move(other.channel_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    end(true);
  }
}

Result<void> ChildProcess::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(channel_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) {
      continue;
    }
    if (sent < 0) {
      return fail(system_error("cannot speak to the parser", "", errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<ChildProcess::Heard> ChildProcess::hear(std::string& out,
                                               std::chrono::milliseconds most) const {
  pollfd waiting{.fd = channel_.get(), .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(most.count()));
  if (ready == 0 || (ready < 0 && errno == EINTR)) {
    return Heard::kNothing;
  }
  if (ready < 0) {
    return fail(system_error("cannot listen to the parser", "", errno));
  }
  const std::size_t before = out.size();
  out.resize(before + kReadBytes);
  const ssize_t got = ::recv(channel_.get(), out.data() + before, kReadBytes, 0);
  const int error = errno;
  out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got > 0) {
    return Heard::kBytes;
  }
  if (got < 0 && error == EINTR) {
    return Heard::kNothing;
  }
  // A killed child resets the channel.
  if (got == 0 || error == ECONNRESET) {
    return Heard::kEnd;
  }
  return fail(system_error("cannot listen to the parser", "", error));
}

int ChildProcess::end(bool at_once) {
  const pid_t pid = std::exchange(pid_, -1);
  int status = 0;
  constexpr int kPolls = 100;
  for (int polls = 0; !at_once && polls < kPolls; ++polls) {
    if (::waitpid(pid, &status, WNOHANG) == pid) {
      return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace spoor::ingest::sandbox
