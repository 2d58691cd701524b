#pragma once
// The tables of the hunting schema as constant data. Generated from schema/tables/*.yaml by
// tools/gen; what is declared here is only the shape.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace spoor::schema {

/// Kusto's scalar types, as a query sees a column.
enum class Type : std::uint8_t {
  kBool = 1,
  kInt = 2,   ///< 32 bits
  kLong = 3,  ///< 64 bits
  kReal = 4,
  kString = 5,
  kDateTime = 6,  ///< Ticks
  kTimespan = 7,  ///< 100 ns units; no stored column has it
  kDynamic = 8,
  kGuid = 9,      ///< no stored column has it
  kDecimal = 10,  ///< no stored column has it
};
/// Kusto's name of a type ("datetime").
std::string_view type_name(Type type);

/// How a column lies in the store (docs/schema/storage.md).
enum class Storage : std::uint8_t {
  kPlain = 1,    ///< the natural ClickHouse type; dynamic: String of minified JSON, '' is null
  kLow = 2,      ///< LowCardinality(String)
  kHex = 3,      ///< FixedString(hex_bytes), shown in lower-case hex, all zero is absent
  kTiny = 4,     ///< int held as Int8
  kKeys = 5,     ///< dynamic held as Array(Int64)
  kStrings = 6,  ///< dynamic held as Array(String)
};

/// What a stored value means "absent"; KQL sees null for it (strings: '').
enum class Absent : std::uint8_t {
  kNever = 1,     ///< every row has a value
  kNullable = 2,  ///< stored as Nullable(T)
  kZero = 3,      ///< 0 stands for itself (ids, counters); never null
  kFalse = 4,     ///< false stands for itself; never null
  kEpoch = 5,     ///< 1970-01-01T00:00:00Z means null
  kEmpty = 6,     ///< strings and dynamics: '' (or an empty array)
};

enum class Index : std::uint8_t { kNone = 0, kTerms = 1, kBloom = 2 };

struct Column {
  std::string_view name;
  Type type;
  Storage storage;
  Absent absent;
  Index index;
  std::uint8_t hex_bytes;  ///< width of kHex, else 0
  bool hidden;  ///< reachable by name, left out of `*` and of results that name no columns
  std::string_view clickhouse_type;  ///< "LowCardinality(String)"
  std::string_view doc;
};

enum class TableKind : std::uint8_t {
  kEvent = 1,     ///< rows are added, never changed; ordered by device and time
  kSnapshot = 2,  ///< the newest row of a key is its state
};

struct Table {
  std::string_view name;
  TableKind kind;
  std::string_view doc;
  std::span<const Column> columns;
  std::span<const std::string_view> key;  ///< ORDER BY of the store
  std::string_view create_sql;  ///< CREATE TABLE IF NOT EXISTS statement, without a database

  /// Ordinal of a column, exact spelling; nothing where there is none.
  [[nodiscard]] std::optional<std::uint16_t> find(std::string_view column) const;
};

/// All tables, ordered by name.
std::span<const Table> tables();
/// Table by exact name, null where there is none.
const Table* find_table(std::string_view name);
/// Version of the schema the store is made for; raised with each change of the YAML that adds
/// something.
std::uint32_t version();

}  // namespace spoor::schema
