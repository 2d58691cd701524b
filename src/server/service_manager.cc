#include "server/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

#include "base/file.h"
#include "base/text.h"

namespace spoor::server {
namespace {

std::string take_environment(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

}  // namespace

ServiceManager::ServiceManager() : socket_(take_environment("NOTIFY_SOCKET")) {
  const auto interval = parse_int(take_environment("WATCHDOG_USEC"));
  const auto pid = parse_int(take_environment("WATCHDOG_PID"));
  if (interval && *interval > 0 && (!pid || *pid == ::getpid())) {
    watchdog_ = std::chrono::microseconds(*interval / 2);
  }
}

bool ServiceManager::tell(std::string_view state) const {
  sockaddr_un address{};
  if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path ||
      (socket_[0] != '/' && socket_[0] != '@')) {
    return false;
  }
  address.sun_family = AF_UNIX;
  socket_.copy(address.sun_path, socket_.size());
  if (socket_[0] == '@') {
    address.sun_path[0] = '\0';
  }
  const FileHandle sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  return sender.is_open() && ::sendto(sender.get(), state.data(), state.size(), MSG_NOSIGNAL,
                                      reinterpret_cast<const sockaddr*>(&address),
                                      size) == static_cast<ssize_t>(state.size());
}

}  // namespace spoor::server
