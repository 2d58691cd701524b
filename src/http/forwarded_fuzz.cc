// Whatever a header says, the client's address is the peer's or an address that stands in it.

#include <cstddef>
#include <cstdint>
#include <string>

#include "http/forwarded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const spoor::http::AddressSet kTrusted =
      spoor::http::AddressSet::parse({"10.0.0.0/8", "2001:db8::/32"}).value();
  const std::size_t half = size / 2;
  const spoor::http::Headers headers = {{"X-Forwarded-For", text.substr(0, half)},
                                        {"x-forwarded-for", text.substr(half)}};
  const std::string client = spoor::http::client_address(kTrusted, "10.0.0.1", headers);
  if (!spoor::http::AddressSet::parse({client})) {
    __builtin_trap();
  }
  if (spoor::http::client_address(kTrusted, "192.0.2.1", headers) != "192.0.2.1") {
    __builtin_trap();
  }
  (void)spoor::http::AddressSet::parse({text});
  return 0;
}
