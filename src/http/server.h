#pragma once
// The HTTP/1.1 server: listens on TCP (with TLS or without) and on a Unix socket, bounds everything
// a client can send, and runs handlers on a pool of workers. It knows nothing of what Spoor is for.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/metrics.h"
#include "http/router.h"

namespace spoor::http {

/// Bounds on what clients can make the server hold or do.
struct ServerLimits {
  std::size_t max_header_bytes =
      32 * 1024;  ///< of request line and headers: 431 (414 for the line)
  std::size_t max_header_count = 100;
  std::size_t max_target_bytes = 8 * 1024;
  std::uint64_t max_body_bytes = 1024 * 1024;  ///< where the route says nothing: 413
  /// Of all whole bodies that are held at once: 503.
  std::uint64_t max_buffered_body_bytes = 256ULL * 1024 * 1024;
  /// Decoded bytes for each byte sent, once the decoded size passes 1 MiB: 413.
  std::uint64_t max_decode_ratio = 200;

  std::chrono::milliseconds header_timeout{10'000};  ///< also of the TLS handshake
  std::chrono::milliseconds idle_timeout{75'000};    ///< between two requests
  /// A body must come at this rate after its first 10 s; 0 for any.
  std::uint64_t min_body_bytes_per_second = 1024;
  /// A client that takes nothing of its answer for this long is cut.
  std::chrono::milliseconds write_timeout{30'000};

  std::size_t max_connections = 4096;
  std::size_t max_connections_per_address = 256;  ///< IPv6: per /64; not for the Unix socket
  std::size_t max_requests_per_connection = 10'000;

  std::size_t max_queued_requests = 256;  ///< waiting for a worker; past it 503 + Retry-After
  std::size_t max_event_streams = 1024;   ///< past it 503
  std::size_t max_event_queue_bytes = 256 * 1024;  ///< of one client; past it the client is cut
  std::chrono::milliseconds event_heartbeat{15'000};
};

struct ListenAddress {
  std::string host = "127.0.0.1";  ///< an address or a name; "::" for all
  std::uint16_t port = 0;          ///< 0 takes a free one (Server::port)
};

struct ServerOptions {
  std::vector<ListenAddress> listen;
  /// PEM files for TLS on all of `listen`; both empty: plain HTTP. See certificate.h.
  std::string certificate_path;
  std::string key_path;
  /// Addresses and networks ("10.0.0.0/8") of proxies whose X-Forwarded-For is believed; of nobody
  /// else. See forwarded.h. Connections are counted by the proxy's own address.
  std::vector<std::string> trusted_proxies;
  /// Mode 0600; what is there is replaced where nobody listens on it. Empty: none.
  std::string unix_socket;
  ServerLimits limits;
  std::size_t io_threads = 2;
  std::size_t workers = 8;  ///< handlers that run at once

  /// Called on a thread of the server for each finished request; must be quick and thread-safe.
  std::function<void(const RequestDone&)> on_request_done;
  /// Makes the body of an error (JSON); default_error_body where empty.
  std::function<std::string(int status, std::string_view code, std::string_view message,
                            std::string_view request_id)>
      error_body;
  std::string content_security_policy;  ///< kDefaultContentSecurityPolicy where empty
  /// How long browsers must use TLS with this name from now on (Strict-Transport-Security, over TLS
  /// alone). 0 says nothing: for a certificate that people let pass themselves, since a browser
  /// that has been told so lets nobody pass the next one.
  std::int64_t strict_transport_seconds = 365LL * 24 * 3600;
};

/// Of an answer that is data: nothing in it may run, load or be framed. Pages bring their own.
inline constexpr std::string_view kDefaultContentSecurityPolicy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// {"error":{"code":…,"message":…,"requestId":…}}
std::string default_error_body(int status, std::string_view code, std::string_view message,
                               std::string_view request_id);

class Server {
 public:
  Server(ServerOptions options, Router router);
  /// As stop(0 s).
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds, listens, starts the threads. kConflict for an address in use, kInvalidInput for a wrong
  /// address, route, certificate or key.
  Result<void> start();
  /// The port of listen[index], once started.
  [[nodiscard]] std::uint16_t port(std::size_t index = 0) const;
  /// Stops accepting, ends idle connections and event streams, lets running requests end for
  /// `grace`, then cancels them; returns when every handler has returned.
  void stop(std::chrono::milliseconds grace);
  /// Takes certificate and key anew for connections to come (a renewed one); on an error the old
  /// ones stay.
  Result<void> reload_certificate();

  [[nodiscard]] Metrics metrics() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::http
