#pragma once
// Cells of files that are handed out. Internal to the module.

#include <string>
#include <variant>
#include <vector>

#include "json/writer.h"

namespace spoor::investigate {

/// Nothing, a text, or a list of texts.
using ExportCell = std::variant<std::monostate, std::string, std::vector<std::string>>;

/// A cell of CSV (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_cell(std::string text);
/// The same of a cell; the texts of a list with ';' between.
std::string csv_cell(const ExportCell& cell);
void put_json_cell(json::Writer& json, const ExportCell& cell);

}  // namespace spoor::investigate
