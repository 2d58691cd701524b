#include "enrich/address_class.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace spoor::enrich {
namespace {

/// The 4 or 16 bytes of an address.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v6 = false;
};

std::optional<Address> parse(std::string_view text) {
  text = text.substr(0, text.find('%'));
  char buffer[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof buffer) {
    return std::nullopt;
  }
  std::ranges::copy(text, buffer);
  buffer[text.size()] = '\0';
  Address address;
  address.is_v6 = text.find(':') != std::string_view::npos;
  if (inet_pton(address.is_v6 ? AF_INET6 : AF_INET, buffer, address.bytes.data()) != 1) {
    return std::nullopt;
  }
  return address;
}

std::string_view class_of_v4(const std::uint8_t* octets) {
  const int first = octets[0];
  const int second = octets[1];
  if (std::all_of(octets, octets + 4, [](std::uint8_t octet) { return octet == 0; })) {
    return "Unspecified";
  }
  if (std::all_of(octets, octets + 4, [](std::uint8_t octet) { return octet == 255; })) {
    return "Broadcast";
  }
  if (first == 127) {
    return "Loopback";
  }
  if (first == 10 || (first == 172 && (second & 0xf0) == 16) || (first == 192 && second == 168) ||
      (first == 100 && (second & 0xc0) == 64)) {
    return "Private";
  }
  if (first == 169 && second == 254) {
    return "LinkLocal";
  }
  if (first >= 224 && first < 240) {
    return "Multicast";
  }
  return first == 0 || first >= 240 ? "Reserved" : "Public";
}

std::string_view class_of_v6(const std::array<std::uint8_t, 16>& bytes) {
  const bool zeros_to_10 =
      std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t byte) { return byte == 0; });
  if (zeros_to_10 && bytes[10] == 0xff && bytes[11] == 0xff) {
    return "FourToSixMapping";
  }
  if (std::all_of(bytes.begin(), bytes.begin() + 15, [](std::uint8_t byte) { return byte == 0; })) {
    return bytes[15] == 1 ? "Loopback" : bytes[15] == 0 ? "Unspecified" : "Reserved";
  }
  if (bytes[0] == 0xff) {
    return "Multicast";
  }
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) {
    return "LinkLocal";
  }
  if ((bytes[0] & 0xfe) == 0xfc) {
    return "Private";
  }
  if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0) {
    return "Teredo";
  }
  return (bytes[0] & 0xe0) == 0x20 ? "Public" : "Reserved";
}

}  // namespace

std::string_view address_class(std::string_view text) {
  const auto address = parse(text);
  if (!address) {
    return {};
  }
  return address->is_v6 ? class_of_v6(address->bytes) : class_of_v4(address->bytes.data());
}

std::optional<std::string> canonical_address(std::string_view text) {
  const auto address = parse(text);
  if (!address) {
    return std::nullopt;
  }
  char buffer[INET6_ADDRSTRLEN];
  inet_ntop(address->is_v6 ? AF_INET6 : AF_INET, address->bytes.data(), buffer, sizeof buffer);
  return std::string(buffer);
}

}  // namespace spoor::enrich
