#include "store/rewrite.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "schema/schema.h"

namespace spoor::store {
namespace {

/// Rewrites of one statement: the engine compares each row of the device with each of them.
constexpr std::size_t kRewritesAStatement = 500;

std::string times_value(std::span<const KeyRewrite> rewrites, Ticks KeyRewrite::* member) {
  std::string value = "[";
  for (const KeyRewrite& rewrite : rewrites) {
    value += fmt::format("{}'{}'", value.size() > 1 ? "," : "",
                         format_ticks_sql(std::clamp(rewrite.*member, kYearOne, kMaxTicks)));
  }
  return value + "]";
}

template <class T>
std::string values_of(std::span<const KeyRewrite> rewrites, T KeyRewrite::* member) {
  std::vector<T> values;
  values.reserve(rewrites.size());
  for (const KeyRewrite& rewrite : rewrites) {
    values.push_back(rewrite.*member);
  }
  return array_value(values);
}

/// Position (from 1) of the rewrite that a row's `key` column falls under, 0 where there is none.
std::string position_of(std::string_view key) {
  return fmt::format(
      "arrayFirstIndex((o, f, t) -> o = `{}` AND Timestamp >= f AND Timestamp < t, {{old:Array(Int64)}}, "
      "{{from:Array(DateTime64(7,'UTC'))}}, {{to:Array(DateTime64(7,'UTC'))}})",
      key);
}

/// `column = the rewrite's text`, or the column itself where no rewrite applies or its text is empty.
std::string text_assignment(std::string_view column, std::string_view parameter, const std::string& position) {
  return fmt::format(
      ", `{0}` = if(arrayElement({{{1}:Array(String)}}, {2}) = '', `{0}`, arrayElement({{{1}:Array(String)}}, {2}))",
      column, parameter, position);
}

std::string update_statement(const schema::Table& table, std::string_view key) {
  const std::string position = position_of(key);
  std::string sql = fmt::format("ALTER TABLE `{}` UPDATE `{}` = if({} = 0, `{}`, arrayElement({{new:Array(Int64)}}, {}))",
                                table.name, key, position, key, position);
  if (key == "InitiatingProcessKey") {
    constexpr std::pair<std::string_view, std::string_view> kTexts[] = {
        {"InitiatingProcessFileName", "name"},
        {"InitiatingProcessFolderPath", "folder"},
        {"InitiatingProcessCommandLine", "command"}};
    for (const auto& [column, parameter] : kTexts) {
      if (table.find(column)) {
        sql += text_assignment(column, parameter, position);
      }
    }
    if (table.find("InitiatingProcessCreationTime")) {
      sql += fmt::format(
          ", `InitiatingProcessCreationTime` = if(arrayElement({{created:Array(DateTime64(7,'UTC'))}}, {0}) <= "
          "toDateTime64('1970-01-01', 7, 'UTC'), `InitiatingProcessCreationTime`, "
          "arrayElement({{created:Array(DateTime64(7,'UTC'))}}, {0}))",
          position);
    }
    if (table.name == "DeviceTimeline") {
      sql += text_assignment("Actor", "name", position);
    }
  }
  return sql + fmt::format(" WHERE DeviceId = {{device:String}} AND `{}` IN {{old:Array(Int64)}}", key);
}

}  // namespace

Result<void> rewrite_process_keys(const Client& client, const std::string& device_id,
                                  const std::vector<KeyRewrite>& rewrites) {
  for (std::size_t start = 0; start < rewrites.size(); start += kRewritesAStatement) {
    const auto part = std::span(rewrites).subspan(start, std::min(kRewritesAStatement, rewrites.size() - start));
    for (const schema::Table& table : schema::tables()) {
      for (const std::string_view key : {"ProcessKey", "InitiatingProcessKey"}) {
        if (!table.find(key)) {
          continue;
        }
        Query statement;
        statement.sql = update_statement(table, key);
        statement.parameters = {{"device", escape_value(device_id)},
                                {"old", values_of(part, &KeyRewrite::old_key)},
                                {"new", values_of(part, &KeyRewrite::new_key)},
                                {"from", times_value(part, &KeyRewrite::from)},
                                {"to", times_value(part, &KeyRewrite::to)},
                                {"name", values_of(part, &KeyRewrite::file_name)},
                                {"folder", values_of(part, &KeyRewrite::folder_path)},
                                {"command", values_of(part, &KeyRewrite::command_line)},
                                {"created", times_value(part, &KeyRewrite::creation_time)}};
        statement.settings = {{"mutations_sync", "2"}};
        statement.max_seconds = 600;
        TRY_VOID(client.execute(statement));
      }
    }
  }
  return {};
}

}  // namespace spoor::store
