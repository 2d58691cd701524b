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

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

/// Whether one of eight bytes is a control character, a quote, a backslash, DEL or beyond ASCII.
/// The subtraction may carry from a byte that is one into the next, never out of plain bytes.
bool is_special(std::uint64_t bytes) {
  const auto holds = [bytes](unsigned char wanted) { return (bytes ^ (kOnes * wanted)) - kOnes; };
  return ((bytes | (bytes - kOnes * 0x20) | holds('"') | holds('\\') | holds(0x7f)) & kHighBits) !=
         0;
}

/// Length of the part that is written as it is.
std::size_t plain_prefix(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (is_special(word)) {
      break;
    }
  }
  while (at < text.size() && !kEscaped[static_cast<unsigned char>(text[at])] &&
         static_cast<unsigned char>(text[at]) < 0x80) {
    ++at;
  }
  return at;
}

bool is_ascii(std::string_view text) {
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
  out += '"';
  // Most texts have a backslash at most, and are ASCII; telling so is cheaper than a call for each.
  std::size_t plain = plain_prefix(text);
  std::string repaired;
  if (plain != text.size() && !is_ascii(text.substr(plain)) &&
      !simdjson::validate_utf8(text.data(), text.size())) {
    repaired = to_valid_utf8(text);
    text = repaired;
    plain = plain_prefix(text);
  }
  while (true) {
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    // What stops a plain part: one to escape, or a run beyond ASCII.
    std::size_t run = 0;
    while (run < text.size() && static_cast<unsigned char>(text[run]) >= 0x80) {
      ++run;
    }
    if (run != 0) {
      out.append(text.substr(0, run));
      text.remove_prefix(run);
    } else if (!text.empty()) {
      append_escaped(out, static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
    } else {
      break;
    }
    plain = plain_prefix(text);
  }
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
