#include "kql/emit/regex.h"

#include <charconv>

#include "base/text.h"

namespace spoor::kql {
namespace {

bool ascii_term(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Letter or digit of a code point. Beyond ASCII: everything but the blocks of punctuation, symbols and
/// spaces that occur in command lines.
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

class Translator {
 public:
  Translator(std::string_view pattern, Span place) : in_(pattern), place_(place) {}

  Result<Pattern> run() {
    out_ = "(?-s)";
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '\\') {
        TRY_VOID(escape(false));
      } else if (c == '[') {
        TRY_VOID(char_class());
      } else if (c == '(') {
        TRY_VOID(group());
      } else if (c == '{') {
        TRY_VOID(repetition());
      } else {
        if (c == ')') {
          --depth_;
          if (depth_ < 0) {
            return bad("a ')' has no '('");
          }
        }
        if ((c == '+') && at_ > 0 && (in_[at_ - 1] == '+' || in_[at_ - 1] == '*' || in_[at_ - 1] == '?') &&
            (at_ < 2 || in_[at_ - 2] != '\\')) {
          return bad("possessive quantifiers do not exist");
        }
        out_ += c;
        ++at_;
      }
    }
    if (depth_ != 0) {
      return bad("a '(' is not closed");
    }
    return Pattern{std::move(out_), groups_};
  }

 private:
  std::unexpected<Error> bad(std::string why, ErrorCode code = ErrorCode::kInvalidInput) const {
    return fail(error_at(place_, code, "regular expression: " + std::move(why)));
  }

  Result<void> escape(bool in_class) {
    if (at_ + 1 >= in_.size()) {
      return bad("it ends in a backslash");
    }
    const char c = in_[at_ + 1];
    at_ += 2;
    switch (c) {
      case 'd': out_ += "\\p{Nd}"; return {};
      case 'D': out_ += "\\P{Nd}"; return {};
      case 'w': out_ += in_class ? "\\p{L}\\p{M}\\p{Nd}\\p{Pc}" : "[\\p{L}\\p{M}\\p{Nd}\\p{Pc}]"; return {};
      case 'W':
        if (in_class) {
          return bad("\\W inside a class is not supported", ErrorCode::kUnsupported);
        }
        out_ += "[^\\p{L}\\p{M}\\p{Nd}\\p{Pc}]";
        return {};
      case 's': out_ += in_class ? "\\s\\x{85}\\p{Z}" : "[\\s\\x{85}\\p{Z}]"; return {};
      case 'S':
        if (in_class) {
          out_ += "\\S";
          return {};
        }
        out_ += "[^\\s\\x{85}\\p{Z}]";
        return {};
      case '<':
      case '>':
        return bad(std::string("\\") + c + " is not supported; use \\b", ErrorCode::kUnsupported);
      case 'Z': return bad("\\Z is not supported; use \\z", ErrorCode::kUnsupported);
      case 'u':
      case 'U': return unicode(c == 'u' ? 4 : 8);
      case 'b':
        if (at_ < in_.size() && in_[at_] == '{') {
          return bad("\\b{…} is not supported", ErrorCode::kUnsupported);
        }
        break;
      default: break;
    }
    if (c >= '1' && c <= '9') {
      return bad("back-references do not exist");
    }
    // Letters with a meaning, and any punctuation, mean the same; escapes of other characters are dropped.
    static constexpr std::string_view kSame = "AzbBtnrfvaxpPQECG0123456789";
    const bool punctuation = static_cast<unsigned char>(c) < 0x80 && !ascii_term(static_cast<unsigned char>(c));
    if (!punctuation && kSame.find(c) == std::string_view::npos) {
      return bad(std::string("unknown escape \\") + c);
    }
    if (c == '0') {
      out_ += "\\x00";
      return {};
    }
    out_ += '\\';
    out_ += c;
    return {};
  }

