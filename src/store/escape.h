#pragma once
// Values of bound parameters in the form that ClickHouse parses (documentation, "Queries with
// parameters": TSV escaping; texts inside arrays are quoted and escaped once).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::store {

/// A text for a parameter of type String.
std::string escape_value(std::string_view text);
/// A text as an element of an array, with its quotes.
std::string quote_value(std::string_view text);
/// "['a','b']" for a parameter of type Array(String).
std::string array_value(const std::vector<std::string>& texts);
/// "[1,2]" for a parameter of type Array(Int64).
std::string array_value(const std::vector<std::int64_t>& numbers);

}  // namespace spoor::store
