#pragma once
// Hunting tables of other products. Queries may name them and get their columns; nothing is stored,
// so they hold no rows. Generated from schema/foreign.yaml by tools/gen.

#include <span>
#include <string_view>

#include "schema/schema.h"

namespace spoor::schema {

struct ForeignColumn {
  std::string_view name;
  Type type;
};

struct ForeignTable {
  std::string_view name;
  std::string_view doc;
  std::span<const ForeignColumn> columns;
};

/// All tables of other products, ordered by name.
std::span<const ForeignTable> foreign_tables();

}  // namespace spoor::schema
