#pragma once
// Terms: what `has` and its like look for (kql-semantics 3).

#include <string>
#include <string_view>
#include <vector>

#include "kql/emit/sql.h"

namespace spoor::kql {

/// Pattern that finds `needle` as whole terms. Guards stand where the needle's edge is a letter or
/// digit.
std::string term_pattern(std::string_view needle, bool any_case, bool left_guard, bool right_guard);
/// Patterns that together find any of the needles as whole terms, of any case: few, however many
/// needles there are.
std::vector<std::string> any_term_patterns(const std::vector<std::string>& needles);
/// Terms of a text: maximal runs of letters and digits.
std::vector<std::string> terms_of(std::string_view text);
/// Whether the code point at the edge of the text is a letter or digit.
bool starts_with_term(std::string_view text);
bool ends_with_term(std::string_view text);

/// `text has needle` where the needle is no constant: a text of each row. The guards are as in
/// term_pattern.
Sql has_each(const Sql& text, const Sql& needle, bool any_case, bool left_guard, bool right_guard);
/// `text has_any needles`, or has_all, where the needles are an array of JSON texts of each row.
Sql has_each_of(const Sql& text, const Sql& needles, bool all);

}  // namespace spoor::kql
