#pragma once
// Values of binary XML as event::Value.

#include <cstdint>
#include <string_view>

#include "event/record.h"
#include "ingest/evtx/arena.h"

namespace spoor::evtx {

/// UTF-16LE bytes as UTF-8 in the arena, without NULs at the end; lone surrogates become U+FFFD.
std::string_view utf16_text(std::string_view bytes, Arena& arena);

/// One value of a substitution: `type` as in the record (an array where kArrayBit is set). Nested
/// binary XML is not for this function. A value too short for its type is shown as binary.
event::Value decode_value(std::uint8_t type, std::string_view bytes, Arena& arena);

/// Calls `visit(value)` for each text of a string array; nothing for other types.
template <class Visit>
void each_array_text(std::string_view bytes, Visit&& visit) {
  std::size_t start = 0;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    if (bytes[at] == 0 && bytes[at + 1] == 0) {
      visit(bytes.substr(start, at - start));
      start = at + 2;
    }
  }
  if (start + 1 < bytes.size()) {
    visit(bytes.substr(start));
  }
}

}  // namespace spoor::evtx
