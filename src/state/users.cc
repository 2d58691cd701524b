#include "state/users.h"

#include <fmt/format.h>

#include "base/text.h"
#include "state/core.h"

namespace spoor::state {
namespace {

/// Groups come as one text: their ids are ours and hold no line feed.
std::string select_users(std::string_view rest) {
  return fmt::format(
      "SELECT id, name, display_name, role, must_change_password, disabled, failed_tries, "
      "last_failed, locked_until, created, last_sign_in, (SELECT group_concat(group_id, char(10)) "
      "FROM (SELECT group_id FROM user_groups WHERE user_id = users.id ORDER BY group_id)) "
      "FROM users {}",
      rest);
}

Result<User> user_of(const Statement& row) {
  User user;
  user.id = row.text(0);
  user.name = row.text(1);
  user.display_name = row.text(2);
  const auto role = schema::find_role(row.text(3));
  if (!role) {
    return fail(Error::make(ErrorCode::kConflict,
                            fmt::format("this build does not know the role \"{}\"", row.text(3)))
                    .at(user.name));
  }
  user.role = *role;
  user.must_change_password = row.integer(4) != 0;
  user.disabled = row.integer(5) != 0;
  user.failed_tries = row.integer(6);
  user.last_failed = row.integer(7);
  user.locked_until = row.integer(8);
  user.created = row.integer(9);
  user.last_sign_in = row.integer_or_none(10);
  if (!row.is_null(11)) {
    const std::string groups = row.text(11);
    for (const std::string_view group : split(groups, '\n')) {
      user.groups.emplace_back(group);
    }
  }
  return user;
}

Result<std::optional<User>> one_user(Statement& statement) {
  if (!TRY(statement.step())) {
    return std::nullopt;
  }
  return TRY(user_of(statement));
}

Result<void> store_groups(Database& database, const User& user) {
  {
    Statement statement = TRY(database.prepare("DELETE FROM user_groups WHERE user_id = ?"));
    TRY_VOID(statement.bind(user.id).run());
  }
  for (const std::string& group : user.groups) {
    Statement statement = TRY(database.prepare("INSERT OR IGNORE INTO user_groups VALUES(?, ?)"));
    Result<void> done = statement.bind(user.id).bind(group).run();
    if (!done) {
      return done.error().code == ErrorCode::kConflict
                 ? fail(ErrorCode::kConflict, fmt::format("there is no device group \"{}\"", group))
                 : fail(std::move(done).error());
    }
  }
  return {};
}

Result<void> check_found(Database& database) {
  if (database.changes() == 0) {
    return fail(ErrorCode::kNotFound, "there is no such user");
  }
  return {};
}

}  // namespace

Result<void> Users::add(const User& user, std::string_view password_hash) {
  return core_.write([&](Database& database) -> Result<void> {
    if (TRY(find(user.name))) {
      return fail(ErrorCode::kConflict, fmt::format("there is a user \"{}\" already", user.name));
    }
    {
      Statement statement = TRY(
          database.prepare("INSERT INTO users(id, name, display_name, password_hash, role, "
                           "must_change_password, disabled, created) VALUES(?, ?, ?, ?, ?, ?, ?, "
                           "?)"));
      TRY_VOID(statement.bind(user.id)
                   .bind(user.name)
                   .bind(user.display_name)
                   .bind(password_hash)
                   .bind(schema::role_name(user.role))
                   .bind(std::int64_t{user.must_change_password})
                   .bind(std::int64_t{user.disabled})
                   .bind(user.created)
                   .run());
    }
    return store_groups(database, user);
  });
}

Result<std::optional<User>> Users::get(std::string_view id) {
  return core_.read([&](Database& database) -> Result<std::optional<User>> {
    Statement statement = TRY(database.prepare(select_users("WHERE id = ?")));
    statement.bind(id);
    return one_user(statement);
  });
}

Result<std::optional<User>> Users::find(std::string_view name) {
  return core_.read([&](Database& database) -> Result<std::optional<User>> {
    Statement statement = TRY(database.prepare(select_users("WHERE name = ?")));
    statement.bind(name);
    return one_user(statement);
  });
}

Result<std::vector<User>> Users::list() {
  return core_.read([&](Database& database) -> Result<std::vector<User>> {
    Statement statement = TRY(database.prepare(select_users("ORDER BY name")));
    std::vector<User> users;
    while (TRY(statement.step())) {
      users.push_back(TRY(user_of(statement)));
    }
    return users;
  });
}

Result<std::int64_t> Users::count() {
  return core_.read(
      [&](Database& database) { return database.integer("SELECT count(*) FROM users"); });
}

Result<std::int64_t> Users::count_active(schema::Role role) {
  return core_.read([&](Database& database) -> Result<std::int64_t> {
    Statement statement =
        TRY(database.prepare("SELECT count(*) FROM users WHERE role = ? AND disabled = 0"));
    TRY(statement.bind(schema::role_name(role)).step());
    return statement.integer(0);
  });
}

Result<std::string> Users::password_hash(std::string_view id) {
  return core_.read([&](Database& database) -> Result<std::string> {
    Statement statement = TRY(database.prepare("SELECT password_hash FROM users WHERE id = ?"));
    if (!TRY(statement.bind(id).step())) {
      return fail(ErrorCode::kNotFound, "there is no such user");
    }
    return statement.text(0);
  });
}

Result<void> Users::update(const User& user) {
  return core_.write([&](Database& database) -> Result<void> {
    {
      Statement statement = TRY(database.prepare(
          "UPDATE users SET display_name = ?, role = ?, disabled = ? WHERE id = ?"));
      TRY_VOID(statement.bind(user.display_name)
                   .bind(schema::role_name(user.role))
                   .bind(std::int64_t{user.disabled})
                   .bind(user.id)
                   .run());
    }
    TRY_VOID(check_found(database));
    return store_groups(database, user);
  });
}

Result<void> Users::set_password(std::string_view id, std::string_view password_hash,
                                 bool must_change) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement = TRY(database.prepare(
        "UPDATE users SET password_hash = ?, must_change_password = ? WHERE id = ?"));
    TRY_VOID(statement.bind(password_hash).bind(std::int64_t{must_change}).bind(id).run());
    return check_found(database);
  });
}

Result<void> Users::set_failures(std::string_view id, std::int64_t failed_tries, Ticks last_failed,
                                 Ticks locked_until) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement = TRY(database.prepare(
        "UPDATE users SET failed_tries = ?, last_failed = ?, locked_until = ? WHERE id = ?"));
    TRY_VOID(statement.bind(failed_tries).bind(last_failed).bind(locked_until).bind(id).run());
    return check_found(database);
  });
}

Result<void> Users::note_sign_in(std::string_view id, Ticks time) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement = TRY(
        database.prepare("UPDATE users SET last_sign_in = ?, failed_tries = 0, last_failed = 0, "
                         "locked_until = 0 WHERE id = ?"));
    TRY_VOID(statement.bind(time).bind(id).run());
    return check_found(database);
  });
}

Result<void> Users::remove(std::string_view id) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement = TRY(database.prepare("DELETE FROM users WHERE id = ?"));
    TRY_VOID(statement.bind(id).run());
    return check_found(database);
  });
}

}  // namespace spoor::state
