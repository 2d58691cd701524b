#include "store/rewrite.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "schema/schema.h"

namespace spoor::store {
namespace {

/// Items of one statement: the engine compares each row of the device with each of them.
constexpr std::size_t kItemsAStatement = 500;

template <class Item>
std::string times_value(std::span<const Item> items, Ticks Item::* member) {
  std::string value = "[";
  for (const Item& item : items) {
    value += fmt::format("{}'{}'", value.size() > 1 ? "," : "", format_ticks_sql(std::clamp(item.*member, kYearOne, kMaxTicks)));
  }
  return value + "]";
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
std::string rewrite_statement(const schema::Table& table, std::string_view key, std::string_view shown_key) {
  const std::string position = fmt::format(
      "arrayFirstIndex((o, f, t) -> o = `{}` AND Timestamp >= f AND Timestamp < t, {{old:Array(Int64)}}, "
      "{{from:Array(DateTime64(7,'UTC'))}}, {{to:Array(DateTime64(7,'UTC'))}})",
      key);
  const std::string corrected = fmt::format("if({0} = 0, `{1}`, arrayElement({{new:Array(Int64)}}, {0}))", position, key);
  std::string sql = fmt::format("ALTER TABLE `{}` UPDATE `{}` = {}", table.name, key, corrected);
  if (table.find(shown_key)) {
    sql += fmt::format(", `{}` = toString({})", shown_key, corrected);
  }
  return sql + fmt::format(" WHERE DeviceId = {{device:String}} AND `{}` IN {{old:Array(Int64)}}", key);
}

/// UPDATE of what a table's rows say of their acting process; empty where it says nothing.
std::string fill_statement(const schema::Table& table) {
  const std::string position = "indexOf({key:Array(Int64)}, `InitiatingProcessKey`)";
  std::string sets;
  const auto set = [&](std::string_view column, const std::string& known, const std::string& value) {
    if (table.find(column)) {
      sets += fmt::format("{}`{}` = if({}, {}, `{}`)", sets.empty() ? "" : ", ", column, known, value, column);
    }
  };
  const auto text = [&](std::string_view column, std::string_view parameter) {
    const std::string value = fmt::format("arrayElement({{{}:Array(String)}}, {})", parameter, position);
    set(column, value + " != ''", value);
  };
  text("InitiatingProcessFileName", "name");
  text("InitiatingProcessFolderPath", "folder");
  text("InitiatingProcessCommandLine", "command");
  if (table.name == "DeviceTimeline") {
    text("Actor", "name");
  }
  const std::string created = fmt::format("arrayElement({{created:Array(DateTime64(7,'UTC'))}}, {})", position);
  set("InitiatingProcessCreationTime", created + " > toDateTime64('1970-01-01', 7, 'UTC')", created);
  const std::string ancestors =
      fmt::format("arrayMap(text -> toInt64(text), splitByChar(',', arrayElement({{ancestors:Array(String)}}, {})))", position);
  set("Ancestors", fmt::format("arrayElement({{ancestors:Array(String)}}, {}) != ''", position), ancestors);
  return sets.empty() ? ""
                      : fmt::format("ALTER TABLE `{}` UPDATE {} WHERE DeviceId = {{device:String}} AND `InitiatingProcessKey` IN "
                                    "{{key:Array(Int64)}}",
                                    table.name, sets);
}

}  // namespace

Result<void> rewrite_processes(const Client& client, const std::string& device_id, const std::vector<KeyRewrite>& rewrites,
                               const std::vector<ProcessFill>& fills) {
  for (std::size_t start = 0; start < rewrites.size(); start += kItemsAStatement) {
    const auto part = std::span<const KeyRewrite>(rewrites).subspan(start, std::min(kItemsAStatement, rewrites.size() - start));
    for (const schema::Table& table : schema::tables()) {
      for (const auto& [key, shown] : {std::pair{"ProcessKey", "ProcessUniqueId"}, std::pair{"InitiatingProcessKey", "InitiatingProcessUniqueId"}}) {
        if (!table.find(key)) {
          continue;
        }
        TRY_VOID(mutate(client, rewrite_statement(table, key, shown),
                        {{"device", escape_value(device_id)},
                         {"old", values_of(part, &KeyRewrite::old_key)},
                         {"new", values_of(part, &KeyRewrite::new_key)},
                         {"from", times_value(part, &KeyRewrite::from)},
                         {"to", times_value(part, &KeyRewrite::to)}}));
      }
    }
  }
  for (std::size_t start = 0; start < fills.size(); start += kItemsAStatement) {
    const auto part = std::span<const ProcessFill>(fills).subspan(start, std::min(kItemsAStatement, fills.size() - start));
    std::vector<std::string> ancestors;
    for (const ProcessFill& fill : part) {
      ancestors.push_back(fmt::format("{}", fmt::join(fill.ancestors, ",")));
    }
    for (const schema::Table& table : schema::tables()) {
      if (!table.find("InitiatingProcessKey")) {
        continue;
      }
      TRY_VOID(mutate(client, fill_statement(table),
                      {{"device", escape_value(device_id)},
                       {"key", values_of(part, &ProcessFill::key)},
                       {"name", values_of(part, &ProcessFill::file_name)},
                       {"folder", values_of(part, &ProcessFill::folder_path)},
                       {"command", values_of(part, &ProcessFill::command_line)},
                       {"created", times_value(part, &ProcessFill::creation_time)},
                       {"ancestors", array_value(ancestors)}}));
    }
  }
  return {};
}

}  // namespace spoor::store
