#include "state/settings.h"

#include "state/core.h"

namespace spoor::state {

Result<std::optional<std::string>> Settings::get(std::string_view key) {
  return core_.read([&](Database& database) -> Result<std::optional<std::string>> {
    Statement statement = TRY(database.prepare("SELECT value FROM settings WHERE key = ?"));
    if (!TRY(statement.bind(key).step())) {
      return std::nullopt;
    }
    return statement.text(0);
  });
}

Result<void> Settings::set(std::string_view key, std::string_view value) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement =
        TRY(database.prepare("INSERT INTO settings(key, value) VALUES(?, ?) ON CONFLICT(key) DO "
                             "UPDATE SET value = excluded.value"));
    return statement.bind(key).bind(value).run();
  });
}

Result<bool> Settings::remove(std::string_view key) {
  return core_.write([&](Database& database) -> Result<bool> {
    Statement statement = TRY(database.prepare("DELETE FROM settings WHERE key = ?"));
    TRY_VOID(statement.bind(key).run());
    return database.changes() > 0;
  });
}

Result<std::map<std::string, std::string>> Settings::all() {
  return core_.read([&](Database& database) -> Result<std::map<std::string, std::string>> {
    Statement statement = TRY(database.prepare("SELECT key, value FROM settings"));
    std::map<std::string, std::string> settings;
    while (TRY(statement.step())) {
      settings.emplace(statement.text(0), statement.text(1));
    }
    return settings;
  });
}

}  // namespace spoor::state
