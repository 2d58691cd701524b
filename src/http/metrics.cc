#include "http/metrics.h"

#include <fmt/format.h>

#include <string_view>

namespace spoor::http {

namespace {

std::string label(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\\' || letter == '"') {
      out += '\\';
    }
    out += letter == '\n' ? ' ' : letter;
  }
  return out;
}

void write_one(std::string& out, std::string_view name, std::string_view type,
               std::string_view help, std::uint64_t value) {
  out += fmt::format("# HELP spoor_http_{0} {1}\n# TYPE spoor_http_{0} {2}\nspoor_http_{0} {3}\n",
                     name, help, type, value);
}

void write_latency(std::string& out, const std::string& route, const RouteMetrics& metrics) {
  std::uint64_t total = 0;
  for (std::size_t bucket = 0; bucket < metrics.latency.size(); ++bucket) {
    total += metrics.latency[bucket];
    const std::string bound =
        bucket < kLatencyBounds.size() ? fmt::format("{}", kLatencyBounds[bucket]) : "+Inf";
    out += fmt::format("spoor_http_request_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n", route,
                       bound, total);
  }
  out += fmt::format("spoor_http_request_seconds_sum{{route=\"{}\"}} {}\n", route,
                     metrics.latency_sum_seconds);
  out += fmt::format("spoor_http_request_seconds_count{{route=\"{}\"}} {}\n", route, total);
}

}  // namespace

std::string write_prometheus(const Metrics& metrics) {
  std::string out =
      "# HELP spoor_http_requests_total Finished requests by route and class of status.\n"
      "# TYPE spoor_http_requests_total counter\n";
  for (const auto& [name, route] : metrics.routes) {
    for (const auto& [status_class, count] : route.requests_by_class) {
      const std::string status = status_class == 0 ? "none" : fmt::format("{}xx", status_class);
      out += fmt::format("spoor_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                         label(name), status, count);
    }
  }
  out +=
      "# HELP spoor_http_request_seconds From the header to the end of the answer.\n"
      "# TYPE spoor_http_request_seconds histogram\n";
  for (const auto& [name, route] : metrics.routes) {
    write_latency(out, label(name), route);
  }
  write_one(out, "connections_open", "gauge", "Open connections.", metrics.connections_open);
  write_one(out, "connections_total", "counter", "Accepted connections.",
            metrics.connections_total);
  write_one(out, "connections_refused_total", "counter", "Connections over a limit.",
            metrics.connections_refused);
  write_one(out, "connections_timed_out_total", "counter", "Connections cut for being slow.",
            metrics.connections_timed_out);
  write_one(out, "tls_handshakes_failed_total", "counter", "TLS handshakes that failed.",
            metrics.tls_handshakes_failed);
  write_one(out, "requests_running", "gauge", "Handlers that run.", metrics.requests_running);
  write_one(out, "requests_queued", "gauge", "Requests that wait for a worker.",
            metrics.requests_queued);
  write_one(out, "requests_refused_busy_total", "counter", "Requests refused for want of a worker.",
            metrics.requests_refused_busy);
  write_one(out, "event_streams_open", "gauge", "Open event streams.", metrics.event_streams_open);
  write_one(out, "event_streams_cut_total", "counter", "Event streams cut for being slow.",
            metrics.event_streams_cut);
  write_one(out, "body_bytes_received_total", "counter", "Bytes of bodies as sent.",
            metrics.body_bytes_in);
  write_one(out, "bytes_sent_total", "counter", "Bytes of answers before TLS.", metrics.bytes_out);
  return out;
}

}  // namespace spoor::http
