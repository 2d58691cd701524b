// Any bytes: what is accepted must read back, from its own dump, as the same value.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "json/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = spoor::json::parse(text, {.max_bytes = 1 << 20});
  if (!value) {
    const std::int64_t offset = value.error().offset;
    if (offset < 0 || offset > static_cast<std::int64_t>(size)) {
      std::abort();
    }
    return 0;
  }
  const std::string dump = value->dump();
  const auto again = spoor::json::parse(dump);
  // A real that is whole is written without ".0", so the text and not the kind is compared.
  if (!again || again->dump() != dump) {
    std::abort();
  }
  return 0;
}
