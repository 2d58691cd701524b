#pragma once
// Small operations on text. Text is UTF-8 unless a name says otherwise.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

inline char ascii_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
}
/// ASCII letters lowered, other bytes as they are.
std::string to_ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view left, std::string_view right);        ///< ASCII
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);  ///< ASCII

std::string hex_lower(std::string_view bytes);
/// Bytes of an even number of hex digits, any case; nothing otherwise.
std::optional<std::string> unhex(std::string_view digits);
/// Appends the bytes of an even number of hex digits; false, and nothing appended, where they are
/// not.
bool append_unhex(std::string& out, std::string_view digits);

/// Appends UTF-16LE `bytes` (an odd last byte is ignored) as UTF-8; lone surrogates become U+FFFD.
void append_utf16le(std::string& out, std::string_view bytes);
/// UTF-8 to UTF-16LE bytes; invalid sequences become U+FFFD.
std::string to_utf16le(std::string_view text);
bool is_valid_utf8(std::string_view text);
/// Text with each invalid byte sequence replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);
/// Appends a code point as UTF-8 (U+FFFD where it is not one).
void append_utf8(std::string& out, std::uint32_t code_point);

/// Whole text as a number; nothing where anything else is in it. Accepts "0x…" as hex.
std::optional<std::int64_t> parse_int(std::string_view text);
std::string_view trim_blanks(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

/// Part after the last '\\' or '/'.
std::string_view path_file_name(std::string_view path);
/// Part before the last '\\' or '/', empty where there is none.
std::string_view path_folder(std::string_view path);

/// The candidate that differs least from `name` (edit distance, at most a third of its length);
/// empty where none is near.
std::string_view nearest_name(std::string_view name,
                              const std::vector<std::string_view>& candidates);

}  // namespace spoor
