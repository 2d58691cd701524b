#pragma once
// Which table of the hunting schema a row is of. Internal to the module.

#include <string_view>

#include "json/reader.h"
#include "schema/schema.h"

namespace spoor::winlog {

/// The name of a column as the schema has it: without " [UTC]" of the portal's export and without
/// the type that a union adds ("ReportId_long").
std::string_view plain_column(std::string_view name);

/// The table of that name, also as "AdvancedHunting-…" or "…_CL"; nullptr where there is none.
const schema::Table* table_named(std::string_view name);

/// Told by a member that names it, by the action type, else by the columns that have values;
/// nullptr where none fits.
const schema::Table* table_of_row(const json::Dynamic& row);

}  // namespace spoor::winlog
