#include "store/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <span>
#include <unordered_map>

#include "base/text.h"
#include "event/native_format.h"
#include "schema/schema.h"
#include "store/escape.h"
#include "store/side_by_side.h"

namespace spoor::store {
namespace {

using event::native::append_little;
using event::native::append_text;
using event::native::append_varint;

/// Devices of one statement; each table's parts are written anew once a statement.
constexpr std::size_t kDevicesAStatement = 1000;
/// Tables that are looked at and corrected at a time.
constexpr std::size_t kTablesAtATime = 4;

/// Corrections lie beside the rows in tables of the engine's memory, where each row finds its own
/// by its key. As values within the statement they would be analysed anew for each part: 0.2 s of
/// each where there are 160. A statement that the engine goes on with after a restart finds them
/// empty and changes nothing; whoever asked for it asks again.
constexpr std::string_view kRewritesTable =
    "CREATE TABLE IF NOT EXISTS spoor_key_rewrites (old_key Int64, from "
    "Array(DateTime64(7, 'UTC')), to Array(DateTime64(7, 'UTC')), new_key Array(Int64)) ENGINE = "
    "Join(ANY, LEFT, old_key) SETTINGS persistent = 0";
constexpr std::string_view kFillsTable =
    "CREATE TABLE IF NOT EXISTS spoor_process_fills (key Int64, name String, folder String, "
    "command String, created DateTime64(7, 'UTC'), ancestors Array(Int64)) ENGINE = Join(ANY, "
    "LEFT, key) "
    "SETTINGS persistent = 0";

/// What the engine takes as a time that a process can have started at: the years 1900 to 2261.
constexpr Ticks kEarliest = -2'208'988'800 * kTicksPerSecond;
constexpr Ticks kLatest = 9'183'110'400 * kTicksPerSecond;

Result<void> execute(const Client& client, std::string sql,
                     std::vector<Parameter> parameters = {}) {
  Query statement;
  statement.sql = std::move(sql);
  statement.parameters = std::move(parameters);
  if (statement.sql.starts_with("ALTER")) {
    statement.settings = {{"mutations_sync", "2"}};
  }
  statement.max_seconds = 3600;
  return client.execute(statement);
}

constexpr std::string_view kNumber = "Int64";
constexpr std::string_view kTime = "DateTime64(7, 'UTC')";  ///< Ticks

/// Starts a column of a Native block.
void begin_column(std::string& out, std::string_view name, std::string_view type) {
  append_text(out, name);
  append_text(out, type);
}

template <class Item>
void numbers_column(std::string& out, std::string_view name, std::string_view type,
                    const std::vector<Item>& items, std::int64_t Item::* number) {
  begin_column(out, name, type);
  for (const Item& item : items) {
    append_little(out, static_cast<std::uint64_t>(item.*number), 8);
  }
}

template <class Item>
void texts_column(std::string& out, std::string_view name, const std::vector<Item>& items,
                  std::string Item::* text) {
  begin_column(out, name, "String");
  for (const Item& item : items) {
    append_text(out, item.*text);
  }
}

template <class Item>
void arrays_column(std::string& out, std::string_view name, std::string_view type,
                   const std::vector<Item>& items, std::vector<std::int64_t> Item::* numbers) {
  begin_column(out, name, fmt::format("Array({})", type));
  std::uint64_t end = 0;
  for (const Item& item : items) {
    append_little(out, end += (item.*numbers).size(), 8);
  }
  for (const Item& item : items) {
    for (const std::int64_t number : item.*numbers) {
      append_little(out, static_cast<std::uint64_t>(number), 8);
    }
  }
}

/// What may become of an old key; of the spans the first that holds a row's time counts.
struct KeyChoices {
  std::int64_t old_key = 0;
  std::vector<std::int64_t> from, to, new_key;
};

std::vector<KeyChoices> by_key(std::span<const DeviceRewrite> devices) {
  std::vector<KeyChoices> keys;
  std::unordered_map<std::int64_t, std::size_t> place;
  for (const DeviceRewrite& device : devices) {
    for (const KeyRewrite& rewrite : device.rewrites) {
      const auto [found, is_new] = place.try_emplace(rewrite.old_key, keys.size());
      if (is_new) {
        keys.push_back({.old_key = rewrite.old_key});
      }
      KeyChoices& choices = keys[found->second];
      choices.from.push_back(rewrite.from);
      choices.to.push_back(rewrite.to);
      choices.new_key.push_back(rewrite.new_key);
    }
  }
  return keys;
}

std::string rewrites_block(const std::vector<KeyChoices>& keys) {
  std::string out;
  append_varint(out, 4);
  append_varint(out, keys.size());
  numbers_column(out, "old_key", kNumber, keys, &KeyChoices::old_key);
  arrays_column(out, "from", kTime, keys, &KeyChoices::from);
  arrays_column(out, "to", kTime, keys, &KeyChoices::to);
  arrays_column(out, "new_key", kNumber, keys, &KeyChoices::new_key);
  return out;
}

std::string fills_block(std::vector<ProcessFill> fills) {
  for (ProcessFill& fill : fills) {
    // A start that cannot be is none, and leaves its rows as they are.
    if (fill.creation_time <= kEarliest || fill.creation_time >= kLatest) {
      fill.creation_time = 0;
    }
  }
  std::string out;
  append_varint(out, 6);
  append_varint(out, fills.size());
  numbers_column(out, "key", kNumber, fills, &ProcessFill::key);
  texts_column(out, "name", fills, &ProcessFill::file_name);
  texts_column(out, "folder", fills, &ProcessFill::folder_path);
  texts_column(out, "command", fills, &ProcessFill::command_line);
  numbers_column(out, "created", kTime, fills, &ProcessFill::creation_time);
  arrays_column(out, "ancestors", kNumber, fills, &ProcessFill::ancestors);
  return out;
}

/// What a row finds in a table of corrections by its key. The database is named: the engine carries
/// commands out without one.
std::string found(const Client& client, std::string_view corrections, std::string_view column,
                  std::string_view key) {
  return fmt::format("joinGet('{}.{}', '{}', `{}`)", client.database(), corrections, column, key);
}

/// UPDATE of one key column, and of the text of the key where the table shows it.
std::string rewrite_command(const Client& client, const schema::Table& table, std::string_view key,
                            std::string_view shown_key) {
  const auto choices = [&](std::string_view column) {
    return found(client, "spoor_key_rewrites", column, key);
  };
  const std::string position =
      fmt::format("arrayFirstIndex((f, t) -> Timestamp >= f AND Timestamp < t, {}, {})",
                  choices("from"), choices("to"));
  const std::string corrected =
      fmt::format("if({0} = 0, `{1}`, arrayElement({2}, {0}))", position, key, choices("new_key"));
  std::string sql = fmt::format("UPDATE `{}` = {}", key, corrected);
  if (table.find(shown_key)) {
    sql += fmt::format(", `{}` = toString({})", shown_key, corrected);
  }
  return sql + fmt::format(
                   " WHERE DeviceId IN {{devices:Array(String)}} AND `{}` IN (SELECT old_key FROM "
                   "spoor_key_rewrites)",
                   key);
}

/// UPDATE of what a table's rows say of their acting process.
std::string fill_command(const Client& client, const schema::Table& table) {
  std::string sets;
  const auto set = [&](std::string_view column, std::string_view given, std::string_view none) {
    if (table.find(column)) {
      sets +=
          fmt::format("{0}`{1}` = if({2} = {3}, `{1}`, {2})", sets.empty() ? "" : ", ", column,
                      found(client, "spoor_process_fills", given, "InitiatingProcessKey"), none);
    }
  };
  set("InitiatingProcessFileName", "name", "''");
  set("InitiatingProcessFolderPath", "folder", "''");
  set("InitiatingProcessCommandLine", "command", "''");
  if (table.name == "DeviceTimeline") {
    set("Actor", "name", "''");
  }
  set("InitiatingProcessCreationTime", "created", "toDateTime64(0, 7, 'UTC')");
  set("Ancestors", "ancestors", "[]");
  return fmt::format(
      "UPDATE {} WHERE DeviceId IN {{devices:Array(String)}} AND `InitiatingProcessKey` IN (SELECT "
      "key FROM spoor_process_fills)",
      sets);
}

/// True where a table has a row of the devices with one of the keys.
Result<bool> concerns(const Client& client, const schema::Table& table, std::string_view key,
                      std::string_view corrections, const Parameter& devices) {
  Query query;
  query.sql = fmt::format(
      "SELECT count() FROM (SELECT 1 FROM `{}` WHERE DeviceId IN {{devices:Array(String)}} AND "
      "`{}` IN ({}) LIMIT 1)",
      table.name, key, corrections);
  query.parameters = {devices};
  query.format = "TSV";
  return trim_blanks(TRY(client.query_text(query))) != "0";
}

/// One statement a table: its parts are then written anew once, whatever the number of corrections.
/// The engine carries out the commands of a statement one after another.
Result<void> correct(const Client& client, const schema::Table& table, const Parameter& devices) {
  std::vector<std::string> commands;
  for (const auto& [key, shown] :
       {std::pair{"ProcessKey", "ProcessUniqueId"},
        std::pair{"InitiatingProcessKey", "InitiatingProcessUniqueId"}}) {
    if (table.find(key) &&
        TRY(concerns(client, table, key, "SELECT old_key FROM spoor_key_rewrites", devices))) {
      commands.push_back(rewrite_command(client, table, key, shown));
    }
  }
  // A row that is to be filled may carry its key only after the rewrite.
  if (table.find("InitiatingProcessKey") &&
      TRY(concerns(client, table, "InitiatingProcessKey",
                   "SELECT key FROM spoor_process_fills UNION ALL SELECT arrayJoin(new_key) FROM "
                   "spoor_key_rewrites",
                   devices))) {
    commands.push_back(fill_command(client, table));
  }
  return commands.empty()
             ? Result<void>{}
             : execute(client,
                       fmt::format("ALTER TABLE `{}` {}", table.name, fmt::join(commands, ", ")),
                       {devices});
}

Result<void> correct_devices(const Client& client, std::span<const DeviceRewrite> devices) {
  std::vector<std::string> ids;
  std::vector<ProcessFill> fills;
  for (const DeviceRewrite& device : devices) {
    ids.push_back(device.device_id);
    fills.insert(fills.end(), device.fills.begin(), device.fills.end());
  }
  TRY_VOID(execute(client, "TRUNCATE TABLE spoor_key_rewrites"));
  TRY_VOID(execute(client, "TRUNCATE TABLE spoor_process_fills"));
  TRY_VOID(client.insert("spoor_key_rewrites", rewrites_block(by_key(devices)), ""));
  TRY_VOID(client.insert("spoor_process_fills", fills_block(std::move(fills)), ""));
  const Parameter parameter{"devices", array_value(ids)};
  const std::span<const schema::Table> tables = schema::tables();
  return run_side_by_side(tables.size(), kTablesAtATime,
                          [&](std::size_t at) { return correct(client, tables[at], parameter); });
}

}  // namespace

Result<void> rewrite_processes(const Client& client, std::span<const DeviceRewrite> devices) {
  // The tables of corrections hold those of one call.
  static std::mutex one_at_a_time;
  const std::scoped_lock lock(one_at_a_time);
  std::vector<DeviceRewrite> concerned;
  std::ranges::copy_if(devices, std::back_inserter(concerned), [](const DeviceRewrite& device) {
    return !device.rewrites.empty() || !device.fills.empty();
  });
  if (concerned.empty()) {
    return {};
  }
  TRY_VOID(execute(client, std::string(kRewritesTable)));
  TRY_VOID(execute(client, std::string(kFillsTable)));
  const std::span<const DeviceRewrite> all(concerned);
  for (std::size_t at = 0; at < all.size(); at += kDevicesAStatement) {
    TRY_VOID(
        correct_devices(client, all.subspan(at, std::min(kDevicesAStatement, all.size() - at))));
  }
  return {};
}

}  // namespace spoor::store
