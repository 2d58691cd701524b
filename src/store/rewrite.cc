#include "store/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.h"
#include "schema/schema.h"
#include "store/side_by_side.h"

namespace spoor::store {
namespace {

/// Items of one statement: the engine compares each row that is concerned with each of them. The
/// items of one device stay together, for the first that matches counts.
constexpr std::size_t kItemsAStatement = 2000;
/// Tables that are looked at and corrected at a time.
constexpr std::size_t kTablesAtATime = 4;

/// What the engine reads as a DateTime64 from a text: the years 1900 to 2261 are sure.
constexpr Ticks kEarliest = -2'208'988'800 * kTicksPerSecond;
constexpr Ticks kLatest = 9'183'110'400 * kTicksPerSecond;

template <class Item>
std::string times_value(std::span<const Item> items, Ticks Item::* member) {
  std::string value = "[";
  for (const Item& item : items) {
    value += fmt::format("{}'{}'", value.size() > 1 ? "," : "",
                         format_ticks_sql(std::clamp(item.*member, kEarliest, kLatest)));
  }
  return value + "]";
}

/// Times at which a process started; one that cannot be is none, and leaves its rows as they are.
std::string start_times(std::span<const ProcessFill> fills) {
  std::vector<ProcessFill> told;
  for (const ProcessFill& fill : fills) {
    const bool can_be = fill.creation_time > kEarliest && fill.creation_time < kLatest;
    told.push_back({.creation_time = can_be ? fill.creation_time : 0});
  }
  return times_value(std::span<const ProcessFill>(told), &ProcessFill::creation_time);
}

template <class Item, class T>
std::string values_of(std::span<const Item> items, T Item::* member) {
  std::vector<T> values;
  values.reserve(items.size());
  for (const Item& item : items) {
    values.push_back(item.*member);
  }
  return array_value(values);
}

Result<void> mutate(const Client& client, std::string sql, std::vector<Parameter> parameters) {
  Query statement;
  statement.sql = std::move(sql);
  statement.parameters = std::move(parameters);
  statement.settings = {{"mutations_sync", "2"}};
  statement.max_seconds = 3600;
  return client.execute(statement);
}

/// UPDATE of one key column, and of the text of the key where the table shows it.
std::string rewrite_command(const schema::Table& table, std::string_view key,
                            std::string_view shown_key) {
  const std::string position = fmt::format(
      "arrayFirstIndex((o, f, t) -> o = `{}` AND Timestamp >= f AND Timestamp < t, "
      "{{old:Array(Int64)}}, "
      "{{from:Array(DateTime64(7,'UTC'))}}, {{to:Array(DateTime64(7,'UTC'))}})",
      key);
  const std::string corrected =
      fmt::format("if({0} = 0, `{1}`, arrayElement({{new:Array(Int64)}}, {0}))", position, key);
  std::string sql = fmt::format("UPDATE `{}` = {}", key, corrected);
  if (table.find(shown_key)) {
    sql += fmt::format(", `{}` = toString({})", shown_key, corrected);
  }
  return sql +
         fmt::format(
             " WHERE DeviceId IN {{devices:Array(String)}} AND `{}` IN {{old:Array(Int64)}}", key);
}

/// UPDATE of what a table's rows say of their acting process; empty where it says nothing.
std::string fill_command(const schema::Table& table) {
  const std::string position = "indexOf({key:Array(Int64)}, `InitiatingProcessKey`)";
  std::string sets;
  const auto set = [&](std::string_view column, const std::string& known,
                       const std::string& value) {
    if (table.find(column)) {
      sets += fmt::format("{}`{}` = if({}, {}, `{}`)", sets.empty() ? "" : ", ", column, known,
                          value, column);
    }
  };
  const auto text = [&](std::string_view column, std::string_view parameter) {
    const std::string value =
        fmt::format("arrayElement({{{}:Array(String)}}, {})", parameter, position);
    set(column, value + " != ''", value);
  };
  text("InitiatingProcessFileName", "name");
  text("InitiatingProcessFolderPath", "folder");
  text("InitiatingProcessCommandLine", "command");
  if (table.name == "DeviceTimeline") {
    text("Actor", "name");
  }
  const std::string created =
      fmt::format("arrayElement({{created:Array(DateTime64(7,'UTC'))}}, {})", position);
  set("InitiatingProcessCreationTime", created + " > toDateTime64('1970-01-01', 7, 'UTC')",
      created);
  const std::string ancestors = fmt::format(
      "arrayMap(text -> toInt64(text), splitByChar(',', arrayElement({{ancestors:Array(String)}}, "
      "{})))",
      position);
  set("Ancestors", fmt::format("arrayElement({{ancestors:Array(String)}}, {}) != ''", position),
      ancestors);
  return sets.empty() ? ""
                      : fmt::format(
                            "UPDATE {} WHERE DeviceId IN {{devices:Array(String)}} AND "
                            "`InitiatingProcessKey` IN {{key:Array(Int64)}}",
                            sets);
}

/// True where a table has a row of the devices with one of the keys.
Result<bool> concerns(const Client& client, const schema::Table& table, std::string_view key,
                      const std::string& devices, const std::string& keys) {
  Query query;
  query.sql = fmt::format(
      "SELECT count() FROM (SELECT 1 FROM `{}` WHERE DeviceId IN {{devices:Array(String)}} AND "
      "`{}` IN {{keys:Array(Int64)}} LIMIT 1)",
      table.name, key);
  query.parameters = {{"devices", devices}, {"keys", keys}};
  query.format = "TSV";
  return trim_blanks(TRY(client.query_text(query))) != "0";
}

/// One statement a table: its parts are then written anew once, whatever the number of corrections.
/// The engine carries out the commands of a statement one after another.
Result<void> apply(const Client& client, const std::string& devices,
                   std::span<const KeyRewrite> rewrites, std::span<const ProcessFill> fills) {
  const std::string old_keys = values_of(rewrites, &KeyRewrite::old_key);
  std::vector<std::int64_t> filled;
  std::vector<std::string> ancestors;
  for (const ProcessFill& fill : fills) {
    filled.push_back(fill.key);
    ancestors.push_back(fmt::format("{}", fmt::join(fill.ancestors, ",")));
  }
  // A row that is to be filled may carry its key only after the rewrite.
  std::vector<std::int64_t> looked_for = filled;
  for (const KeyRewrite& rewrite : rewrites) {
    looked_for.push_back(rewrite.old_key);
  }
  const std::vector<Parameter> parameters = {
      {"devices", devices},
      {"old", old_keys},
      {"new", values_of(rewrites, &KeyRewrite::new_key)},
      {"from", times_value(rewrites, &KeyRewrite::from)},
      {"to", times_value(rewrites, &KeyRewrite::to)},
      {"key", array_value(filled)},
      {"name", values_of(fills, &ProcessFill::file_name)},
      {"folder", values_of(fills, &ProcessFill::folder_path)},
      {"command", values_of(fills, &ProcessFill::command_line)},
      {"created", start_times(fills)},
      {"ancestors", array_value(ancestors)}};
  const std::span<const schema::Table> tables = schema::tables();
  return run_side_by_side(tables.size(), kTablesAtATime, [&](std::size_t at) -> Result<void> {
    const schema::Table& table = tables[at];
    std::vector<std::string> commands;
    for (const auto& [key, shown] :
         {std::pair{"ProcessKey", "ProcessUniqueId"},
          std::pair{"InitiatingProcessKey", "InitiatingProcessUniqueId"}}) {
      if (!rewrites.empty() && table.find(key) &&
          TRY(concerns(client, table, key, devices, old_keys))) {
        commands.push_back(rewrite_command(table, key, shown));
      }
    }
    if (!fills.empty() && table.find("InitiatingProcessKey") &&
        TRY(concerns(client, table, "InitiatingProcessKey", devices, array_value(looked_for)))) {
      commands.push_back(fill_command(table));
    }
    return commands.empty()
               ? Result<void>{}
               : mutate(client,
                        fmt::format("ALTER TABLE `{}` {}", table.name, fmt::join(commands, ", ")),
                        parameters);
  });
}

}  // namespace

Result<void> rewrite_processes(const Client& client, const std::vector<DeviceRewrite>& devices) {
  std::vector<std::string> ids;
  std::vector<KeyRewrite> rewrites;
  std::vector<ProcessFill> fills;
  const auto flush = [&]() -> Result<void> {
    TRY_VOID(apply(client, array_value(ids), rewrites, fills));
    ids.clear();
    rewrites.clear();
    fills.clear();
    return {};
  };
  for (const DeviceRewrite& device : devices) {
    if (device.rewrites.empty() && device.fills.empty()) {
      continue;
    }
    if (!ids.empty() && (rewrites.size() + device.rewrites.size() > kItemsAStatement ||
                         fills.size() + device.fills.size() > kItemsAStatement)) {
      TRY_VOID(flush());
    }
    ids.push_back(device.device_id);
    rewrites.insert(rewrites.end(), device.rewrites.begin(), device.rewrites.end());
    fills.insert(fills.end(), device.fills.begin(), device.fills.end());
  }
  return ids.empty() ? Result<void>{} : flush();
}

}  // namespace spoor::store
