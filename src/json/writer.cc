#include "json/writer.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/text.h"

namespace spoor::json {
namespace {

constexpr std::array<bool, 256> kEscaped = [] {
  std::array<bool, 256> escaped{};
  for (int byte = 0; byte < 0x20; ++byte) {
    escaped[byte] = true;
  }
  escaped['"'] = escaped['\\'] = escaped[0x7f] = true;
  return escaped;
}();

void append_escaped(std::string& out, unsigned char byte) {
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u00";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t all_bits = 0;
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    all_bits |= word;
  }
  for (; at < text.size(); ++at) {
    all_bits |= static_cast<unsigned char>(text[at]);
  }
  return (all_bits & kHighBits) == 0;
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  std::string repaired;
  // Most texts are ASCII; telling so is cheaper than a call for each.
  if (!is_ascii(text) && !simdjson::validate_utf8(text.data(), text.size())) {
    repaired = to_valid_utf8(text);
    text = repaired;
  }
  out += '"';
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (!kEscaped[byte]) {
      continue;
    }
    out.append(text.substr(start, at - start));
    append_escaped(out, byte);
    start = at + 1;
  }
  out.append(text.substr(start));
  out += '"';
}

void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_real(std::string& out, double real) {
  if (std::isnan(real)) {
    out += "\"NaN\"";
  } else if (std::isinf(real)) {
    out += real > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, real).ptr;
    out.append(digits, end);
  }
}

}  // namespace spoor::json
