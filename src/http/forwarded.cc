#include "http/forwarded.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace spoor::http {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kMappedBits = 96;
/// Proxies in a row that are followed.
constexpr int kMostHops = 32;

bool is_mapped(const Bytes& bytes) {
  return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

std::optional<Bytes> parse_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> ended{};
  if (text.empty() || text.size() >= ended.size()) {
    return std::nullopt;
  }
  std::ranges::copy(text, ended.begin());
  Bytes bytes{};
  if (::inet_pton(AF_INET6, ended.data(), bytes.data()) == 1) {
    return bytes;
  }
  std::ranges::copy(kMapped, bytes.begin());
  return ::inet_pton(AF_INET, ended.data(), bytes.data() + kMapped.size()) == 1
             ? std::optional(bytes)
             : std::nullopt;
}

std::string address_text(const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_ipv4 = is_mapped(bytes);
  (void)::inet_ntop(is_ipv4 ? AF_INET : AF_INET6, bytes.data() + (is_ipv4 ? kMapped.size() : 0),
                    text.data(), text.size());
  return text.data();
}

/// An element of the header: an address, also with a port ("192.0.2.7:80", "[2001:db8::1]:80").
std::optional<Bytes> parse_element(std::string_view element) {
  if (element.starts_with('[')) {
    const std::size_t end = element.find(']');
    return end == element.npos ? std::nullopt : parse_address(element.substr(1, end - 1));
  }
  const std::size_t colon = element.find(':');
  const bool has_port = colon != element.npos && element.find(':', colon + 1) == element.npos;
  return parse_address(has_port ? element.substr(0, colon) : element);
}

bool has_bit(const Bytes& bytes, unsigned bit) {
  return (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

std::unexpected<Error> no_network(std::string_view text) {
  return fail(
      Error::make(ErrorCode::kInvalidInput, fmt::format("'{}' is no address and no network", text))
          .with_hint("such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"));
}

}  // namespace

Result<AddressSet> AddressSet::parse(const std::vector<std::string>& texts) {
  AddressSet set;
  for (const std::string& text : texts) {
    const std::size_t slash = text.find('/');
    const auto bytes = parse_address(std::string_view(text).substr(0, slash));
    if (!bytes) {
      return no_network(text);
    }
    const bool is_ipv4 = text.find(':') == text.npos;
    const unsigned before = is_ipv4 ? kMappedBits : 0;
    unsigned bits = 128;
    if (slash != text.npos) {
      const std::string_view digits = std::string_view(text).substr(slash + 1);
      const auto length = parse_int(digits);
      const bool is_decimal =
          !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
      if (!is_decimal || !length || *length > 128 - before) {
        return no_network(text);
      }
      bits = before + static_cast<unsigned>(*length);
    }
    for (unsigned bit = bits; bit < 128; ++bit) {
      if (has_bit(*bytes, bit)) {
        return no_network(text);
      }
    }
    set.networks_.push_back({*bytes, bits});
  }
  return set;
}

bool AddressSet::contains(std::string_view address) const {
  const auto bytes = parse_address(address);
  return bytes && std::ranges::any_of(networks_, [&](const Network& network) {
           for (unsigned bit = 0; bit < network.bits; ++bit) {
             if (has_bit(*bytes, bit) != has_bit(network.bytes, bit)) {
               return false;
             }
           }
           return true;
         });
}

std::string client_address(const AddressSet& trusted, const std::string& peer,
                           const Headers& headers) {
  if (trusted.empty() || !trusted.contains(peer)) {
    return peer;
  }
  std::string known = peer;
  int hops = 0;
  // Several headers are one list, in their order.
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (to_ascii_lower(header->name) != "x-forwarded-for") {
      continue;
    }
    const auto elements = split(header->value, ',');
    for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
      const auto bytes = parse_element(trim_blanks(*element));
      if (!bytes || ++hops > kMostHops) {
        return known;
      }
      known = address_text(*bytes);
      if (!trusted.contains(known)) {
        return known;
      }
    }
  }
  return known;
}

}  // namespace spoor::http
