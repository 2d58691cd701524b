#pragma once
// Terms: what `has` and its like look for (kql-semantics 3).

#include <string>
#include <string_view>
#include <vector>

namespace spoor::kql {

/// Pattern that finds `needle` as whole terms. Guards stand where the needle's edge is a letter or
/// digit.
std::string term_pattern(std::string_view needle, bool any_case, bool left_guard, bool right_guard);
/// Terms of a text: maximal runs of letters and digits.
std::vector<std::string> terms_of(std::string_view text);
/// Whether the code point at the edge of the text is a letter or digit.
bool starts_with_term(std::string_view text);
bool ends_with_term(std::string_view text);

}  // namespace spoor::kql
