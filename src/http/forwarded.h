#pragma once
// Who is behind a proxy: addresses of proxies that are believed, and what their X-Forwarded-For
// says. The header comes from anybody and is hostile.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace spoor::http {

/// Addresses and networks. Immutable once made.
class AddressSet {
 public:
  /// Of texts such as "192.0.2.7", "10.0.0.0/8", "2001:db8::/32". kInvalidInput for anything else,
  /// also for a network whose address has bits past its length.
  static Result<AddressSet> parse(const std::vector<std::string>& texts);

  [[nodiscard]] bool contains(std::string_view address) const;
  [[nodiscard]] bool empty() const { return networks_.empty(); }

 private:
  struct Network {
    std::array<std::uint8_t, 16> bytes;  ///< IPv4 as ::ffff:a.b.c.d
    unsigned bits;
  };
  std::vector<Network> networks_;
};

/// The address that a request is from: `peer` itself where it is not trusted; else, of the
/// addresses in X-Forwarded-For from the last to the first, the first that is not trusted. An
/// element that is no address ends the walk: then it is the proxy that wrote it, for that one is
/// known. Spelled as Request::remote_address.
std::string client_address(const AddressSet& trusted, const std::string& peer,
                           const Headers& headers);

}  // namespace spoor::http
