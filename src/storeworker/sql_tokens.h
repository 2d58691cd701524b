#pragma once
// Cuts a statement into tokens, as far as the gate must see its shape. It is stricter than the
// engine's lexer: what it does not know is an error, so no text can mean two things.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor::storeworker {

enum class TokenKind : std::uint8_t {
  kWord = 1,    ///< bare identifier or keyword
  kQuoted = 2,  ///< `…` or "…"
  kString = 3,  ///< '…'
  kNumber = 4,
  kSymbol = 5,  ///< one byte
};

struct Token {
  TokenKind kind = TokenKind::kSymbol;
  std::string_view text;   ///< as written, quotes included
  std::size_t offset = 0;  ///< bytes from the start of the statement
  int depth = 0;           ///< open brackets around it (an opening bracket counts from its inside)

  /// A bare word equal to `keyword` (upper case), whatever its case.
  [[nodiscard]] bool is(std::string_view keyword) const;
  [[nodiscard]] bool is_symbol(char symbol) const {
    return kind == TokenKind::kSymbol && text[0] == symbol;
  }
};

struct TokenList {
  std::vector<Token> tokens;  ///< comments left out
  std::size_t end = 0;        ///< bytes read
};

/// Tokens of `sql`. With `stop_after_data_clause` reading ends behind the first `FORMAT name` or
/// `VALUES` outside of brackets: what follows is data of an INSERT and is not looked at.
Result<TokenList> tokenize(std::string_view sql, bool stop_after_data_clause = false);

/// Name that a kWord or kQuoted token stands for.
std::string identifier_of(const Token& token);
/// `name` in back quotes.
std::string quote_identifier(std::string_view name);
/// Text in single quotes with escapes.
std::string quote_text(std::string_view text);

}  // namespace spoor::storeworker
