#include "store/migrate.h"

#include <fmt/format.h>

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

/// Columns and indexes that a table made by an older version may lack, from its CREATE statement:
/// one a line.
Result<void> add_missing(const Client& client, const schema::Table& table,
                         std::string_view create_sql) {
  std::string parts;
  for (std::string_view line : split(create_sql, '\n')) {
    line = trim_blanks(line);
    if (line.ends_with(',')) {
      line.remove_suffix(1);
    }
    if (line.starts_with('`')) {
      parts += fmt::format("{}ADD COLUMN IF NOT EXISTS {}", parts.empty() ? "" : ", ", line);
    } else if (line.starts_with("INDEX `")) {
      parts +=
          fmt::format("{}ADD INDEX IF NOT EXISTS {}", parts.empty() ? "" : ", ", line.substr(6));
    }
  }
  return execute(client, fmt::format("ALTER TABLE `{}` {}", table.name, parts));
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
      TRY_VOID(add_missing(client, table, sql));
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
