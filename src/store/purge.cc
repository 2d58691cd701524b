#include "store/purge.h"

#include <fmt/format.h>

#include "base/text.h"
#include "schema/schema.h"
#include "store/escape.h"

namespace spoor::store {
namespace {

Result<std::uint64_t> count(const Client& client, std::string sql,
                            std::vector<Parameter> parameters) {
  Query query;
  query.sql = std::move(sql);
  query.parameters = std::move(parameters);
  query.format = "TSV";
  const std::string answer = TRY(client.query_text(query));
  return static_cast<std::uint64_t>(parse_int(trim_blanks(answer)).value_or(0));
}

Result<void> mutate(const Client& client, std::string sql, std::vector<Parameter> parameters) {
  Query statement;
  statement.sql = std::move(sql);
  statement.parameters = std::move(parameters);
  statement.settings = {{"mutations_sync", "2"}};
  statement.max_seconds = 3600;
  return client.execute(statement);
}

/// What is stored of the devices in every table but that of the source records.
Result<void> remove_devices(const Client& client, const std::vector<std::string>& device_ids) {
  const std::vector<Parameter> devices = {{"devices", array_value(device_ids)}};
  for (const schema::Table& table : schema::tables()) {
    if (table.find("DeviceId") && table.name != "DeviceSourceRecords") {
      TRY_VOID(mutate(client,
                      fmt::format("ALTER TABLE `{}` DELETE WHERE DeviceId IN "
                                  "{{devices:Array(String)}}",
                                  table.name),
                      devices));
    }
  }
  return {};
}

/// Devices of which nothing but the job tells, and about which nobody has decided or noted
/// anything.
Result<std::vector<std::string>> devices_of_job_alone(const Client& client,
                                                      const std::vector<Parameter>& job) {
  Query query;
  query.sql =
      "SELECT DeviceId FROM DeviceSourceRecords WHERE DeviceId IN (SELECT DeviceId FROM "
      "DeviceSourceRecords WHERE JobId = {job:String}) AND DeviceId NOT IN (SELECT DeviceId FROM "
      "DeviceMarks) GROUP BY DeviceId HAVING countIf(JobId != {job:String}) = 0";
  query.parameters = job;
  query.format = "TSV";
  const std::string answer = TRY(client.query_text(query));
  std::vector<std::string> ids;
  for (const std::string_view line : split(trim_blanks(answer), '\n')) {
    if (!line.empty()) {
      ids.emplace_back(line);
    }
  }
  return ids;
}

}  // namespace

Result<std::uint64_t> purge_job(const Client& client, const std::string& job_id) {
  const std::vector<Parameter> job = {{"job", escape_value(job_id)}};
  const std::uint64_t records =
      TRY(count(client, "SELECT count() FROM DeviceSourceRecords WHERE JobId = {job:String}", job));
  if (records == 0) {
    return records;
  }
  for (const schema::Table& table : schema::tables()) {
    if (table.kind != schema::TableKind::kEvent || table.name == "DeviceSourceRecords") {
      continue;
    }
    TRY_VOID(mutate(client,
                    fmt::format("ALTER TABLE `{}` DELETE WHERE EventId IN (SELECT EventId FROM "
                                "DeviceSourceRecords WHERE JobId = {{job:String}})",
                                table.name),
                    job));
  }
  // States of a device are made of its records, but have no record of their own.
  const auto alone = TRY(devices_of_job_alone(client, job));
  if (!alone.empty()) {
    TRY_VOID(remove_devices(client, alone));
  }
  // Last, so that a purge that was cut short can be asked for again.
  TRY_VOID(
      mutate(client, "ALTER TABLE DeviceSourceRecords DELETE WHERE JobId = {job:String}", job));
  return records;
}

Result<std::uint64_t> purge_device(const Client& client, const std::string& device_id) {
  const std::vector<Parameter> device = {{"device", escape_value(device_id)}};
  const std::uint64_t records = TRY(count(
      client, "SELECT count() FROM DeviceSourceRecords WHERE DeviceId = {device:String}", device));
  TRY_VOID(remove_devices(client, {device_id}));
  TRY_VOID(mutate(client, "ALTER TABLE DeviceSourceRecords DELETE WHERE DeviceId = {device:String}",
                  device));
  return records;
}

Result<std::uint64_t> drop_expired(const Client& client, Ticks keep_after) {
  Query query;
  query.sql =
      "SELECT table, partition_id FROM system.parts WHERE database = currentDatabase() AND active "
      "AND startsWith(partition, '(1,') "
      "GROUP BY table, partition_id HAVING max(max_time) < {after:DateTime64(7,'UTC')} AND "
      "max(max_time) > toDateTime(0)";
  query.parameters = {{"after", format_ticks_sql(keep_after)}};
  query.format = "TSV";
  const std::string answer = TRY(client.query_text(query));
  std::uint64_t dropped = 0;
  for (const std::string_view line : split(trim_blanks(answer), '\n')) {
    const auto parts = split(line, '\t');
    // Both come from the engine, but go back into a statement: only what they can be.
    const bool known = parts.size() == 2 && schema::find_table(parts[0]) != nullptr &&
                       parts[1].find_first_not_of("0123456789abcdef-") == std::string_view::npos;
    if (known) {
      TRY_VOID(mutate(
          client, fmt::format("ALTER TABLE `{}` DROP PARTITION ID '{}'", parts[0], parts[1]), {}));
      ++dropped;
    }
  }
  return dropped;
}

}  // namespace spoor::store
