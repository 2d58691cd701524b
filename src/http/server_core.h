#pragma once
// What all connections of a server share. Internal to the module http.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/exchange_core.h"
#include "http/forwarded.h"
#include "http/metrics.h"
#include "http/router.h"
#include "http/server.h"
#include "http/worker_pool.h"

namespace spoor::http {

class Connection;

/// What is counted; taken as a Metrics.
class Counters {
 public:
  void count(const RequestDone& done);
  void fill(Metrics& metrics) const;

  std::atomic<std::uint64_t> connections_total{0};
  std::atomic<std::uint64_t> connections_refused{0};
  std::atomic<std::uint64_t> connections_timed_out{0};
  std::atomic<std::uint64_t> tls_handshakes_failed{0};
  std::atomic<std::uint64_t> requests_refused_busy{0};
  std::atomic<std::uint64_t> event_streams_cut{0};

 private:
  mutable std::mutex mutex_;
  std::map<std::string, RouteMetrics> routes_;
  std::uint64_t body_bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

/// The open connections, and how many each address has.
class Registry {
 public:
  Registry(std::size_t max_total, std::size_t max_per_address)
      : max_total_(max_total), max_per_address_(max_per_address) {}

  /// Takes a place; false where there is none. An empty key counts in the total alone.
  bool take_place(const std::string& limit_key);
  void give_place(const std::string& limit_key);
  /// The same for a request of a client behind a proxy, whose connection has its place already.
  bool take_client_place(const std::string& limit_key);
  void give_client_place(const std::string& limit_key);
  void add(Connection* key, std::weak_ptr<Connection> connection);
  void remove(Connection* key);
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all() const;
  [[nodiscard]] std::size_t size() const;

 private:
  bool count_up(const std::string& limit_key);
  void count_down(const std::string& limit_key);

  const std::size_t max_total_;
  const std::size_t max_per_address_;
  mutable std::mutex mutex_;
  std::size_t places_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
  std::unordered_map<Connection*, std::weak_ptr<Connection>> connections_;
};

struct ServerCore {
  ServerCore(ServerOptions server_options, Router server_router);

  const ServerOptions options;
  const Router router;
  std::shared_ptr<const AnswerSettings> answers;
  AddressSet trusted_proxies;  ///< not changed once the server has started
  Counters counters;
  Registry registry;
  WorkerPool workers;
  std::atomic<bool> is_stopping{false};
  std::atomic<std::uint64_t> buffered_body_bytes{0};
  std::atomic<std::uint64_t> event_streams{0};
  std::atomic<std::uint64_t> exchanges{0};  ///< between a header and the end of its answer

  /// 16 hex digits, none like another in the life of the server.
  std::string make_request_id();

 private:
  std::atomic<std::uint64_t> next_id_;
};

}  // namespace spoor::http