  Result<void> unicode(std::size_t digits) {
    std::string_view hex = in_.substr(std::min(at_, in_.size()));
    if (hex.starts_with('{')) {
      const auto close = hex.find('}');
      if (close == std::string_view::npos) {
        return bad("\\u{ is not closed");
      }
      at_ += close + 1;
      hex = hex.substr(1, close - 1);
    } else {
      hex = hex.substr(0, digits);
      at_ += hex.size();
    }
    if (hex.empty() || hex.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
      return bad("an escape needs hex digits");
    }
    out_ += "\\x{" + std::string(hex) + "}";
    return {};
  }

  Result<void> char_class() {
    out_ += '[';
    ++at_;
    if (at_ < in_.size() && in_[at_] == '^') {
      out_ += '^';
      ++at_;
    }
    bool first = true;
    while (at_ < in_.size() && (in_[at_] != ']' || first)) {
      first = false;
      const std::string_view rest = in_.substr(at_);
      if (rest.starts_with("&&") || rest.starts_with("--") || rest.starts_with("~~")) {
        return bad("set operations in classes are not supported", ErrorCode::kUnsupported);
      }
      if (rest.starts_with("[:")) {
        const auto close = rest.find(":]");
        if (close == std::string_view::npos) {
          return bad("a class name is not closed");
        }
        out_ += rest.substr(0, close + 2);
        at_ += close + 2;
      } else if (in_[at_] == '[') {
        out_ += "\\[";
        ++at_;
      } else if (in_[at_] == '\\') {
        TRY_VOID(escape(true));
      } else {
        out_ += in_[at_++];
      }
    }
    if (at_ >= in_.size()) {
      return bad("a '[' is not closed");
    }
    out_ += ']';
    ++at_;
    return {};
  }

  Result<void> group() {
    ++depth_;
    const std::string_view rest = in_.substr(at_);
    for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
      if (rest.starts_with(look)) {
        return bad("look-around and atomic groups do not exist");
      }
    }
    if (rest.starts_with("(?") && !rest.starts_with("(?P<") && !rest.starts_with("(?<")) {
      const auto end = rest.find_first_of(":)");
      const auto flags = rest.substr(2, end == std::string_view::npos ? rest.size() : end - 2);
      std::string kept;
      for (const char c : flags) {
        if (c == 'x' || c == 'R' || c == 'u') {
          if (c == 'x') {
            return bad("the flag x is not supported", ErrorCode::kUnsupported);
          }
        } else if (std::string_view("imsU-").find(c) != std::string_view::npos) {
          kept += c;
        } else {
          return bad(std::string("unknown flag ") + c);
        }
      }
      if (end == std::string_view::npos) {
        return bad("a '(' is not closed");
      }
      at_ += end + 1;
      if (rest[end] == ')') {
        --depth_;
        out_ += kept.empty() || kept == "-" ? "" : "(?" + kept + ")";
      } else {
        out_ += "(?" + (kept == "-" ? std::string() : kept) + ":";
      }
      return {};
    }
    ++groups_;
    if (rest.starts_with("(?P<") || rest.starts_with("(?<")) {
      const auto close = rest.find('>');
      if (close == std::string_view::npos) {
        return bad("a group's name is not closed");
      }
      at_ += close + 1;
      out_ += "(";
      return {};
    }
    out_ += '(';
    ++at_;
    return {};
  }

  Result<void> repetition() {
    const auto close = in_.find('}', at_);
    if (close != std::string_view::npos) {
      int number = 0;
      for (const char c : in_.substr(at_ + 1, close - at_ - 1)) {
        number = c >= '0' && c <= '9' ? std::min(number * 10 + (c - '0'), 100'000) : 0;
        if (number > 1000) {
          return bad("repetition over 1000 is not supported", ErrorCode::kUnsupported);
        }
      }
    }
    out_ += '{';
    ++at_;
    return {};
  }

  std::string_view in_;
  Span place_;
  std::size_t at_ = 0;
  std::string out_;
  int groups_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Pattern> translate_regex(std::string_view pattern, Span place) {
  return Translator(pattern, place).run();
}

std::string escape_regex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$-#&~/").find(c) != std::string_view::npos) {
      out += '\\';
    }
    if (c == '\0') {
      out += "\\x00";
    } else {
      out += c;
    }
  }
  return out;
}

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

std::string term_pattern(std::string_view needle, bool any_case, bool left_guard, bool right_guard) {
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
