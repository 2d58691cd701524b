#pragma once
// Values of results as text and JSON (kql-semantics 1.3).

#include <string>

#include "kql/exec/executor.h"

namespace spoor::kql {

/// Appends a value as JSON: datetimes in ISO form with seven digits and Z, timespans as text, longs
/// beyond 2^53 as text, dynamics as JSON, reals that are no numbers as "NaN", "Infinity",
/// "-Infinity".
void append_json(std::string& out, Type type, const Constant& value);
/// Text of a value as tostring() gives it; empty for null.
std::string format_value(Type type, const Constant& value);
/// Real in .NET's manner: 1, 0.1, 1E+20, NaN.
std::string format_real(double value);
/// One line of CSV (RFC 4180) without its line end.
std::string csv_line(const std::vector<ResultColumn>& columns, const Row& row);
std::string csv_header(const std::vector<ResultColumn>& columns);

}  // namespace spoor::kql
