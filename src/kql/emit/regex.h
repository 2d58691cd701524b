#pragma once
// Regular expressions: Kusto's syntax to RE2's (kql-semantics 3.1), and patterns for `has`.

#include "kql/bind/value.h"

namespace spoor::kql {

struct Pattern {
  std::string text;  ///< for RE2, with (?-s) in front
  int groups = 0;    ///< capturing groups
};

/// Translates a constant pattern; errors point at `place`.
Result<Pattern> translate_regex(std::string_view pattern, Span place);
/// The text with every special character escaped.
std::string escape_regex(std::string_view text);
/// Pattern that finds `needle` as whole terms. Guards stand where the needle's edge is a letter or digit.
std::string term_pattern(std::string_view needle, bool any_case, bool left_guard, bool right_guard);
/// Terms of a text: maximal runs of letters and digits.
std::vector<std::string> terms_of(std::string_view text);
/// Whether the code point at either edge of the text is a letter or digit.
bool starts_with_term(std::string_view text);
bool ends_with_term(std::string_view text);

}  // namespace spoor::kql
