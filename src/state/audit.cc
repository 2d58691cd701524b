#include "state/audit.h"

#include "state/core.h"

namespace spoor::state {

Result<std::int64_t> AuditLog::append(const AuditEntry& entry) {
  return core_.write([&](Database& database) -> Result<std::int64_t> {
    Statement statement = TRY(database.prepare(
        "INSERT INTO audit(time, actor, action, object, detail) VALUES(?, ?, ?, ?, ?)"));
    TRY_VOID(statement.bind(entry.time)
                 .bind(entry.actor)
                 .bind(entry.action)
                 .bind(entry.object)
                 .bind(entry.detail)
                 .run());
    return database.last_row_id();
  });
}

Result<std::vector<AuditEntry>> AuditLog::newest(int limit, std::int64_t before_id,
                                                 std::string_view object) {
  return core_.read([&](Database& database) -> Result<std::vector<AuditEntry>> {
    Statement statement = TRY(database.prepare(
        object.empty() ? "SELECT id, time, actor, action, object, detail FROM audit"
                         " WHERE id < ? ORDER BY id DESC LIMIT ?"
                       : "SELECT id, time, actor, action, object, detail FROM audit"
                         " WHERE id < ? AND object = ?3 ORDER BY id DESC LIMIT ?2"));
    statement.bind(before_id).bind(std::int64_t{limit});
    if (!object.empty()) {
      statement.bind(object);
    }
    std::vector<AuditEntry> entries;
    while (TRY(statement.step())) {
      entries.push_back({statement.integer(0), statement.integer(1), statement.text(2),
                         statement.text(3), statement.text(4), statement.text(5)});
    }
    return entries;
  });
}

}  // namespace spoor::state
