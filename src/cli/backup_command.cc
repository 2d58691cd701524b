#include <fmt/format.h>

#include "auth/caller.h"
#include "auth/record.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/local_server.h"
#include "json/writer.h"
#include "server/backup.h"
#include "server/snapshot.h"
#include "server/workspace.h"

namespace spoor::cli {
namespace {

void print_report(const char* what, const std::string& where, const server::BackupReport& report,
                  bool json) {
  if (!json) {
    fmt::print("{} {}: {} rows, {} files, {} bytes in {:.1f} s, as of {}\n", what, where,
               report.rows, report.files, report.bytes, report.seconds, format_ticks(report.made));
    return;
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("made").string(format_ticks(report.made));
  writer.key("rows").number(report.rows).key("files").number(report.files);
  writer.key("bytes").number(report.bytes);
  writer.key("seconds").real(static_cast<double>(static_cast<std::int64_t>(report.seconds * 1000)) /
                             1000);
  writer.end_object();
  fmt::print("{}\n", out);
}

/// The server takes and drops the snapshot; the files are copied here.
Result<server::BackupReport> back_up_with(LocalServer& server, const BackupOptions& options) {
  constexpr double kSeconds = 660;
  const json::Dynamic made = TRY(server.call("POST", "/api/snapshots", "", kSeconds));
  const std::string id(made["id"].text_or(""));
  auto report = [&]() -> Result<server::BackupReport> {
    return server::write_backup(options.data, TRY(server::read_snapshot(options.data, id)),
                                options.to);
  }();
  const auto dropped = server.call("DELETE", "/api/snapshots/" + id);
  if (report && !dropped) {
    return fail(dropped.error());
  }
  return report;
}

Result<server::BackupReport> back_up_here(const BackupOptions& options) {
  const auto workspace = TRY(server::Workspace::open(options.data));
  TRY_VOID(auth::record(workspace->state(), auth::local_caller(), now_ticks(), "backup.snapshot",
                        "", "{}"));
  const server::Snapshot snapshot = TRY(server::take_snapshot(*workspace));
  auto report = server::write_backup(options.data, snapshot, options.to);
  TRY_VOID(server::drop_snapshot(options.data, snapshot.id));
  return report;
}

}  // namespace

int run_backup(const BackupOptions& options) {
  auto server = LocalServer::find(options.data);
  const auto report = server ? back_up_with(*server, options) : back_up_here(options);
  if (!report) {
    return say_failure(report.error());
  }
  print_report("backup", options.to, *report, options.json);
  return 0;
}

int run_restore(const RestoreOptions& options) {
  const auto report = server::restore_backup(options.from, options.data);
  if (!report) {
    return say_failure(report.error());
  }
  print_report("restored", options.data, *report, options.json);
  return 0;
}

}  // namespace spoor::cli
