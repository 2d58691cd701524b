#pragma once
// Listening sockets: TCP addresses and a private Unix socket. Internal to the module http.

#include <cstdint>
#include <optional>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "http/message.h"
#include "http/server.h"

namespace spoor::http {

/// A listening, non-blocking TCP socket; kConflict where the port is taken.
Result<FileHandle> listen_tcp(const ListenAddress& address);
/// A listening, non-blocking Unix socket of mode 0600. kConflict where somebody listens there; what
/// a dead process left is replaced.
Result<FileHandle> listen_unix(const std::string& path);
/// The port that a socket is bound to.
std::uint16_t bound_port(int socket);

struct Remote {
  std::string address;    ///< as Request::remote_address
  std::string limit_key;  ///< what connections are counted by; empty: not counted
  bool is_trusted_proxy = false;
  std::uint16_t port = 0;
  std::optional<PeerCredentials> peer;
};
/// What the limits of one address are counted by: an IPv4 address, the first half of an IPv6 one.
std::string limit_key_of(const std::string& address);
/// Who is at the other end of a connected socket.
Remote remote_of(int socket);

}  // namespace spoor::http
