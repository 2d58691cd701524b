#include "kql/emit/regex.h"

#include <fmt/format.h>

namespace spoor::kql {
namespace {

std::unexpected<Error> refuse(std::size_t offset, std::string reason) {
  Error error = Error::make(ErrorCode::kUnsupported, "regular expression: " + std::move(reason));
  error.offset = static_cast<std::int64_t>(offset);
  return std::unexpected(std::move(error));
}

bool is_hex(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
         (letter >= 'A' && letter <= 'F');
}

/// Copies one pattern, turning what RE2 reads differently.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  Result<std::string> run() {
    while (at_ < pattern_.size()) {
      const char letter = pattern_[at_];
      if (letter == '\\') {
        TRY_VOID(escape(false));
      } else if (letter == '[') {
        TRY_VOID(bracket());
      } else if (letter == '(' && pattern_.substr(at_).starts_with("(?")) {
        TRY_VOID(group());
      } else if (letter == '{') {
        TRY_VOID(repetition());
      } else {
        if (letter == '+' && at_ > 0 && repeats(pattern_[at_ - 1]) && !escaped_before(at_ - 1)) {
          return refuse(at_, "possessive repetition is not supported");
        }
        out_ += letter;
        ++at_;
      }
    }
    return "(?-s)" + out_;
  }

 private:
  static bool repeats(char letter) { return letter == '+' || letter == '*' || letter == '?'; }
  [[nodiscard]] bool escaped_before(std::size_t at) const {
    std::size_t slashes = 0;
    while (at > slashes && pattern_[at - 1 - slashes] == '\\') {
      ++slashes;
    }
    return slashes % 2 == 1;
  }

  Result<void> escape(bool in_class) {
    const std::size_t start = at_++;
    if (at_ >= pattern_.size()) {
      return refuse(start, "it ends with a backslash");
    }
    const char letter = pattern_[at_++];
    const auto put = [&](std::string_view inside, std::string_view alone) {
      out_ += in_class ? inside : alone;
    };
    switch (letter) {
      case 'd':
        put("\\p{Nd}", "\\p{Nd}");
        return {};
      case 'D':
        put("\\P{Nd}", "\\P{Nd}");
        return {};
      case 'w':
        put("\\p{L}\\p{M}\\p{Nd}\\p{Pc}", "[\\p{L}\\p{M}\\p{Nd}\\p{Pc}]");
        return {};
      case 's':
        put("\\s\\x{85}\\p{Z}", "[\\s\\x{85}\\p{Z}]");
        return {};
      case 'W':
      case 'S':
        if (in_class) {
          return refuse(start, fmt::format("\\{} inside brackets is not supported", letter));
        }
        out_ += letter == 'W' ? "[^\\p{L}\\p{M}\\p{Nd}\\p{Pc}]" : "[^\\s\\x{85}\\p{Z}]";
        return {};
      case '<':
      case '>':
        return refuse(start, "\\< and \\> are not supported; use \\b");
      case 'Z':
        return refuse(start, "\\Z is not supported; use \\z");
      case 'u':
      case 'U':
        return code_point(start, letter);
      default:
        break;
    }
    if (letter == 'b' && pattern_.substr(at_).starts_with("{")) {
      return refuse(start, "\\b{…} is not supported; use \\b");
    }
    if (letter >= '1' && letter <= '9' && !in_class) {
      return refuse(start, "back-references are not supported");
    }
    out_ += '\\';
    out_ += letter;
    if ((letter == 'p' || letter == 'P' || letter == 'x') && at_ < pattern_.size() &&
        pattern_[at_] == '{') {
      const std::size_t end = pattern_.find('}', at_);
      if (end == std::string_view::npos) {
        return refuse(start, "a '{' is not closed");
      }
      out_ += pattern_.substr(at_, end + 1 - at_);
      at_ = end + 1;
    }
    return {};
  }

