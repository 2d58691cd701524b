#pragma once
// What the server counts. A snapshot is a plain value; write_prometheus puts it into the text
// format that scrapers read.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace spoor::http {

/// One finished request, for an access log. Holds no query, header, body or raw path: those may
/// carry secrets and personal data.
struct RequestDone {
  std::string id;
  std::string method;
  std::string route;  ///< name of the route; "-" where none matched, "fallback" for the fallback
  int status = 0;     ///< 0 where the client left before an answer began
  std::uint64_t bytes_in = 0;   ///< of the body as sent
  std::uint64_t bytes_out = 0;  ///< of the answer with its header, before TLS
  double milliseconds = 0;
  std::string remote;
  bool is_cut = false;  ///< the answer did not reach its end
  std::string problem;  ///< what went wrong inside, for the operator; empty mostly
};

/// Upper bounds of the latency buckets in seconds; a last bucket takes the rest.
inline constexpr std::array<double, 12> kLatencyBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                          0.1,   0.25,   0.5,   1,    2.5,   10};

struct RouteMetrics {
  std::map<int, std::uint64_t> requests_by_class;  ///< 2 for 2xx, …; 0 for no answer
  std::array<std::uint64_t, kLatencyBounds.size() + 1> latency{};
  double latency_sum_seconds = 0;
};

struct Metrics {
  std::map<std::string, RouteMetrics> routes;
  std::uint64_t connections_open = 0;
  std::uint64_t connections_total = 0;
  std::uint64_t connections_refused = 0;  ///< over a limit of connections
  std::uint64_t connections_timed_out = 0;
  std::uint64_t tls_handshakes_failed = 0;
  std::uint64_t requests_running = 0;
  std::uint64_t requests_queued = 0;
  std::uint64_t requests_refused_busy = 0;  ///< answered 503 for want of a worker
  std::uint64_t event_streams_open = 0;
  std::uint64_t event_streams_cut = 0;  ///< clients that were too slow
  std::uint64_t body_bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

/// Prometheus text format 0.0.4, names start with "spoor_http_".
std::string write_prometheus(const Metrics& metrics);

}  // namespace spoor::http
