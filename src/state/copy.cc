// A consistent copy of the database while it is in use.

#include <fcntl.h>
#include <sqlite3.h>

#include "base/file.h"
#include "state/core.h"
#include "state/migrations.h"
#include "state/sqlite.h"
#include "state/state.h"

namespace spoor::state {

Result<void> Database::copy_to(const std::string& path) {
  const FileHandle made(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!made.is_open()) {
    return fail(system_error("cannot make the copy of the state database", path, errno));
  }
  sqlite3* target = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing(target, &sqlite3_close);
  if (opened != SQLITE_OK) {
    return fail(Error::make(ErrorCode::kIo, sqlite3_errstr(opened)).at(path));
  }
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", connection_, "main");
  if (backup == nullptr) {
    return fail(Error::make(ErrorCode::kIo, sqlite3_errmsg(target)).at(path));
  }
  // All pages in one step: a reader of the write-ahead log holds no writer up.
  sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (finished != SQLITE_OK) {
    return fail(
        Error::make(finished == SQLITE_FULL ? ErrorCode::kNoSpace : ErrorCode::kIo,
                    std::string("cannot copy the state database: ") + sqlite3_errstr(finished))
            .at(path));
  }
  return {};
}

Result<void> State::copy_to(const std::string& path) {
  return core_->read([&](Database& database) { return database.copy_to(path); });
}

int State::newest_schema_version() { return newest_version(); }

}  // namespace spoor::state
