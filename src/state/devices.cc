#include "state/devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "state/core.h"

namespace spoor::state {
namespace {

Result<void> check_id(std::string_view device_id) {
  const bool is_hex = device_id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (device_id.size() != 40 || !is_hex) {
    return fail(Error::make(ErrorCode::kInvalidInput, "a device id is 40 lower-case hex digits")
                    .at(std::string(device_id)));
  }
  return {};
}

Result<Alias> normal_form(const Alias& alias) {
  Alias normal{to_ascii_lower(trim_blanks(alias.kind)), to_ascii_lower(trim_blanks(alias.value))};
  if (normal.kind.empty() || normal.value.empty()) {
    return fail(Error::make(ErrorCode::kInvalidInput, "an alias has a kind and a value")
                    .at(alias.kind + ":" + alias.value));
  }
  return normal;
}

std::unexpected<Error> no_such_device(std::string_view device_id) {
  return fail(
      Error::make(ErrorCode::kNotFound, "there is no such device").at(std::string(device_id)));
}

/// Follows merges upwards. Merges form trees: `merge` only ever ties the root of one to the root of
/// another.
Result<std::optional<std::string>> root_of(Database& database, std::string_view device_id) {
  Statement statement = TRY(database.prepare(
      "WITH RECURSIVE up(id, parent) AS (SELECT device_id, merged_into FROM devices WHERE "
      "device_id = ?"
      " UNION SELECT d.device_id, d.merged_into FROM up JOIN devices d ON d.device_id = up.parent)"
      " SELECT id FROM up WHERE parent IS NULL"));
  if (!TRY(statement.bind(device_id).step())) {
    return std::nullopt;
  }
  return statement.text(0);
}

Result<std::string> existing_root_of(Database& database, std::string_view device_id) {
  std::optional<std::string> root = TRY(root_of(database, device_id));
  if (!root) {
    return no_such_device(device_id);
  }
  return *std::move(root);
}

/// The device that holds the alias itself, merged or not.
Result<std::optional<std::string>> holder_of(Database& database, const Alias& alias) {
  Statement statement =
      TRY(database.prepare("SELECT device_id FROM aliases WHERE kind = ? AND value = ?"));
  if (!TRY(statement.bind(alias.kind).bind(alias.value).step())) {
    return std::nullopt;
  }
  return statement.text(0);
}

Result<void> insert_alias(Database& database, const Alias& alias, std::string_view device_id) {
  Statement statement =
      TRY(database.prepare("INSERT INTO aliases(kind, value, device_id) VALUES(?, ?, ?)"));
  return statement.bind(alias.kind).bind(alias.value).bind(device_id).run();
}

Result<void> upsert(Database& database, std::string_view device_id, std::string_view name,
                    Ticks first_seen, Ticks last_seen) {
  Statement statement = TRY(database.prepare(
      "INSERT INTO devices(device_id, name, first_seen, last_seen, created) VALUES(?, ?, ?, ?, ?)"
      " ON CONFLICT(device_id) DO UPDATE SET"
      " name = CASE WHEN excluded.name <> '' AND (excluded.last_seen >= last_seen OR name = '')"
      "   THEN excluded.name ELSE name END,"
      " first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, "
      "excluded.last_seen)"));
  return statement.bind(device_id)
      .bind(name)
      .bind(std::min(first_seen, last_seen))
      .bind(std::max(first_seen, last_seen))
      .bind(now_ticks())
      .run();
}

Result<void> set_merged_into(Database& database, std::string_view part,
                             std::optional<std::string_view> whole) {
  Statement statement =
      TRY(database.prepare("UPDATE devices SET merged_into = ? WHERE device_id = ?"));
  if (whole) {
    statement.bind(*whole);
  } else {
    statement.bind_null();
  }
  return statement.bind(part).run();
}

/// The devices of a query that gives (root, own id, name, first, last, created) in any order.
Result<std::vector<Device>> gather(Statement& rows) {
  std::map<std::string, Device> devices;
  while (TRY(rows.step())) {
    const std::string root = rows.text(0);
    const std::string own_id = rows.text(1);
    const auto [found, is_first] = devices.try_emplace(root);
    Device& device = found->second;
    device.first_seen = is_first ? rows.integer(3) : std::min(device.first_seen, rows.integer(3));
    device.last_seen = is_first ? rows.integer(4) : std::max(device.last_seen, rows.integer(4));
    if (own_id == root) {
      device.device_id = root;
      device.name = rows.text(2);
      device.created = rows.integer(5);
    } else {
      device.merged_ids.push_back(own_id);
    }
  }
  std::vector<Device> list;
  list.reserve(devices.size());
  for (auto& [root, device] : devices) {
    std::ranges::sort(device.merged_ids);
    list.push_back(std::move(device));
  }
  return list;
}

}  // namespace

Result<void> Devices::see(std::string_view device_id, std::string_view name, Ticks first_seen,
                          Ticks last_seen) {
  TRY_VOID(check_id(device_id));
  return core_.write(
      [&](Database& database) { return upsert(database, device_id, name, first_seen, last_seen); });
}

Result<Resolution> Devices::resolve(std::span<const Alias> evidence, std::string_view new_device_id,
                                    std::string_view name, Ticks first_seen, Ticks last_seen) {
  TRY_VOID(check_id(new_device_id));
  std::vector<Alias> names;
  for (const Alias& alias : evidence) {
    names.push_back(TRY(normal_form(alias)));
  }
  return core_.write([&](Database& database) -> Result<Resolution> {
    Resolution resolution;
    std::vector<Alias> unknown;
    for (const Alias& alias : names) {
      const std::optional<std::string> holder = TRY(holder_of(database, alias));
      if (!holder) {
        unknown.push_back(alias);
        continue;
      }
      const std::string root = TRY(existing_root_of(database, *holder));
      if (resolution.device_id.empty()) {
        resolution.device_id = root;
      } else if (resolution.device_id != root) {
        resolution.conflicting.push_back(alias);
      }
    }
    if (resolution.device_id.empty()) {
      const std::optional<std::string> known = TRY(root_of(database, new_device_id));
      resolution.is_new = !known;
      resolution.device_id = known.value_or(std::string(new_device_id));
    }
    TRY_VOID(upsert(database, resolution.device_id, name, first_seen, last_seen));
    std::ranges::sort(unknown);
    const auto repeated = std::ranges::unique(unknown);
    unknown.erase(repeated.begin(), repeated.end());
    for (const Alias& alias : unknown) {
      TRY_VOID(insert_alias(database, alias, resolution.device_id));
    }
    return resolution;
  });
}

Result<void> Devices::add_alias(std::string_view device_id, const Alias& alias) {
  TRY_VOID(check_id(device_id));
  const Alias normal = TRY(normal_form(alias));
  return core_.write([&](Database& database) -> Result<void> {
    const std::string root = TRY(existing_root_of(database, device_id));
    const std::optional<std::string> holder = TRY(holder_of(database, normal));
    if (!holder) {
      return insert_alias(database, normal, device_id);
    }
    if (TRY(existing_root_of(database, *holder)) != root) {
      return fail(Error::make(ErrorCode::kConflict,
                              fmt::format("the name belongs to the device {}", *holder))
                      .at(normal.kind + ":" + normal.value));
    }
    return {};
  });
}

Result<std::optional<std::string>> Devices::find_by_alias(const Alias& alias) {
  const Alias normal = TRY(normal_form(alias));
  return core_.read([&](Database& database) -> Result<std::optional<std::string>> {
    const std::optional<std::string> holder = TRY(holder_of(database, normal));
    if (!holder) {
      return std::nullopt;
    }
    return TRY(root_of(database, *holder));
  });
}

Result<std::vector<Alias>> Devices::aliases(std::string_view device_id) {
  TRY_VOID(check_id(device_id));
  return core_.read([&](Database& database) -> Result<std::vector<Alias>> {
    const std::string root = TRY(existing_root_of(database, device_id));
    Statement statement = TRY(database.prepare(
        "WITH RECURSIVE down(id) AS (SELECT ? UNION SELECT d.device_id FROM down JOIN devices d"
        " ON d.merged_into = down.id)"
        " SELECT kind, value FROM aliases WHERE device_id IN (SELECT id FROM down) ORDER BY kind, "
        "value"));
    statement.bind(root);
    std::vector<Alias> names;
    while (TRY(statement.step())) {
      names.push_back({statement.text(0), statement.text(1)});
    }
    return names;
  });
}

Result<std::string> Devices::current_id(std::string_view device_id) {
  TRY_VOID(check_id(device_id));
  return core_.read([&](Database& database) { return existing_root_of(database, device_id); });
}

Result<std::optional<Device>> Devices::get(std::string_view device_id) {
  TRY_VOID(check_id(device_id));
  return core_.read([&](Database& database) -> Result<std::optional<Device>> {
    const std::optional<std::string> root = TRY(root_of(database, device_id));
    if (!root) {
      return std::nullopt;
    }
    Statement statement = TRY(database.prepare(
        "WITH RECURSIVE down(id) AS (SELECT ?1 UNION SELECT d.device_id FROM down JOIN devices d"
        " ON d.merged_into = down.id)"
        " SELECT ?1, device_id, name, first_seen, last_seen, created FROM devices"
        " WHERE device_id IN (SELECT id FROM down)"));
    statement.bind(*root);
    std::vector<Device> found = TRY(gather(statement));
    return std::move(found.front());
  });
}

Result<std::vector<Device>> Devices::list() {
  return core_.read([&](Database& database) -> Result<std::vector<Device>> {
    Statement statement =
        TRY(database.prepare("WITH RECURSIVE down(root, id) AS (SELECT device_id, device_id FROM "
                             "devices WHERE merged_into IS NULL"
                             " UNION ALL SELECT down.root, d.device_id FROM down JOIN devices d ON "
                             "d.merged_into = down.id)"
                             " SELECT down.root, device_id, name, first_seen, last_seen, created"
                             " FROM down JOIN devices ON device_id = down.id"));
    return gather(statement);
  });
}

Result<void> Devices::merge(std::string_view part, std::string_view whole) {
  TRY_VOID(check_id(part));
  TRY_VOID(check_id(whole));
  return core_.write([&](Database& database) -> Result<void> {
    const std::string part_root = TRY(existing_root_of(database, part));
    const std::string whole_root = TRY(existing_root_of(database, whole));
    if (part_root == whole_root) {
      return fail(Error::make(ErrorCode::kConflict, "the two are one device already")
                      .at(std::string(part)));
    }
    return set_merged_into(database, part_root, whole_root);
  });
}

Result<void> Devices::unmerge(std::string_view part) {
  TRY_VOID(check_id(part));
  return core_.write([&](Database& database) -> Result<void> {
    if (TRY(existing_root_of(database, part)) == part) {
      return fail(Error::make(ErrorCode::kConflict, "the device is not merged into another")
                      .at(std::string(part)));
    }
    return set_merged_into(database, part, std::nullopt);
  });
}

Result<void> Devices::split(std::string_view from, std::span<const Alias> names,
                            std::string_view new_device_id, std::string_view name, Ticks first_seen,
                            Ticks last_seen) {
  TRY_VOID(check_id(from));
  TRY_VOID(check_id(new_device_id));
  return core_.write([&](Database& database) -> Result<void> {
    if (TRY(root_of(database, new_device_id))) {
      return fail(Error::make(ErrorCode::kConflict, "a device with this id exists")
                      .at(std::string(new_device_id)));
    }
    TRY_VOID(existing_root_of(database, from));
    TRY_VOID(upsert(database, new_device_id, name, first_seen, last_seen));
    for (const Alias& alias : names) {
      const Alias normal = TRY(normal_form(alias));
      Statement statement = TRY(database.prepare(
          "UPDATE aliases SET device_id = ? WHERE kind = ? AND value = ? AND device_id = ?"));
      TRY_VOID(statement.bind(new_device_id).bind(normal.kind).bind(normal.value).bind(from).run());
      if (database.changes() == 0) {
        return fail(Error::make(ErrorCode::kNotFound, "the device does not have this name")
                        .at(normal.kind + ":" + normal.value));
      }
    }
    return {};
  });
}

}  // namespace spoor::state
