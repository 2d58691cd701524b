#include "state/sessions.h"

#include "state/core.h"

namespace spoor::state {
namespace {

Session session_of(const Statement& row) {
  return {row.text(0),    row.text(1), row.integer(2), row.integer(3),
          row.integer(4), row.text(5), row.text(6)};
}

}  // namespace

Result<void> Sessions::add(const Session& session, std::string_view secret_hash) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement =
        TRY(database.prepare("INSERT INTO sessions(id, secret_hash, user_id, created, last_used, "
                             "expires, address, agent) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
    return statement.bind(session.id)
        .bind(secret_hash)
        .bind(session.user_id)
        .bind(session.created)
        .bind(session.last_used)
        .bind(session.expires)
        .bind(session.address)
        .bind(session.agent)
        .run();
  });
}

Result<std::optional<Session>> Sessions::get(std::string_view id) {
  return core_.read([&](Database& database) -> Result<std::optional<Session>> {
    Statement statement =
        TRY(database.prepare("SELECT id, user_id, created, last_used, expires, address, agent FROM "
                             "sessions WHERE id = ?"));
    if (!TRY(statement.bind(id).step())) {
      return std::nullopt;
    }
    return session_of(statement);
  });
}

Result<std::optional<std::string>> Sessions::secret_hash(std::string_view id) {
  return core_.read([&](Database& database) -> Result<std::optional<std::string>> {
    Statement statement = TRY(database.prepare("SELECT secret_hash FROM sessions WHERE id = ?"));
    if (!TRY(statement.bind(id).step())) {
      return std::nullopt;
    }
    return statement.text(0);
  });
}

Result<std::vector<Session>> Sessions::list(std::string_view user_id) {
  return core_.read([&](Database& database) -> Result<std::vector<Session>> {
    Statement statement =
        TRY(database.prepare("SELECT id, user_id, created, last_used, expires, address, agent FROM "
                             "sessions WHERE user_id = ? ORDER BY last_used DESC, id"));
    statement.bind(user_id);
    std::vector<Session> sessions;
    while (TRY(statement.step())) {
      sessions.push_back(session_of(statement));
    }
    return sessions;
  });
}

Result<void> Sessions::touch(std::string_view id, Ticks last_used) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement =
        TRY(database.prepare("UPDATE sessions SET last_used = max(last_used, ?) WHERE id = ?"));
    return statement.bind(last_used).bind(id).run();
  });
}

Result<bool> Sessions::remove(std::string_view id) {
  return core_.write([&](Database& database) -> Result<bool> {
    Statement statement = TRY(database.prepare("DELETE FROM sessions WHERE id = ?"));
    TRY_VOID(statement.bind(id).run());
    return database.changes() > 0;
  });
}

Result<std::int64_t> Sessions::remove_all(std::string_view user_id, std::string_view except) {
  return core_.write([&](Database& database) -> Result<std::int64_t> {
    Statement statement =
        TRY(database.prepare("DELETE FROM sessions WHERE user_id = ? AND id <> ?"));
    TRY_VOID(statement.bind(user_id).bind(except).run());
    return database.changes();
  });
}

Result<std::int64_t> Sessions::remove_ended(Ticks now, Ticks idle_since) {
  return core_.write([&](Database& database) -> Result<std::int64_t> {
    Statement statement =
        TRY(database.prepare("DELETE FROM sessions WHERE expires <= ? OR last_used <= ?"));
    TRY_VOID(statement.bind(now).bind(idle_since).run());
    return database.changes();
  });
}

}  // namespace spoor::state
