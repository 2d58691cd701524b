#pragma once
// Runs compiled queries and hands back typed rows.

#include <atomic>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "kql/kql.h"

namespace spoor::kql {

/// A row: one value a column, of the column's type (see Constant).
using Row = std::vector<Constant>;

struct RunLimits {
  std::int64_t max_rows = 100'000;
  std::uint64_t max_bytes = 256ULL << 20;  ///< of the engine's answer
  double seconds = 60;
  bool may_be_kept = false;  ///< the answer may be given again while nothing changed: KeptAnswers
};

/// One statement for the engine, answered in the Native format.
struct EngineStatement {
  std::string sql;
  std::vector<BoundParameter> parameters;
  std::vector<std::pair<std::string, std::string>> settings;
  std::string query_id;
  double seconds = 60;
  std::vector<std::string> tables;  ///< all that it reads
  bool may_be_kept = false;         ///< see RunLimits
};

/// Runs one statement and streams its answer; an error from the sink ends the statement.
/// exec/store_runner.h makes one of a store::Client.
using Runner = std::function<Result<void>(
    const EngineStatement& statement, const std::function<Result<void>(std::string_view)>& sink)>;

struct QueryResult {
  std::vector<ResultColumn> columns;
  std::int64_t rows = 0;
  bool truncated = false;  ///< there were more rows than the limit
  double seconds = 0;
  std::vector<std::string> notes;  ///< what a reader of the answer must know
};

/// Receives rows as they arrive.
using OnRows = std::function<Result<void>(std::span<const Row> rows)>;

/// Runs a final statement (`compiled.first` is empty). `cancelled`, where given, ends the query
/// with kCancelled.
Result<QueryResult> run(const Runner& runner, const Compiled& compiled, const RunLimits& limits,
                        const OnRows& on_rows, const std::string& query_id = {},
                        const std::atomic<bool>* cancelled = nullptr);

/// Compiles and runs a query with the statements it needs before (toscalar and the like).
Result<QueryResult> run_query(const Runner& runner, std::string_view text, CompileOptions options,
                              const RunLimits& limits, const OnRows& on_rows,
                              const std::string& query_id = {},
                              const std::atomic<bool>* cancelled = nullptr);

}  // namespace spoor::kql
