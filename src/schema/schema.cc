#include "schema/schema.h"

#include <algorithm>

namespace spoor::schema {

std::string_view type_name(Type type) {
  switch (type) {
    case Type::kBool:
      return "bool";
    case Type::kInt:
      return "int";
    case Type::kLong:
      return "long";
    case Type::kReal:
      return "real";
    case Type::kString:
      return "string";
    case Type::kDateTime:
      return "datetime";
    case Type::kTimespan:
      return "timespan";
    case Type::kDynamic:
      return "dynamic";
    case Type::kGuid:
      return "guid";
    case Type::kDecimal:
      return "decimal";
  }
  return "string";
}

std::optional<std::uint16_t> Table::find(std::string_view column) const {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (columns[index].name == column) {
      return static_cast<std::uint16_t>(index);
    }
  }
  return std::nullopt;
}

const Table* find_table(std::string_view name) {
  const auto all = tables();
  const auto found = std::ranges::lower_bound(all, name, {}, &Table::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

}  // namespace spoor::schema
