#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <vector>

#include "storeworker/server.h"
#include "storeworker/session.h"

namespace spoor::storeworker {

using namespace std::chrono_literals;

DisconnectWatch::DisconnectWatch(Engine& engine)
    : engine_(engine), thread_([this](const std::stop_token& stop) { watch(stop); }) {}

DisconnectWatch::~DisconnectWatch() = default;

void DisconnectWatch::add(const std::string& id, int socket) {
  const std::lock_guard lock(mutex_);
  running_[id] = socket;
}

void DisconnectWatch::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  running_.erase(id);
  ended_.notify_all();
}

bool DisconnectWatch::wait_for_end(const std::string& id) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, 30s, [&] { return !running_.contains(id); });
}

void DisconnectWatch::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(100ms);
    std::vector<std::string> gone;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [id, socket] : running_) {
        pollfd entry{.fd = socket, .events = 0, .revents = 0};
        if (::poll(&entry, 1, 0) == 1 && (entry.revents & (POLLHUP | POLLERR)) != 0) {
          gone.push_back(id);
        }
      }
    }
    for (const std::string& id : gone) {
      (void)engine_.kill(id);
    }
  }
}

Server::Server(Engine& engine, ServerOptions options)
    : engine_(engine), options_(std::move(options)), watch_(engine) {}

void Server::serve(int listening_socket) {
  listening_ = listening_socket;
  while (!stopping_) {
    {
      std::unique_lock lock(mutex_);
      closed_.wait(lock,
                   [this] { return sockets_.size() < options_.max_connections || stopping_; });
    }
    const int socket = ::accept4(listening_socket, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      if (stopping_) {
        break;
      }
      // Out of descriptors or a peer that is gone already: neither is a reason to end.
      std::this_thread::sleep_for(10ms);
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      sockets_.insert(socket);
    }
    std::thread([this, socket] { run_connection(socket); }).detach();
  }
}

void Server::run_connection(int socket) {
  run_session(socket, engine_, watch_, options_);
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
  ::close(socket);
  closed_.notify_all();
}

void Server::stop() {
  stopping_ = true;
  ::shutdown(listening_, SHUT_RDWR);
  std::unique_lock lock(mutex_);
  for (const int socket : sockets_) {
    ::shutdown(socket, SHUT_RDWR);
  }
  closed_.notify_all();
  closed_.wait_for(lock, 5s, [this] { return sockets_.empty(); });
}

}  // namespace spoor::storeworker
