#pragma once
// Codes of a source, and lists of them, by the names of a lookup.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "normalize/plan.h"

namespace spoor::normalize {

/// Name of a code (any case); `otherwise` where the lookup does not have it. `names` are ordered as
/// those of a Lookup.
std::string_view name_of(std::string_view code, std::string_view otherwise,
                         std::span<const LookupEntry> names);

/// "%%4416 %%4417" as "ReadData, WriteData": codes with blanks, commas or line ends behind them,
/// each by its name or as it is; "%{S-1-1-0}" loses its frame, dashes are left out.
std::string named_codes(std::string_view text, std::span<const LookupEntry> names);

/// 0x30 as "VmRead, VmWrite": set bits from the lowest on, each by its name or as 0x….
std::string named_flags(std::int64_t flags, std::span<const LookupEntry> names);

}  // namespace spoor::normalize
