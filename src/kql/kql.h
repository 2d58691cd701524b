#pragma once
// KQL to SQL: the front door. compile() makes one statement of ClickHouse with bound parameters;
// exec/executor.h runs it.

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "kql/bind/value.h"
#include "schema/foreign.h"

namespace spoor::kql {

/// The tables a query may read.
struct Catalog {
  std::span<const schema::Table> tables = schema::tables();
  /// Tables of other products: known, without rows.
  std::span<const schema::ForeignTable> foreign = schema::foreign_tables();
  [[nodiscard]] const schema::Table* find(std::string_view name) const;
  [[nodiscard]] const schema::ForeignTable* find_foreign(std::string_view name) const;
};

/// Devices a caller may see. Where not `all`, every table with a DeviceId is filtered by it, and
/// tables without one are empty.
struct AccessScope {
  bool all = true;
  std::vector<std::string> device_ids_or_groups;
};

/// A value bound to a name as if by `let`: how services pass values, never as text of the query.
struct NamedArgument {
  std::string name;
  Type type = Type::kString;
  Constant value;
};

struct CompileLimits {
  std::int64_t max_rows = 100'000;        ///< rows of the result; one more is asked for, to know
  std::uint64_t max_memory = 2ULL << 30;  ///< bytes of the engine
  double max_seconds = 60;
};

/// Text behind an address that externaldata names. Where a caller gives none, externaldata is
/// refused: the compiler itself fetches nothing.
using ExternalText = std::function<Result<std::string>(std::string_view address)>;

struct CompileOptions {
  Catalog catalog;
  Ticks now = 0;  ///< 0: the clock's
  AccessScope scope;
  std::vector<NamedArgument> arguments;
  bool empty_tables = false;  ///< every table has no rows
  bool explain = false;       ///< fill Compiled::plan
  CompileLimits limits;
  ExternalText external;
  /// Results of Compiled::first, in their order: the executor compiles again with them.
  std::vector<Constant> first_results;
};

struct ResultColumn {
  std::string name;
  Type type = Type::kString;
};

/// A statement to run before (toscalar and the like): its one value goes into first_results.
struct PreStatement {
  std::string sql;
  std::vector<BoundParameter> parameters;
  Type type = Type::kString;
};

struct Compiled {
  std::string sql;
  std::vector<BoundParameter> parameters;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<ResultColumn> columns;
  /// Not empty: `sql` and `columns` are not final, and an error may still come.
  std::vector<PreStatement> first;
  std::vector<std::string> notes;   ///< what a reader of the answer must know, one sentence each
  std::vector<std::string> tables;  ///< stored tables that it reads, each once
  std::string plan;                 ///< text of the plan, for tests and explain
  std::int64_t max_rows = 0;
};

/// Compiles one query. Errors carry line and column (from 1) and the offset in bytes.
Result<Compiled> compile(std::string_view text, const CompileOptions& options);

}  // namespace spoor::kql
