#include "store/migrate.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/ticks.h"
#include "event/native_format.h"
#include "schema/schema.h"

namespace spoor::store {
namespace {

constexpr std::string_view kVersionTable =
    "CREATE TABLE IF NOT EXISTS spoor_schema (version UInt32, applied DateTime64(7,'UTC')) ENGINE "
    "= MergeTree ORDER BY version";

/// What the appender has begun (0) and finished (1).
constexpr std::string_view kBatchTable =
    "CREATE TABLE IF NOT EXISTS spoor_batches (BatchId Int64, Done Int64) ENGINE = MergeTree ORDER "
    "BY BatchId "
    "SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, "
    "fsync_part_directory = 1";

Result<void> execute(const Client& client, std::string sql) {
  Query statement;
  statement.sql = std::move(sql);
  return client.execute(statement);
}

/// Names of the skip indexes that a table has, one a line.
Result<std::string> indexes_of(const Client& client, const schema::Table& table) {
  Query query;
  query.sql =
      "SELECT name FROM system.data_skipping_indices WHERE database = currentDatabase() AND table "
      "= {table:String}";
  query.parameters = {{"table", escape_value(table.name)}};
  query.format = "TSV";
  return client.query_text(query);
}

/// Brings a table that an older version made to its CREATE statement, which has one column or index
/// a line: columns and indexes that it lacks, and away with indexes that are no longer made (one of
/// another expression has another name). Rows that are there are indexed in the background.
Result<void> bring_up_to_date(const Client& client, const schema::Table& table,
                              std::string_view create_sql) {
  const std::string present = "\n" + TRY(indexes_of(client, table));
  std::vector<std::string> changes;
  std::vector<std::string> built;
  std::string wanted = "\n";
  for (std::string_view line : split(create_sql, '\n')) {
    line = trim_blanks(line);
    if (line.ends_with(',')) {
      line.remove_suffix(1);
    }
    if (line.starts_with('`')) {
      changes.push_back(fmt::format("ADD COLUMN IF NOT EXISTS {}", line));
    } else if (line.starts_with("INDEX `")) {
      const std::string_view name = line.substr(7, line.find('`', 7) - 7);
      wanted += fmt::format("{}\n", name);
      if (!present.contains(fmt::format("\n{}\n", name))) {
        changes.push_back(fmt::format("ADD {}", line));
        built.push_back(fmt::format("MATERIALIZE INDEX `{}`", name));
      }
    }
  }
  for (const std::string_view name : split(std::string_view(present).substr(1), '\n')) {
    if (!name.empty() && !wanted.contains(fmt::format("\n{}\n", name))) {
      changes.push_back(fmt::format("DROP INDEX `{}`", name));
    }
  }
  TRY_VOID(
      execute(client, fmt::format("ALTER TABLE `{}` {}", table.name, fmt::join(changes, ", "))));
  if (built.empty()) {
    return {};
  }
  return execute(client, fmt::format("ALTER TABLE `{}` {}", table.name, fmt::join(built, ", ")));
}

}  // namespace

Result<void> migrate(const Client& client, const MigrateOptions& options) {
  TRY_VOID(execute(client, std::string(kVersionTable)));
  TRY_VOID(execute(client, std::string(kBatchTable)));
  Query newest;
  newest.sql = "SELECT max(version) FROM spoor_schema";
  newest.format = "TSV";
  const std::string answer = TRY(client.query_text(newest));
  const std::int64_t found = parse_int(trim_blanks(answer)).value_or(0);
  if (found > schema::version()) {
    return fail(
        Error::make(
            ErrorCode::kConflict,
            fmt::format("the store has schema version {}, and this program knows versions up to {}",
                        found, schema::version()))
            .with_hint("use the newer program that wrote it; nothing was changed"));
  }
  if (found == schema::version()) {
    return {};
  }
  Query present;
  present.sql = "SELECT name FROM system.tables WHERE database = currentDatabase()";
  present.format = "TSV";
  const std::string names = "\n" + TRY(client.query_text(present));
  for (const schema::Table& table : schema::tables()) {
    std::string sql(table.create_sql);
    const std::size_t reserve = sql.find("{reserve}");
    sql.replace(reserve, std::string_view("{reserve}").size(),
                fmt::format("{}", options.reserve_bytes));
    TRY_VOID(execute(client, sql));
    if (names.contains(fmt::format("\n{}\n", table.name))) {
      TRY_VOID(bring_up_to_date(client, table, sql));
    }
  }
  // One row a version; Native, as everything that is stored: one column UInt32, one DateTime64(7).
  std::string row;
  event::native::append_varint(row, 2);
  event::native::append_varint(row, 1);
  event::native::append_text(row, "version");
  event::native::append_text(row, "UInt32");
  event::native::append_little(row, schema::version(), 4);
  event::native::append_text(row, "applied");
  event::native::append_text(row, "DateTime64(7,'UTC')");
  event::native::append_little(row, static_cast<std::uint64_t>(now_ticks()), 8);
  return client.insert("spoor_schema", row, fmt::format("schema-{}", schema::version()));
}

}  // namespace spoor::store