  Result<void> code_point(std::size_t start, char letter) {
    std::size_t end = at_;
    std::string_view digits;
    if (end < pattern_.size() && pattern_[end] == '{') {
      const std::size_t close = pattern_.find('}', end);
      digits = pattern_.substr(end + 1, close == std::string_view::npos ? 0 : close - end - 1);
      end = close == std::string_view::npos ? end : close + 1;
    } else {
      const std::size_t width = letter == 'u' ? 4 : 8;
      digits = pattern_.substr(end, width);
      end += digits.size();
      if (digits.size() < width) {
        digits = {};
      }
    }
    for (const char digit : digits) {
      if (!is_hex(digit)) {
        digits = {};
        break;
      }
    }
    if (digits.empty() || digits.size() > 8) {
      return refuse(start, "a code point needs hexadecimal digits");
    }
    out_ += fmt::format("\\x{{{}}}", digits);
    at_ = end;
    return {};
  }

  Result<void> bracket() {
    const std::size_t start = at_;
    out_ += pattern_[at_++];
    if (at_ < pattern_.size() && pattern_[at_] == '^') {
      out_ += pattern_[at_++];
    }
    for (bool first = true; at_ < pattern_.size(); first = false) {
      const char letter = pattern_[at_];
      if (letter == ']' && !first) {
        out_ += letter;
        ++at_;
        return {};
      }
      const std::string_view rest = pattern_.substr(at_);
      if (letter == '\\') {
        TRY_VOID(escape(true));
      } else if (rest.starts_with("[:")) {
        const std::size_t end = pattern_.find(":]", at_);
        if (end == std::string_view::npos) {
          return refuse(at_, "'[:' is not closed");
        }
        out_ += pattern_.substr(at_, end + 2 - at_);
        at_ = end + 2;
      } else if (rest.starts_with("&&") || rest.starts_with("--") || rest.starts_with("~~") ||
                 letter == '[') {
        return refuse(at_, "arithmetic on character classes is not supported");
      } else {
        out_ += letter;
        ++at_;
      }
    }
    return refuse(start, "'[' is not closed");
  }

  Result<void> group() {
    const std::string_view rest = pattern_.substr(at_);
    for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
      if (rest.starts_with(look)) {
        return refuse(at_, "look-around and atomic groups are not supported");
      }
    }
    if (rest.starts_with("(?<")) {
      out_ += "(?P<";
      at_ += 3;
    } else if (rest.starts_with("(?P<") || rest.starts_with("(?:")) {
      out_ += rest.substr(0, 3);
      at_ += 3;
    } else {
      const std::size_t end = rest.find_first_of(":)");
      if (end == std::string_view::npos ||
          rest.substr(2, end - 2).find_first_not_of("imsUu-") != std::string_view::npos) {
        return refuse(at_, "this group or flag is not supported");
      }
      for (const char flag : rest.substr(0, end + 1)) {
        if (flag != 'u') {
          out_ += flag;
        }
      }
      at_ += end + 1;
    }
    return {};
  }

  Result<void> repetition() {
    const std::size_t end = pattern_.find('}', at_);
    const std::string_view body =
        end == std::string_view::npos ? "" : pattern_.substr(at_ + 1, end - at_ - 1);
    if (!body.empty() && body.find_first_not_of("0123456789,") == std::string_view::npos) {
      std::size_t number = 0;
      for (const char letter : body) {
        number = letter == ',' ? 0 : number * 10 + static_cast<std::size_t>(letter - '0');
        if (number > 1000) {
          return refuse(at_, "more than 1000 repetitions are not supported");
        }
      }
    }
    out_ += pattern_[at_++];
    return {};
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

Result<std::string> translate_regex(std::string_view pattern) { return Translator(pattern).run(); }

int count_groups(std::string_view pattern) {
  int groups = 0;
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char letter = pattern[at];
    if (letter == '\\') {
      ++at;
    } else if (in_class) {
      in_class = letter != ']';
    } else if (letter == '[') {
      in_class = true;
      at += pattern.substr(at + 1).starts_with("^") ? 1 : 0;
      at += pattern.substr(at + 1).starts_with("]") ? 1 : 0;
    } else if (letter == '(') {
      const std::string_view rest = pattern.substr(at + 1);
      groups += !rest.starts_with("?") || rest.starts_with("?P<") || rest.starts_with("?<") ? 1 : 0;
    }
  }
  return groups;
}

std::string escape_regex(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (std::string_view("\\.+*?()|[]{}^$#&-~").find(letter) != std::string_view::npos) {
      out += '\\';
    }
    out += letter;
  }
  return out;
}

}  // namespace spoor::kql
