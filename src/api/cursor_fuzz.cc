// A cursor is read whole or refused; what is read writes the same text again.

#include <cstddef>
#include <cstdint>
#include <string>

#include "api/cursor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (std::size_t count = 0; count < 4; ++count) {
    const auto parts = spoor::api::decode_cursor("timeline", text, count);
    if (!parts) {
      continue;
    }
    if (spoor::api::encode_cursor("timeline", *parts) != text) {
      __builtin_trap();
    }
    for (const auto& part : *parts) {
      (void)spoor::api::cursor_number(part);
    }
  }
  // What is written is read back, whatever the parts are.
  if (size < 200) {
    const std::string written = spoor::api::encode_cursor("devices", {std::string(text), ""});
    const auto parts = spoor::api::decode_cursor("devices", written, 2);
    if (!parts || (*parts)[0] != text) {
      __builtin_trap();
    }
  }
  return 0;
}
