#pragma once
// A small blocking HTTP client: one call, one answer. For the command line handing work to a
// running server, for outgoing calls (webhooks, identity providers), and for tests.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace spoor::http {

/// Whom a client believes on the other end of TLS.
struct ClientTrust {
  std::string ca_file;         ///< PEM; empty: the system's
  std::string public_key_pin;  ///< "sha256//…" of the server's key; checked beside the rest
  /// Believe any certificate; for use with public_key_pin.
  bool accept_any_certificate = false;
};

struct ClientRequest {
  std::string method = "GET";
  std::string url;          ///< http or https; other schemes are refused
  std::string unix_socket;  ///< speaks to this socket; the URL's host is then just a name
  Headers headers;
  std::string body;
  /// Instead of `body`: fills the buffer, 0 at the end; sent in chunks.
  std::function<Result<std::size_t>(std::span<char>)> body_source;
  ClientTrust trust;
  double connect_seconds = 10;
  double total_seconds = 60;  ///< 0 for any
  /// Of the answer's body, after decoding; kLimit past it. Not for `sink`.
  std::uint64_t max_response_bytes = 64ULL * 1024 * 1024;
  /// Takes the answer's body as it comes instead of ClientResponse::body; an error ends the call.
  std::function<Result<void>(std::string_view)> sink;
  /// Called with status and headers before the first byte of the body.
  std::function<void(int status, const Headers&)> on_header;
  std::stop_token cancel;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;

  [[nodiscard]] std::string_view header(std::string_view name) const {
    return find_header(headers, name).value_or("");
  }
};

/// Keeps its connection between calls; one thread at a time. Redirects are not followed, proxies of
/// the environment are used for TCP unless the host is this machine.
class Client {
 public:
  Client();
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// An answer of any status is a value; errors are those of the transport: kUnavailable
  /// (unreachable, refused), kInvalidInput (bad URL), kLimit (time, size), kCancelled, kIo.
  Result<ClientResponse> send(const ClientRequest& request);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::http
