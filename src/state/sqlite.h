#pragma once
// A thin layer over SQLite: one connection, prepared statements that are kept, errors as values.
// Internal to the module. A connection and its statements belong to one thread at a time; `Core`
// (core.h) sees to that.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace spoor::state {

/// One use of a prepared statement: bind, then step. Goes back to its connection, reset, on
/// destruction.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept;
  ~Statement();

  /// Each call binds the next parameter, from the first on.
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind(std::optional<std::int64_t> value);
  Statement& bind_null();

  /// True where a row is there to be read.
  Result<bool> step();
  /// Runs a statement that gives no rows.
  Result<void> run();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> integer_or_none(int column) const;

 private:
  sqlite3_stmt* statement_;
  int bound_ = 0;
  int bind_error_ = 0;
};

class Database {
 public:
  /// Opens (and makes) the file with WAL, foreign keys, full synchronisation of commits and a wait
  /// for other writers. Bad content is found by the first statement, not here.
  static Result<std::unique_ptr<Database>> open(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs one or more statements without parameters.
  Result<void> execute(const char* sql);
  /// A prepared statement; kept for the next call with the same text, so texts must be few and
  /// constant. A statement must not be prepared again while it is in use.
  Result<Statement> prepare(std::string_view sql);
  /// First column of the first row; kNotFound without a row.
  Result<std::int64_t> integer(std::string_view sql);
  /// Rows that the last statement changed.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_row_id() const;
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Writes the committed content into a new file, mode 0600.
  Result<void> copy_to(const std::string& path);

 private:
  Database() = default;
  Result<void> use_write_ahead_log();
  Error last_error(std::string_view attempt) const;

  sqlite3* connection_ = nullptr;
  std::string path_;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

}  // namespace spoor::state
