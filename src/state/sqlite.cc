#include "state/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace spoor::state {
namespace {

/// How long a writer waits for one of another process.
constexpr int kBusyMilliseconds = 10'000;

ErrorCode code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_FULL:
      return ErrorCode::kNoSpace;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kUnavailable;
    case SQLITE_CONSTRAINT:
      return ErrorCode::kConflict;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return ErrorCode::kInvalidInput;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return ErrorCode::kLimit;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_ERROR:
      return ErrorCode::kInternal;
    default:
      return ErrorCode::kIo;
  }
}

Error error_of(sqlite3* connection, std::string_view attempt) {
  const int result = sqlite3_extended_errcode(connection);
  const char* file = sqlite3_db_filename(connection, "main");
  Error error =
      Error::make(code_of(result), fmt::format("{}: {}", attempt, sqlite3_errmsg(connection)))
          .at(file != nullptr ? file : "");
  if (error.code == ErrorCode::kUnavailable) {
    error.hint = "another process is writing to it";
  }
  return error;
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_(other.statement_), bound_(other.bound_), bind_error_(other.bind_error_) {
  other.statement_ = nullptr;
}

Statement::~Statement() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
}

Statement& Statement::bind(std::int64_t value) {
  bind_error_ |= sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  // An empty view may point nowhere, which SQLite would take for NULL.
  const char* data = text.empty() ? "" : text.data();
  bind_error_ |=
      sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
  return value ? bind(*value) : bind_null();
}

Statement& Statement::bind_null() {
  bind_error_ |= sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Result<bool> Statement::step() {
  if (bind_error_ != SQLITE_OK) {
    return fail(error_of(sqlite3_db_handle(statement_), "cannot bind a parameter"));
  }
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) {
    return true;
  }
  if (result == SQLITE_DONE) {
    return false;
  }
  return fail(error_of(sqlite3_db_handle(statement_), "the state database refused a statement"));
}

Result<void> Statement::run() {
  while (TRY(step())) {
  }
  return {};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_, column);
  if (bytes == nullptr) {
    return {};
  }
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> Statement::integer_or_none(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
  std::unique_ptr<Database> database(new Database());
  database->path_ = path;
  // NOMUTEX: the locks are ours. NOFOLLOW is left out, a data folder may be a link.
  constexpr int kFlags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2(path.c_str(), &database->connection_, kFlags, nullptr) != SQLITE_OK) {
    Error error = database->last_error("cannot open the state database");
    error.where = path;
    return fail(std::move(error));
  }
  sqlite3_busy_timeout(database->connection_, kBusyMilliseconds);
  // No statement may write to the schema or the pages of the file behind SQLite's back.
  sqlite3_db_config(database->connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  TRY_VOID(database->use_write_ahead_log());
  // recursive_triggers: without it REPLACE deletes rows unseen by delete triggers.
  TRY_VOID(database->execute(
      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"));
  return database;
}

Result<void> Database::use_write_ahead_log() {
  // SQLite does not wait for other connections when it changes the journal of a new file, so the
  // waiting is done here.
  constexpr int kStepMilliseconds = 5;
  for (int waited = 0;; waited += kStepMilliseconds) {
    Result<void> done = execute("PRAGMA journal_mode=WAL");
    if (done || done.error().code != ErrorCode::kUnavailable || waited >= kBusyMilliseconds) {
      return done;
    }
    sqlite3_sleep(kStepMilliseconds);
  }
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) {
    sqlite3_finalize(statement);
  }
  sqlite3_close(connection_);
}

Error Database::last_error(std::string_view attempt) const {
  return error_of(connection_, attempt);
}

Result<void> Database::execute(const char* sql) {
  if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return fail(last_error("the state database refused a statement"));
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  const auto kept = statements_.find(sql);
  if (kept != statements_.end()) {
    if (sqlite3_stmt_busy(kept->second) != 0) {
      return fail(ErrorCode::kInternal, "a prepared statement is used twice at the same time");
    }
    return Statement(kept->second);
  }
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return fail(last_error("cannot prepare a statement"));
  }
  statements_.emplace(sql, statement);
  return Statement(statement);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  Statement statement = TRY(prepare(sql));
  if (!TRY(statement.step())) {
    return fail(ErrorCode::kNotFound, "the statement gave no row");
  }
  return statement.integer(0);
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_); }
std::int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(connection_); }

}  // namespace spoor::state
