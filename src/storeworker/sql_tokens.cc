#include "storeworker/sql_tokens.h"

#include <algorithm>

#include "base/text.h"

namespace spoor::storeworker {
namespace {

bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}
bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
bool is_blank(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' ||
         byte == '\v';
}

class Lexer {
 public:
  explicit Lexer(std::string_view sql) : sql_(sql) {}

  /// The next token; false at the end of the text.
  Result<bool> next(Token& token) {
    TRY_VOID(skip_blanks());
    if (at_ >= sql_.size()) {
      return false;
    }
    const std::size_t start = at_;
    const char first = sql_[at_];
    if (is_letter(first)) {
      skip_name();
      token.kind = TokenKind::kWord;
    } else if (is_digit(first)) {
      skip_number();
      token.kind = TokenKind::kNumber;
    } else if (first == '\'' || first == '`' || first == '"') {
      TRY_VOID(skip_quoted(first));
      token.kind = first == '\'' ? TokenKind::kString : TokenKind::kQuoted;
    } else if (static_cast<unsigned char>(first) >= 0x80 ||
               static_cast<unsigned char>(first) < 0x20 || first == '$' || first == '\\' ||
               first == 0x7F) {
      // Heredocs and Unicode blanks or quotes would need the engine's own reading of them.
      return fail(Error::make(ErrorCode::kInvalidInput, "character not allowed outside of quotes")
                      .at("statement", static_cast<std::int64_t>(at_)));
    } else {
      ++at_;
      token.kind = TokenKind::kSymbol;
    }
    token.offset = start;
    token.text = sql_.substr(start, at_ - start);
    return true;
  }
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  [[nodiscard]] char peek(std::size_t ahead) const {
    return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
  }
  void skip_name() {
    while (at_ < sql_.size() && (is_letter(sql_[at_]) || is_digit(sql_[at_]))) {
      ++at_;
    }
  }
  void skip_number() {
    while (at_ < sql_.size()) {
      const char byte = sql_[at_];
      const bool sign_of_exponent = (byte == '+' || byte == '-') && is_exponent_mark(at_ - 1);
      if (!is_letter(byte) && !is_digit(byte) && byte != '.' && !sign_of_exponent) {
        return;
      }
      ++at_;
    }
  }
  [[nodiscard]] bool is_exponent_mark(std::size_t at) const {
    return (sql_[at] == 'e' || sql_[at] == 'E') && at > 0 &&
           (is_digit(sql_[at - 1]) || sql_[at - 1] == '.');
  }
  Result<void> skip_quoted(char quote) {
    const std::size_t start = at_++;
    while (at_ < sql_.size()) {
      if (sql_[at_] == '\\') {
        at_ += 2;
      } else if (sql_[at_] != quote) {
        ++at_;
      } else if (peek(1) == quote) {
        at_ += 2;
      } else {
        ++at_;
        return {};
      }
    }
    return fail(Error::make(ErrorCode::kInvalidInput, "quote that is not closed")
                    .at("statement", static_cast<std::int64_t>(start)));
  }
  Result<void> skip_blanks() {
    while (at_ < sql_.size()) {
      if (is_blank(sql_[at_])) {
        ++at_;
      } else if (sql_[at_] == '-' && peek(1) == '-') {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (sql_[at_] == '/' && peek(1) == '*') {
        const std::size_t end = sql_.find("*/", at_ + 2);
        // A comment within a comment is read in two ways by different versions of the engine.
        if (end == std::string_view::npos || sql_.substr(at_ + 2, end - at_ - 2).contains("/*")) {
          return fail(Error::make(ErrorCode::kInvalidInput, "comment that is not closed, or nested")
                          .at("statement", static_cast<std::int64_t>(at_)));
        }
        at_ = end + 2;
      } else if (sql_[at_] == '#') {
        return fail(Error::make(ErrorCode::kInvalidInput, "comment that begins with #")
                        .at("statement", static_cast<std::int64_t>(at_)));
      } else {
        return {};
      }
    }
    return {};
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace

bool Token::is(std::string_view keyword) const {
  return kind == TokenKind::kWord && equals_ignoring_case(text, keyword);
}

Result<TokenList> tokenize(std::string_view sql, bool stop_after_data_clause) {
  Lexer lexer(sql);
  TokenList list;
  int depth = 0;
  Token token;
  while (TRY(lexer.next(token))) {
    if (token.is_symbol('(') || token.is_symbol('[') || token.is_symbol('{')) {
      ++depth;
    }
    token.depth = depth;
    if (token.is_symbol(')') || token.is_symbol(']') || token.is_symbol('}')) {
      if (--depth < 0) {
        return fail(Error::make(ErrorCode::kInvalidInput, "bracket that was not opened")
                        .at("statement", static_cast<std::int64_t>(token.offset)));
      }
    }
    list.tokens.push_back(token);
    list.end = lexer.position();
    if (stop_after_data_clause && depth == 0) {
      const std::size_t count = list.tokens.size();
      if (token.is("VALUES") ||
          (count >= 2 && list.tokens[count - 2].is("FORMAT") && token.kind == TokenKind::kWord)) {
        return list;
      }
    }
  }
  if (depth != 0) {
    return fail(ErrorCode::kInvalidInput, "bracket that is not closed");
  }
  list.end = lexer.position();
  return list;
}

std::string identifier_of(const Token& token) {
  if (token.kind != TokenKind::kQuoted) {
    return std::string(token.text);
  }
  const char quote = token.text[0];
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  std::string name;
  for (std::size_t at = 0; at < inner.size(); ++at) {
    if ((inner[at] == '\\' || inner[at] == quote) && at + 1 < inner.size()) {
      ++at;
    }
    name += inner[at];
  }
  return name;
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "`";
  for (const char byte : name) {
    if (byte == '`' || byte == '\\') {
      quoted += '\\';
    }
    quoted += byte;
  }
  return quoted + '`';
}

std::string quote_text(std::string_view text) {
  std::string quoted = "'";
  for (const char byte : text) {
    if (byte == '\'' || byte == '\\') {
      quoted += '\\';
    }
    quoted += byte;
  }
  return quoted + '\'';
}

}  // namespace spoor::storeworker
