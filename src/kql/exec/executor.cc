#include "kql/exec/executor.h"

#include <algorithm>
#include <chrono>

#include "event/native_reader.h"

namespace spoor::kql {
namespace {

Constant cell(const event::NativeColumn& column, std::size_t row, Type type) {
  if (column.is_null(row)) {
    return {};
  }
  switch (column.kind) {
    case event::NativeColumn::Kind::kInt64:
      if (type == Type::kBool) {
        return column.numbers[row] != 0;
      }
      return column.numbers[row];
    case event::NativeColumn::Kind::kFloat64:
      return column.reals[row];
    case event::NativeColumn::Kind::kString:
      if ((type == Type::kDynamic || type == Type::kGuid) && column.texts[row].empty()) {
        return {};
      }
      if (type == Type::kDynamic && column.texts[row] == "null") {
        return {};
      }
      return column.texts[row];
  }
  return {};
}

/// Streams one statement's rows; `more` is set where the limit cut them.
Result<std::int64_t> stream(const Runner& runner, const EngineStatement& statement,
                            const std::vector<ResultColumn>& columns, std::int64_t max_rows,
                            std::uint64_t max_bytes, const OnRows& on_rows, bool& more,
                            const std::atomic<bool>* cancelled) {
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
  event::NativeReader reader([&](event::NativeBlock&& block) -> Result<void> {
    if (block.rows == 0 || columns.empty()) {
      return {};
    }
    if (block.columns.size() != columns.size()) {
      return fail(ErrorCode::kInternal, "the engine answered with another number of columns");
    }
    std::vector<Row> made;
    for (std::size_t row = 0; row < block.rows; ++row) {
      if (rows >= max_rows) {
        more = true;
        break;
      }
      Row values;
      values.reserve(columns.size());
      for (std::size_t i = 0; i < columns.size(); ++i) {
        values.push_back(cell(block.columns[i], row, columns[i].type));
      }
      made.push_back(std::move(values));
      ++rows;
    }
    return made.empty() ? Result<void>{} : on_rows(made);
  });
  TRY_VOID(runner(statement, [&](std::string_view part) -> Result<void> {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
      return fail(ErrorCode::kCancelled, "the query was cancelled");
    }
    bytes += part.size();
    if (bytes > max_bytes) {
      return fail(Error::make(ErrorCode::kLimit,
                              "the result is larger than " + std::to_string(max_bytes) + " bytes")
                      .with_hint("project fewer columns or take fewer rows"));
    }
    return reader.feed(part);
  }));
  TRY_VOID(reader.finish());
  return rows;
}

}  // namespace

Result<QueryResult> run(const Runner& runner, const Compiled& compiled, const RunLimits& limits,
                        const OnRows& on_rows, const std::string& query_id,
                        const std::atomic<bool>* cancelled) {
  if (!compiled.first.empty()) {
    return fail(ErrorCode::kInternal, "the statement needs results of others first");
  }
  const auto start = std::chrono::steady_clock::now();
  QueryResult result;
  result.columns = compiled.columns;
  result.notes = compiled.notes;
  const EngineStatement statement{compiled.sql,   compiled.parameters, compiled.settings, query_id,
                                  limits.seconds, compiled.tables,     limits.may_be_kept};
  const auto max_rows = std::min(limits.max_rows, compiled.max_rows);
  result.rows = TRY(stream(runner, statement, compiled.columns, max_rows, limits.max_bytes, on_rows,
                           result.truncated, cancelled));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Result<QueryResult> run_query(const Runner& runner, std::string_view text, CompileOptions options,
                              const RunLimits& limits, const OnRows& on_rows,
                              const std::string& query_id, const std::atomic<bool>* cancelled) {
  if (options.now == 0) {
    options.now = now_ticks();  // one present over all statements
  }
  options.limits.max_rows = std::min(options.limits.max_rows, limits.max_rows);
  Compiled compiled = TRY(compile(text, options));
  while (!compiled.first.empty()) {
    const std::size_t next = options.first_results.size();
    if (next >= compiled.first.size() || next > 64) {
      return fail(ErrorCode::kLimit, "the query needs more than 64 statements before it");
    }
    const PreStatement& first = compiled.first[next];
    const EngineStatement statement{
        first.sql, first.parameters, compiled.settings, query_id, limits.seconds, {}, false};
    Constant value;
    bool more = false;
    TRY(stream(
        runner, statement, {{"value", first.type}}, 1, limits.max_bytes,
        [&](std::span<const Row> rows) -> Result<void> {
          value = rows[0][0];
          return {};
        },
        more, cancelled));
    options.first_results.push_back(std::move(value));
    compiled = TRY(compile(text, options));
  }
  return run(runner, compiled, limits, on_rows, query_id, cancelled);
}

}  // namespace spoor::kql
