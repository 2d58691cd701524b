#include "storeworker/listener.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace spoor::storeworker {

Result<void> take_lock(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(system_error("cannot open the lock", path, errno));
  }
  // An owner that was killed a moment ago may still be on its way out.
  constexpr int kTries = 100;
  for (int tried = 1; ::flock(file, LOCK_EX | LOCK_NB) != 0; ++tried) {
    if (tried < kTries) {
      ::usleep(20'000);
      continue;
    }
    std::array<char, 32> owner{};
    const ssize_t size = ::pread(file, owner.data(), owner.size() - 1, 0);
    ::close(file);
    const std::string pid(owner.data(), size > 0 ? std::strcspn(owner.data(), "\n") : 0);
    return fail(
        Error::make(ErrorCode::kConflict, "the data folder belongs to the running process " +
                                              (pid.empty() ? std::string("(unknown)") : pid))
            .at(path)
            .with_hint("end that process first"));
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) != 0 ||
      ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    // The lock holds without the number; it only names the owner to others, so a full disk is no
    // reason to end.
    return {};
  }
  return {};
}

Result<int> bind_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return fail(
        Error::make(ErrorCode::kInvalidInput, "the path of the socket is longer than 107 bytes")
            .at(path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) {
    return fail(system_error("cannot make a socket", path, errno));
  }
  (void)::unlink(path.c_str());
  const mode_t before = ::umask(0177);
  const int bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = errno;
  (void)::umask(before);
  if (bound != 0) {
    ::close(socket);
    return fail(system_error("cannot bind the socket", path, error));
  }
  return socket;
}

Result<void> start_listening(int socket) {
  constexpr int kWaiting = 64;
  if (::listen(socket, kWaiting) != 0) {
    return fail(system_error("cannot listen", "", errno));
  }
  return {};
}

Result<void> write_private_file(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(system_error("cannot write", path, errno));
  }
  const ssize_t written = ::write(file, text.data(), text.size());
  const int error = written < 0 ? errno : ENOSPC;
  ::close(file);
  if (written != static_cast<ssize_t>(text.size())) {
    return fail(system_error("cannot write", path, error));
  }
  return {};
}

}  // namespace spoor::storeworker
