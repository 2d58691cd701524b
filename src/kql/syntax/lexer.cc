#include "kql/syntax/lexer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace spoor::kql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) { return is_word_start(c) || is_digit(c); }

constexpr std::array<std::string_view, 14> kTypedLiterals = {
    "datetime", "date", "timespan", "time", "guid",   "uuid",    "bool",
    "boolean",  "int",  "long",     "real", "double", "decimal", "dynamic"};

constexpr std::array<std::string_view, 10> kPairs = {"==", "!=", "=~", "!~", "<>",
                                                     "<=", ">=", "..", "=>", "::"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    for (;;) {
      skip_blanks();
      Token token;
      token.span.begin = here();
      if (at_ >= text_.size()) {
        token.span.end = here();
        tokens_.push_back(std::move(token));
        return std::move(tokens_);
      }
      TRY_VOID(next(token));
      token.span.end = here();
      tokens_.push_back(std::move(token));
    }
  }

 private:
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(at_); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  std::unexpected<Error> error(std::size_t offset, std::string message) const {
    const auto place = static_cast<std::uint32_t>(offset);
    return fail(error_at({place, place}, ErrorCode::kInvalidInput, std::move(message)));
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
        ++at_;
      } else if (c == '/' && peek(1) == '/') {
        while (at_ < text_.size() && text_[at_] != '\n') {
          ++at_;
        }
      } else if (const auto size = wide_blank()) {
        at_ += size;
      } else {
        return;
      }
    }
  }

  /// Bytes of a blank beyond ASCII at the place (no-break spaces are common in queries copied from
  /// pages).
  [[nodiscard]] std::size_t wide_blank() const {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("\xC2\xA0")) {
      return 2;
    }
    const auto last = static_cast<unsigned char>(rest.size() > 2 ? rest[2] : '\0');
    const bool spaces = rest.starts_with("\xE2\x80") &&
                        ((last >= 0x80 && last <= 0x8D) || last == 0xAF || last == 0xA8);
    return spaces || rest.starts_with("\xE3\x80\x80") || rest.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  }

  Result<void> next(Token& token) {
    const char c = peek();
    if (c == '"' || c == '\'') {
      return string(token, false);
    }
    if (c == '@' && (peek(1) == '"' || peek(1) == '\'')) {
      ++at_;
      return string(token, true);
    }
    if ((c == 'h' || c == 'H') && (peek(1) == '"' || peek(1) == '\'' ||
                                   (peek(1) == '@' && (peek(2) == '"' || peek(2) == '\'')))) {
      ++at_;
      const bool verbatim = peek() == '@';
      at_ += verbatim ? 1 : 0;
      return string(token, verbatim);
    }
    if (text_.substr(at_).starts_with("```") || text_.substr(at_).starts_with("~~~")) {
      return block_string(token);
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)) && !follows_operand())) {
      return number(token);
    }
    if (is_word_start(c)) {
      return word(token);
    }
    if (c == '!' && is_word_start(peek(1))) {
      ++at_;
      TRY_VOID(word(token));
      token.text.insert(0, "!");
      return {};
    }
    token.kind = Token::Kind::kPunctuation;
    for (const auto pair : kPairs) {
      if (text_.substr(at_).starts_with(pair)) {
        token.text = pair;
        at_ += 2;
        return {};
      }
    }
    if (std::string_view("()[]{},;:.|=<>+-*/%!?@#~&").find(c) == std::string_view::npos) {
      return error(at_, "unexpected character " + printable(c));
    }
    token.text = c;
    ++at_;
    return {};
  }

  static std::string printable(char c) {
    return static_cast<unsigned char>(c) < 0x20 ? "0x" + hex_lower(std::string_view(&c, 1))
                                                : "'" + std::string(1, c) + "'";
  }

  [[nodiscard]] bool follows_operand() const {
    if (tokens_.empty()) {
      return false;
    }
    const Token& last = tokens_.back();
    return last.span.end == at_ &&
           (last.kind == Token::Kind::kName || last.is(")") || last.is("]"));
  }

  Result<void> string(Token& token, bool verbatim) {
    const std::size_t start = at_;
    const char quote = text_[at_++];
    token.kind = Token::Kind::kString;
    for (;;) {
      if (at_ >= text_.size() || text_[at_] == '\n') {
        return error(start, "the string is not closed");
      }
      const char c = text_[at_++];
      if (c == quote) {
        if (verbatim && peek() == quote) {
          token.text += quote;
          ++at_;
          continue;
        }
        break;
      }
      if (c == '\\' && !verbatim) {
        TRY_VOID(escape(token.text));
      } else {
        token.text += c;
      }
    }
    token.text = to_valid_utf8(token.text);
    return {};
  }

  Result<void> escape(std::string& out) {
    const std::size_t start = at_ - 1;
    const char c = peek();
    ++at_;
    switch (c) {
      case 'n':
        out += '\n';
        return {};
      case 't':
        out += '\t';
        return {};
      case 'r':
        out += '\r';
        return {};
      case 'a':
        out += '\a';
        return {};
      case 'b':
        out += '\b';
        return {};
      case 'f':
        out += '\f';
        return {};
      case 'v':
        out += '\v';
        return {};
      case '0':
        out += '\0';
        return {};
      case '\\':
      case '"':
      case '\'':
        out += c;
        return {};
      case 'x':
        return code_point(out, start, 2);
      case 'u':
        return code_point(out, start, 4);
      case 'U':
        return code_point(out, start, 8);
      default:
        break;
    }
    return std::unexpected(
        error_at({static_cast<std::uint32_t>(start), here()}, ErrorCode::kInvalidInput,
                 "unknown escape in a string: write \\\\ for a backslash, or @ before the string"));
  }

  Result<void> code_point(std::string& out, std::size_t start, std::size_t digits) {
    std::uint32_t value = 0;
    const auto text = text_.substr(std::min(at_, text_.size()), digits);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (problem != std::errc{} || text.size() != digits || end != text.data() + digits) {
      return error(start, "the escape needs " + std::to_string(digits) + " hex digits");
    }
    at_ += digits;
    append_utf8(out, value);
    return {};
  }

  Result<void> block_string(Token& token) {
    const std::size_t start = at_;
    const auto mark = text_.substr(at_, 3);
    const auto end = text_.find(mark, at_ + 3);
    if (end == std::string_view::npos) {
      return error(start, "the string is not closed");
    }
    token.kind = Token::Kind::kString;
    token.text = to_valid_utf8(text_.substr(at_ + 3, end - at_ - 3));
    at_ = end + 3;
    return {};
  }

  Result<void> number(Token& token) {
    const std::size_t start = at_;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
      at_ += 2;
      while (is_word(peek())) {
        ++at_;
      }
      const auto digits = text_.substr(start + 2, at_ - start - 2);
      std::uint64_t value = 0;
      const auto [end, problem] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      if (problem != std::errc{} || end != digits.data() + digits.size()) {
        return error(start, "not a hexadecimal number of at most 64 bits");
      }
      token.kind = Token::Kind::kNumber;
      token.number = static_cast<std::int64_t>(value);
      return {};
    }
    bool real = false;
    while (is_digit(peek())) {
      ++at_;
    }
    if (peek() == '.' && peek(1) != '.' && !is_word_start(peek(1))) {
      real = true;
      ++at_;
      while (is_digit(peek())) {
        ++at_;
      }
    }
    if ((peek() == 'e' || peek() == 'E') &&
        (is_digit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && is_digit(peek(2))))) {
      real = true;
      at_ += 2;
      while (is_digit(peek())) {
        ++at_;
      }
    }
    const auto digits = text_.substr(start, at_ - start);
    if (is_word_start(peek())) {
      while (is_word(peek())) {
        ++at_;
      }
      const auto span = parse_timespan(text_.substr(start, at_ - start));
      if (!span) {
        return error(start,
                     "not a number or a timespan: " +
                         std::string(text_.substr(start, std::min<std::size_t>(at_ - start, 40))));
      }
      token.kind = Token::Kind::kTimespan;
      token.number = *span;
      return {};
    }
    if (real) {
      token.kind = Token::Kind::kReal;
      std::from_chars(digits.data(), digits.data() + digits.size(), token.real);
      return {};
    }
    token.kind = Token::Kind::kNumber;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), token.number);
    if (problem != std::errc{}) {
      return error(start, "the number does not fit 64 bits");
    }
    return {};
  }

  Result<void> word(Token& token) {
    const std::size_t start = at_;
    while (is_word(peek()) && wide_blank() == 0) {
      ++at_;
    }
    token.kind = Token::Kind::kName;
    token.text = text_.substr(start, at_ - start);
    if (peek() == '~' && (token.text == "in")) {
      token.text += '~';
      ++at_;
      return {};
    }
    bool typed = false;
    for (const auto name : kTypedLiterals) {
      typed = typed || token.text == name;
    }
    std::size_t open = at_;
    while (open < text_.size() &&
           std::string_view(" \t\r\n").find(text_[open]) != std::string_view::npos) {
      ++open;
    }
    if (!typed || open >= text_.size() || text_[open] != '(') {
      return {};
    }
    const auto close = closing(open);
    if (!close) {
      return error(start, std::string(token.text) + "( is not closed");
    }
    token.kind = Token::Kind::kTyped;
    token.raw = text_.substr(open + 1, *close - open - 1);
    token.raw_span = {static_cast<std::uint32_t>(open + 1), static_cast<std::uint32_t>(*close)};
    at_ = *close + 1;
    return {};
  }

  /// The bracket that closes the one at `open`, strings and comments skipped.
  [[nodiscard]] std::optional<std::size_t> closing(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '"' || c == '\'') {
        const bool verbatim = i > 0 && text_[i - 1] == '@';
        for (++i; i < text_.size() && text_[i] != c; ++i) {
          if (text_[i] == '\\' && !verbatim) {
            ++i;
          }
        }
      } else if (c == '/' && i + 1 < text_.size() && text_[i + 1] == '/') {
        while (i < text_.size() && text_[i] != '\n') {
          ++i;
        }
      } else if (c == '(' || c == '[' || c == '{') {
        ++depth;
      } else if (c == ')' || c == ']' || c == '}') {
        if (--depth == 0) {
          return i;
        }
      }
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view text) {
  if (text.size() > (1u << 20)) {
    return fail(ErrorCode::kLimit, "the query is longer than 1 MiB");
  }
  return Lexer(text).run();
}

std::string dump(const std::vector<Token>& tokens) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "", "end", "name", "string", "long", "real", "timespan", "typed", "punctuation"};
  std::string out;
  for (const auto& token : tokens) {
    out += kNames[static_cast<std::size_t>(token.kind)];
    out += ' ' + std::to_string(token.span.begin) + '-' + std::to_string(token.span.end);
    if (token.kind == Token::Kind::kNumber || token.kind == Token::Kind::kTimespan) {
      out += ' ' + std::to_string(token.number);
    } else if (token.kind == Token::Kind::kReal) {
      out += ' ' + std::to_string(token.real);
    } else if (!token.text.empty()) {
      out += ' ' + token.text;
    }
    if (!token.raw.empty()) {
      out += " (" + token.raw + ")";
    }
    out += '\n';
  }
  return out;
}

}  // namespace spoor::kql
