#pragma once
// KQL text to tokens.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kql/bind/value.h"

namespace spoor::kql {

struct Token {
  enum class Kind : std::uint8_t {
    kEnd = 1,
    kName,      ///< identifier or word, also "!has", "in~", "$left"
    kString,    ///< `text` is the value
    kNumber,    ///< long: `number`
    kReal,      ///< `real`
    kTimespan,  ///< 1d, 10ms: `number` ticks
    kTyped,     ///< datetime(…), guid(…), dynamic(…): `text` is the type, `raw` what stands inside
    kPunctuation,  ///< `text`
  };
  Kind kind = Kind::kEnd;
  Span span;
  std::string text;
  std::string raw;
  Span raw_span;
  std::int64_t number = 0;
  double real = 0;

  [[nodiscard]] bool is(std::string_view word) const {
    return (kind == Kind::kPunctuation || kind == Kind::kName) && text == word;
  }
};

/// All tokens and a last kEnd. Errors carry the offset of the offending byte.
Result<std::vector<Token>> tokenize(std::string_view text);

/// One line a token: "name 0-5 Event". For tests.
std::string dump(const std::vector<Token>& tokens);

/// Ticks of "1.5h", "10tick", "00:30", "2.12:00:00" or a number of days; nothing where it is none.
std::optional<std::int64_t> parse_timespan(std::string_view text);
/// Ticks of what may stand in datetime(…): ISO forms, RFC 822, RFC 850, month/day/year.
std::optional<std::int64_t> parse_datetime(std::string_view text);

}  // namespace spoor::kql
