#include "kql/emit/terms.h"

#include <algorithm>
#include <cstdint>

#include "kql/emit/regex.h"

namespace spoor::kql {
namespace {

bool ascii_term(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Letter or digit of a code point. Beyond ASCII: everything but the blocks of punctuation, symbols
/// and spaces that occur in command lines.
bool is_term(std::uint32_t c) {
  if (c < 0x80) {
    return ascii_term(static_cast<unsigned char>(c));
  }
  const bool latin = c == 0xAA || c == 0xB5 || c == 0xBA || c == 0xB2 || c == 0xB3 || c == 0xB9 ||
                     (c >= 0xBC && c <= 0xBE) || (c >= 0xC0 && c != 0xD7 && c != 0xF7);
  const bool punctuation = (c >= 0x2000 && c <= 0x206F) || (c >= 0x20A0 && c <= 0x20CF) ||
                           (c >= 0x2190 && c <= 0x245F) || (c >= 0x2500 && c <= 0x2BFF) ||
                           (c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020) ||
                           (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE6F) ||
                           (c >= 0xFF00 && c <= 0xFF0F) || c == 0xFFFD;
  return latin && !punctuation;
}

std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t value = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size && at + i < text.size(); ++i) {
    value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  at = std::min(at + size, text.size());
  return value;
}

constexpr std::string_view kBefore = "(?:^|[^\\p{L}\\p{N}])";
constexpr std::string_view kAfter = "(?:[^\\p{L}\\p{N}]|$)";

}  // namespace

std::vector<std::string> terms_of(std::string_view text) {
  std::vector<std::string> terms;
  bool open = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (!is_term(next_code_point(text, at))) {
      open = false;
      continue;
    }
    if (!open) {
      terms.emplace_back();
    }
    open = true;
    terms.back() += text.substr(start, at - start);
  }
  return terms;
}

bool starts_with_term(std::string_view text) {
  std::size_t at = 0;
  return !text.empty() && is_term(next_code_point(text, at));
}

bool ends_with_term(std::string_view text) {
  if (text.empty()) {
    return false;
  }
  std::size_t start = text.size() - 1;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) {
    --start;
  }
  return is_term(next_code_point(text, start));
}

std::string term_pattern(std::string_view needle, bool any_case, bool left_guard,
                         bool right_guard) {
  std::string out = any_case ? "(?i)" : "";
  if (left_guard && starts_with_term(needle)) {
    out += kBefore;
  }
  out += escape_regex(needle);
  if (right_guard && ends_with_term(needle)) {
    out += kAfter;
  }
  return out;
}

}  // namespace spoor::kql
