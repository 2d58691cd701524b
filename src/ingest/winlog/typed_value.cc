#include "ingest/winlog/typed_value.h"

#include <algorithm>
#include <charconv>

namespace spoor::winlog {
namespace {

using event::Value;
using event::ValueKind;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// All of `text` as a number without leading zeros.
template <class Number>
bool parse_plain(std::string_view text, int base, Number& number) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0') || text == "-0") {
    return false;
  }
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return failure == std::errc() && end == text.data() + text.size();
}

bool is_sid(std::string_view text) {
  if (!text.starts_with("S-1-") || text.size() > 184) {
    return false;
  }
  bool after_dash = true;
  for (const char letter : text.substr(4)) {
    if (letter == '-' ? after_dash : !is_digit(letter)) {
      return false;
    }
    after_dash = letter == '-';
  }
  return !after_dash;
}

bool is_upper_hex(char letter) { return is_digit(letter) || (letter >= 'A' && letter <= 'F'); }

}  // namespace

bool is_guid(std::string_view text) {
  constexpr std::string_view kForm = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
  return std::ranges::equal(text, kForm, [](char letter, char form) {
    return form == 'x' ? is_upper_hex(letter) || (letter >= 'a' && letter <= 'f') : letter == form;
  });
}

std::string in_capitals(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'f' ? static_cast<char>(letter - 32) : letter;
  });
  return out;
}

Value typed_value(std::string_view text, bool from_xml) {
  Value value;
  value.kind = ValueKind::kText;
  value.text = text;
  const auto number = [&](ValueKind kind, std::int64_t of) {
    value.kind = kind;
    value.text = {};
    value.number = of;
  };
  std::uint64_t whole = 0;
  std::int64_t negative = 0;
  if (text.starts_with("0x")) {
    const bool is_lower = std::ranges::none_of(text.substr(2), [](char letter) {
      return letter == '-' || (letter >= 'A' && letter <= 'F');
    });
    if (is_lower && parse_plain(text.substr(2), 16, whole)) {
      number(ValueKind::kHex, static_cast<std::int64_t>(whole));
    }
  } else if (text.starts_with('{')) {
    if (is_guid(text) && std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'f'; })) {
      value.kind = ValueKind::kGuid;
    }
  } else if (text.starts_with("S-1-")) {
    value.kind = is_sid(text) ? ValueKind::kSid : ValueKind::kText;
  } else if (text.size() == 28 && text.ends_with('Z')) {
    const auto ticks = parse_iso_ticks(text);
    if (ticks && format_ticks(*ticks) == text) {
      number(ValueKind::kTime, *ticks);
    }
  } else if (from_xml && (text == "true" || text == "false")) {
    number(ValueKind::kBool, text == "true" ? 1 : 0);
  } else if (from_xml && text.starts_with('-') && parse_plain(text, 10, negative)) {
    number(ValueKind::kInt, negative);
  } else if (from_xml && !text.starts_with('-') && parse_plain(text, 10, whole)) {
    number(ValueKind::kUInt, static_cast<std::int64_t>(whole));
  }
  return value;
}

}  // namespace spoor::winlog
