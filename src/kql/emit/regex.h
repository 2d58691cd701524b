#pragma once
// Kusto's regular expressions in the dialect of the engine.

#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor::kql {

/// A pattern that RE2 reads as Kusto reads `pattern`: '.' stops at line ends, classes know Unicode.
/// kUnsupported with the reason where there is none (look-around, class arithmetic, \<). `offset`
/// counts bytes of the pattern.
Result<std::string> translate_regex(std::string_view pattern);
/// Number of capturing groups of a translated pattern.
int count_groups(std::string_view pattern);
/// `text` with every character that means something in a pattern escaped.
std::string escape_regex(std::string_view text);

}  // namespace spoor::kql
