#include <fmt/format.h>

#include <cstdio>

#include "auth/record.h"
#include "base/text.h"
#include "base/ticks.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/local_server.h"
#include "cli/reading.h"
#include "http/message.h"
#include "json/writer.h"
#include "kql/exec/executor.h"
#include "kql/functions/reference.h"
#include "pipeline/known_processes.h"
#include "pipeline/unrepaired_devices.h"
#include "schema/schema.h"
#include "server/workspace.h"
#include "store/purge.h"

namespace spoor::cli {
namespace {

Result<std::uint64_t> purge(server::Workspace& workspace, const PurgeOptions& options) {
  std::uint64_t records = 0;
  if (!options.job.empty()) {
    if (!TRY(workspace.state().jobs().get(options.job))) {
      return fail(
          Error::make(ErrorCode::kNotFound, fmt::format("there is no job '{}'", options.job)));
    }
    records = TRY(store::purge_job(workspace.client(), options.job));
    TRY_VOID(workspace.state().jobs().mark_purged(options.job));
    TRY_VOID(pipeline::UnrepairedDevices::forget(workspace.processes_folder(), options.job));
  } else {
    if (!TRY(workspace.state().devices().get(options.device))) {
      return fail(Error::make(ErrorCode::kNotFound,
                              fmt::format("there is no device '{}'", options.device)));
    }
    records = TRY(store::purge_device(workspace.client(), options.device));
    TRY_VOID(pipeline::KnownProcesses(workspace.processes_folder()).forget(options.device));
  }
  std::string detail;
  json::Writer(detail).begin_object().key("records").number(records).end_object();
  const std::string& object = options.job.empty() ? options.device : options.job;
  TRY_VOID(
      auth::record(workspace.state(), auth::local_caller(), now_ticks(), "purge", object, detail));
  return records;
}

Result<std::uint64_t> purge_here(const PurgeOptions& options) {
  const auto workspace = TRY(server::Workspace::open(options.data));
  return purge(*workspace, options);
}

Result<std::uint64_t> purge_by_server(LocalServer& server, const PurgeOptions& options) {
  constexpr double kSeconds = 660;
  const json::Dynamic answer =
      TRY(server.call("DELETE",
                      options.job.empty() ? "/api/devices/" + http::percent_encode(options.device)
                                          : "/api/imports/" + http::percent_encode(options.job),
                      "", kSeconds));
  return static_cast<std::uint64_t>(answer["records"].int_or(0));
}

/// One number that a query answers with.
Result<std::int64_t> count(const kql::Runner& runner, const std::string& query) {
  std::int64_t found = 0;
  TRY(kql::run_query(runner, query, {}, {}, [&](std::span<const kql::Row> rows) -> Result<void> {
    if (!rows.empty()) {
      found = std::get<std::int64_t>(rows[0][0]);
    }
    return {};
  }));
  return found;
}

/// Rows of hunting tables whose source record is missing: each table in turn, nothing loaded here.
Result<std::int64_t> check(const kql::Runner& runner) {
  std::int64_t wrong = 0;
  for (const schema::Table& table : schema::tables()) {
    const std::int64_t rows = TRY(count(runner, fmt::format("{} | count", table.name)));
    std::int64_t orphans = 0;
    // What an import tells of devices is drawn from many records, and has no single one behind it.
    const bool is_drawn = table.name == "DeviceInfo" || table.name == "DeviceNetworkInfo" ||
                          table.name == "DeviceSourceRecords";
    if (table.kind == schema::TableKind::kEvent && rows > 0 && !is_drawn) {
      orphans = TRY(
          count(runner, fmt::format("{} | project EventId | join kind=leftanti "
                                    "(DeviceSourceRecords | project EventId) on EventId | count",
                                    table.name)));
    }
    if (rows > 0) {
      fmt::print("{}: {} rows{}\n", table.name, rows,
                 orphans > 0 ? fmt::format(", {} without their source record", orphans) : "");
    }
    wrong += orphans;
  }
  const std::int64_t twice = TRY(count(runner,
                                       "DeviceSourceRecords | summarize Copies = count() by "
                                       "DeviceId, EventId | where Copies > 1 | count"));
  if (twice > 0) {
    fmt::print("{} source records are stored twice\n", twice);
  }
  return wrong + twice;
}

}  // namespace

int run_purge(const PurgeOptions& options) {
  if (options.job.empty() == options.device.empty()) {
    std::fputs("spoor: give --job ID or --device ID\n", stderr);
    return 2;
  }
  auto server = LocalServer::find(options.data);
  const auto purged = server ? purge_by_server(*server, options) : purge_here(options);
  if (!purged) {
    return say_failure(purged.error());
  }
  fmt::print("{} source records and their rows were removed\n", *purged);
  return 0;
}

int run_store_check(const StoreCheckOptions& options) {
  const auto reading = Reading::open(options.data);
  if (!reading) {
    return say_failure(reading.error());
  }
  const auto wrong = check(reading->runner());
  if (!wrong) {
    return say_failure(wrong.error());
  }
  fmt::print("the store is {} (schema version {})\n", *wrong == 0 ? "whole" : "damaged",
             schema::version());
  return *wrong == 0 ? 0 : 1;
}

int run_functions() {
  std::string text;
  kql::write_function_reference(text);
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace spoor::cli
