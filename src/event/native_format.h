#pragma once
// Pieces of ClickHouse's Native format (documentation, "Native"; little endian throughout).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace spoor::event::native {

/// Unsigned LEB128.
inline void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

/// Length and bytes of a String.
inline void append_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out += text;
}

/// The lowest `width` bytes of `value`.
inline void append_little(std::string& out, std::uint64_t value, std::size_t width) {
  char bytes[8];
  for (std::size_t at = 0; at < width; ++at) {
    bytes[at] = static_cast<char>(value >> (8 * at));
  }
  out.append(bytes, width);
}

/// What stands before the indexes of a LowCardinality(String) column: version, flags, dictionary,
/// row count. `words[0]` must be ''. Nothing but the version is written for a block without rows.
inline void append_dictionary_head(std::string& out, std::span<const std::string_view> words,
                                   std::size_t index_width, std::size_t rows) {
  constexpr std::uint64_t kKeysVersion = 1;
  constexpr std::uint64_t kHasAdditionalKeys = 1U << 9;
  constexpr std::uint64_t kNeedsUpdate = 1U << 10;
  append_little(out, kKeysVersion, 8);
  if (rows == 0) {
    return;
  }
  const std::uint64_t index_type = index_width == 1 ? 0 : index_width == 2 ? 1 : 2;
  append_little(out, index_type | kHasAdditionalKeys | kNeedsUpdate, 8);
  append_little(out, words.size(), 8);
  for (const std::string_view word : words) {
    append_text(out, word);
  }
  append_little(out, rows, 8);
}

}  // namespace spoor::event::native
