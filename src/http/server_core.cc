#include "http/server_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace spoor::http {

namespace {

AnswerSettings make_settings(const ServerOptions& options) {
  AnswerSettings settings;
  settings.content_security_policy = options.content_security_policy.empty()
                                         ? std::string(kDefaultContentSecurityPolicy)
                                         : options.content_security_policy;
  settings.strict_transport_seconds = options.strict_transport_seconds;
  settings.error_body = options.error_body ? options.error_body : default_error_body;
  return settings;
}

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

void Counters::count(const RequestDone& done) {
  const double seconds = done.milliseconds / 1000;
  const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(kLatencyBounds, seconds) -
                                               kLatencyBounds.begin());
  const std::lock_guard lock(mutex_);
  RouteMetrics& route = routes_[done.route];
  ++route.requests_by_class[done.status / 100];
  ++route.latency.at(bucket);
  route.latency_sum_seconds += seconds;
  body_bytes_in_ += done.bytes_in;
  bytes_out_ += done.bytes_out;
}

void Counters::fill(Metrics& metrics) const {
  metrics.connections_total = connections_total;
  metrics.connections_refused = connections_refused;
  metrics.connections_timed_out = connections_timed_out;
  metrics.tls_handshakes_failed = tls_handshakes_failed;
  metrics.requests_refused_busy = requests_refused_busy;
  metrics.event_streams_cut = event_streams_cut;
  const std::lock_guard lock(mutex_);
  metrics.routes = routes_;
  metrics.body_bytes_in = body_bytes_in_;
  metrics.bytes_out = bytes_out_;
}

bool Registry::take_place(const std::string& limit_key) {
  const std::lock_guard lock(mutex_);
  if (places_ >= max_total_ || (!limit_key.empty() && !count_up(limit_key))) {
    return false;
  }
  ++places_;
  return true;
}

void Registry::give_place(const std::string& limit_key) {
  const std::lock_guard lock(mutex_);
  --places_;
  count_down(limit_key);
}

bool Registry::take_client_place(const std::string& limit_key) {
  const std::lock_guard lock(mutex_);
  return count_up(limit_key);
}

void Registry::give_client_place(const std::string& limit_key) {
  const std::lock_guard lock(mutex_);
  count_down(limit_key);
}

bool Registry::count_up(const std::string& limit_key) {
  std::size_t& count = by_address_[limit_key];
  if (count >= max_per_address_) {
    return false;
  }
  ++count;
  return true;
}

void Registry::count_down(const std::string& limit_key) {
  const auto found = by_address_.find(limit_key);
  if (found != by_address_.end() && --found->second == 0) {
    by_address_.erase(found);
  }
}

void Registry::add(Connection* key, std::weak_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  connections_.emplace(key, std::move(connection));
}

void Registry::remove(Connection* key) {
  const std::lock_guard lock(mutex_);
  connections_.erase(key);
}

std::vector<std::shared_ptr<Connection>> Registry::all() const {
  std::vector<std::shared_ptr<Connection>> open;
  const std::lock_guard lock(mutex_);
  open.reserve(connections_.size());
  for (const auto& [key, connection] : connections_) {
    if (std::shared_ptr<Connection> alive = connection.lock()) {
      open.push_back(std::move(alive));
    }
  }
  return open;
}

std::size_t Registry::size() const {
  const std::lock_guard lock(mutex_);
  return places_;
}

ServerCore::ServerCore(ServerOptions server_options, Router server_router)
    : options(std::move(server_options)),
      router(std::move(server_router)),
      answers(std::make_shared<const AnswerSettings>(make_settings(options))),
      registry(options.limits.max_connections, options.limits.max_connections_per_address),
      next_id_(random_seed()) {}

std::string ServerCore::make_request_id() {
  // A bijection of a counter (splitmix64): no two alike, and no order to be read from them.
  std::uint64_t id = next_id_.fetch_add(0x9E3779B97F4A7C15U);
  id = (id ^ (id >> 30)) * 0xBF58476D1CE4E5B9U;
  id = (id ^ (id >> 27)) * 0x94D049BB133111EBU;
  id ^= id >> 31;
  return fmt::format("{:016x}", id);
}

}  // namespace spoor::http
