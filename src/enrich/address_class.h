#pragma once
// Classes of IP addresses, by the names that the hunting schema uses for them.

#include <optional>
#include <string>
#include <string_view>

namespace spoor::enrich {

/// "Public", "Private" (RFC 1918, 6598, 4193), "Loopback", "LinkLocal" (RFC 3927, 4291),
/// "Multicast", "Broadcast", "FourToSixMapping" (::ffff:a.b.c.d), "Teredo" (RFC 4380), "Reserved",
/// "Unspecified"; empty where the text is no address.
std::string_view address_class(std::string_view address);

/// The address in its usual short spelling (RFC 5952), without a zone; nothing where the text is no
/// address.
std::optional<std::string> canonical_address(std::string_view address);

}  // namespace spoor::enrich
