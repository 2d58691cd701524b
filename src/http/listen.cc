#include "http/listen.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

namespace spoor::http {

namespace {

/// As many as the kernel allows: past it, connections are lost in silence.
constexpr int kBacklog = SOMAXCONN;

std::string address_text(const ListenAddress& address) {
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Result<FileHandle> try_listen(const addrinfo& candidate, const std::string& where) {
  FileHandle socket(::socket(candidate.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) {
    return fail(system_error("cannot make a socket", where, errno));
  }
  const int on = 1;
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(socket.get(), candidate.ai_addr, candidate.ai_addrlen) != 0) {
    if (errno == EADDRINUSE) {
      return fail(Error::make(ErrorCode::kConflict, "another program listens on this address")
                      .at(where)
                      .with_hint("choose another port or end that program"));
    }
    return fail(system_error("cannot listen", where, errno));
  }
  if (::listen(socket.get(), kBacklog) != 0) {
    return fail(system_error("cannot listen", where, errno));
  }
  return socket;
}

bool is_answered(const sockaddr_un& address) {
  const FileHandle probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

}  // namespace

Result<FileHandle> listen_tcp(const ListenAddress& address) {
  const std::string where = address_text(address);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(),
                                 std::to_string(address.port).c_str(), &hints, &found);
  if (code != 0) {
    return fail(Error::make(ErrorCode::kInvalidInput,
                            std::string("the address cannot be resolved: ") + ::gai_strerror(code))
                    .at(where));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  Result<FileHandle> socket = fail(ErrorCode::kInvalidInput, "the name has no address");
  for (const addrinfo* candidate = found; candidate != nullptr && !socket;
       candidate = candidate->ai_next) {
    socket = try_listen(*candidate, where);
  }
  return socket;
}

Result<FileHandle> listen_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return fail(
        Error::make(ErrorCode::kInvalidInput, "the path of the socket is longer than 107 bytes")
            .at(path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  struct stat existing{};
  if (::lstat(path.c_str(), &existing) == 0) {
    if (!S_ISSOCK(existing.st_mode)) {
      return fail(
          Error::make(ErrorCode::kConflict, "something that is no socket is there").at(path));
    }
    if (is_answered(address)) {
      return fail(Error::make(ErrorCode::kConflict, "another program listens on this socket")
                      .at(path)
                      .with_hint("end that program first"));
    }
    (void)::unlink(path.c_str());
  }
  FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) {
    return fail(system_error("cannot make a socket", path, errno));
  }
  // Nobody can connect between bind and chmod: connections wait for listen.
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    return fail(system_error("cannot listen", path, errno));
  }
  return socket;
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return address.ss_family == AF_INET
             ? ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port)
             : std::uint16_t{0};
}

std::string limit_key_of(const std::string& address) {
  constexpr std::size_t kNetworkBytes = 8;
  std::array<char, 16> bytes{};
  return ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1
             ? std::string(bytes.data(), kNetworkBytes)
             : address;
}

Remote remote_of(int socket) {
  Remote remote;
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    remote.address = "unknown";
    remote.limit_key = "unknown";
    return remote;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    (void)::inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
    remote.port = ntohs(ipv4.sin_port);
    remote.address = text.data();
  } else if (address.ss_family == AF_INET6) {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
    const auto* bytes = reinterpret_cast<const char*>(ipv6.sin6_addr.s6_addr);
    remote.port = ntohs(ipv6.sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) {
      (void)::inet_ntop(AF_INET, bytes + 12, text.data(), text.size());
    } else {
      (void)::inet_ntop(AF_INET6, &ipv6.sin6_addr, text.data(), text.size());
    }
    remote.address = text.data();
  } else {
    remote.address = "unix";
    ucred credentials{};
    socklen_t length = sizeof(credentials);
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0) {
      remote.peer = PeerCredentials{
          .user = credentials.uid, .group = credentials.gid, .process = credentials.pid};
    }
  }
  if (address.ss_family != AF_UNIX) {
    remote.limit_key = limit_key_of(remote.address);
  }
  return remote;
}

}  // namespace spoor::http
