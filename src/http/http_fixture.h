#pragma once
// For tests: a server with a router of the test's own, and a client that sends exactly the bytes it
// is given. Internal to the module http.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/sanitized.h"
#include "base/temp_folder.h"
#include "base/text.h"
#include "http/client.h"
#include "http/server.h"

namespace spoor::http {

/// Why a measure of memory is left out of a build with sanitizers.
inline constexpr const char* kNoMeasure = "sanitizers keep freed memory: its peak was not measured";

/// Most memory that the process has held so far, in bytes.
inline std::uint64_t peak_memory() {
  rusage usage{};
  (void)::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// Something that one thread waits for and another makes true.
class Flag {
 public:
  void raise() {
    const std::lock_guard lock(mutex_);
    is_up_ = true;
    changed_.notify_all();
  }
  /// False where it did not come within 20 s: a failure, not a measure.
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return is_up_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_up_ = false;
};

/// A connection on which a test writes what it likes.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, std::uint32_t source = INADDR_LOOPBACK)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(source);
    // Without it the kernel looks for a port free for all peers, which takes long after many tests.
    const int on = 1;
    (void)::setsockopt(socket_.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    (void)::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&from), sizeof(from));
    sockaddr_in to = from;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
      socket_ = FileHandle();
    }
  }

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] bool is_connected() const { return socket_.is_open(); }
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Closes with a reset.
  void leave() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    socket_ = FileHandle();
  }

  /// More bytes into `received`; false at the end, and after 20 s without any.
  bool receive() {
    pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 20'000) != 1) {
      ADD_FAILURE() << "the server sent nothing for 20 s";
      return false;
    }
    std::array<char, 64 * 1024> buffer;
    const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) {
      return false;
    }
    received.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
  }
  bool receive_until(std::string_view text) {
    while (received.find(text) == std::string::npos) {
      if (!receive()) {
        return false;
      }
    }
    return true;
  }
  /// All until the server closes.
  std::string receive_all() {
    while (receive()) {
    }
    return std::exchange(received, {});
  }

  struct Answer {
    int status = 0;
    std::string head;
    std::string body;
    [[nodiscard]] std::string header(std::string_view name) const {
      for (const std::string_view line : split(head, '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && equals_ignoring_case(line.substr(0, colon), name)) {
          std::string_view value = line.substr(colon + 1);
          value = value.ends_with('\r') ? value.substr(0, value.size() - 1) : value;
          return std::string(trim_blanks(value));
        }
      }
      return {};
    }
  };
  /// The next answer, which has a Content-Length (or no body).
  Answer next(bool has_body = true) {
    Answer answer;
    if (!receive_until("\r\n\r\n")) {
      return answer;
    }
    const std::size_t end = received.find("\r\n\r\n") + 4;
    answer.head = received.substr(0, end);
    received.erase(0, end);
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    const std::size_t length =
        has_body ? static_cast<std::size_t>(parse_int(answer.header("Content-Length")).value_or(0))
                 : 0;
    while (received.size() < length && receive()) {
    }
    answer.body = received.substr(0, length);
    received.erase(0, length);
    return answer;
  }
  Answer ask(std::string_view request, bool has_body = true) {
    (void)send(request);
    return next(has_body);
  }

  std::string received;

 private:
  FileHandle socket_;
};

inline std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more) + "\r\n";
}

/// A server on a free port with routes of the test's making.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options.listen = {{.host = "127.0.0.1", .port = 0}};
    options.workers = 2;
    options.on_request_done = [this](const RequestDone& request) {
      const std::lock_guard lock(done_mutex_);
      done_.push_back(request);
      done_changed_.notify_all();
    };
  }

  ~ServerTest() override { server.reset(); }  // it speaks to the members below

  void start() {
    server = std::make_unique<Server>(options, std::move(router));
    const Result<void> started = server->start();
    ASSERT_TRUE(started) << started.error().to_string();
  }
  [[nodiscard]] RawClient connect() const { return RawClient(server->port()); }
  [[nodiscard]] std::string url(std::string_view target) const {
    const std::string scheme = options.certificate_path.empty() ? "http" : "https";
    return scheme + "://127.0.0.1:" + std::to_string(server->port()) + std::string(target);
  }
  /// The finished requests once there are `count` of them.
  std::vector<RequestDone> wait_for_done(std::size_t count) {
    std::unique_lock lock(done_mutex_);
    (void)done_changed_.wait_for(lock, std::chrono::seconds(20),
                                 [&] { return done_.size() >= count; });
    return done_;
  }
  /// Waits until the server's counts satisfy `test`.
  bool wait_for_metrics(const std::function<bool(const Metrics&)>& test) const {
    for (int tries = 0; tries < 2000; ++tries) {
      if (test(server->metrics())) {
        return true;
      }
      ::usleep(10'000);
    }
    return false;
  }

  ServerOptions options;
  Router router;
  std::unique_ptr<Server> server;

 private:
  std::mutex done_mutex_;
  std::condition_variable done_changed_;
  std::vector<RequestDone> done_;
};

}  // namespace spoor::http
