#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "auth/caller.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/handed_over.h"
#include "ingest/formats/unread_kind.h"
#include "pipeline/import.h"
#include "server/workspace.h"

namespace spoor::cli {
namespace {

/// One line on the terminal, drawn again at most ten times a second.
class ProgressLine {
 public:
  void draw(const pipeline::ImportProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - drawn_ < std::chrono::milliseconds(100)) {
      return;
    }
    drawn_ = now;
    constexpr int kWidth = 28;
    const double share = progress.bytes_total == 0 ? 0
                                                   : static_cast<double>(progress.bytes_done) /
                                                         static_cast<double>(progress.bytes_total);
    const int full = static_cast<int>(share * kWidth);
    std::string bar(static_cast<std::size_t>(full), '#');
    bar.resize(kWidth, '.');
    std::string file = progress.file;
    if (file.size() > 60) {
      file = "…" + file.substr(file.size() - 59);
    }
    std::fprintf(stderr, "\r\033[K[%s] %3.0f %%  %llu records  %s", bar.c_str(), share * 100,
                 static_cast<unsigned long long>(progress.records), file.c_str());
  }
  void clear() { std::fprintf(stderr, "\r\033[K"); }

 private:
  std::chrono::steady_clock::time_point drawn_;
};

void print_report(const pipeline::ImportReport& report) {
  fmt::print(
      "{} records of {} files in {:.1f} s: {} rows in hunting tables, {} records without a "
      "mapping, {} known already",
      report.records, report.files, report.seconds, report.rows, report.source_only,
      report.duplicates);
  fmt::print("{}\n",
             report.carved > 0 ? fmt::format(", {} recovered from slack", report.carved) : "");
  for (const ingest::UnreadKind& kind : ingest::unread_by_kind(report.unread)) {
    fmt::print("seen, not read: {} {} ({}{})\n", kind.count, kind.kind,
               fmt::join(kind.examples, ", "),
               kind.count > kind.examples.size() ? ", …; --json lists them" : "");
  }
  constexpr std::size_t kShown = 20;
  for (std::size_t at = 0; at < report.problems.size() && at < kShown; ++at) {
    const auto& problem = report.problems[at];
    fmt::print("problem: {}{}: {}\n", problem.file,
               problem.offset < 0 ? "" : fmt::format(" at {}", problem.offset), problem.reason);
  }
  if (report.problem_count > kShown) {
    fmt::print("… and {} more problems; --json lists them\n", report.problem_count - kShown);
  }
  fmt::print("job {}\n", report.job_id);
}

Result<pipeline::ImportReport> import_here(const ImportOptions& options,
                                           pipeline::ImportRequest request) {
  const auto workspace = TRY(server::Workspace::open(options.data));
  request.paths = options.paths;
  request.reported_by = auth::local_caller().actor();
  return pipeline::import_files(workspace->import_target(), request);
}

}  // namespace

int run_import(const ImportOptions& options) {
  pipeline::ImportRequest request;
  ProgressLine line;
  const bool on_terminal = isatty(STDERR_FILENO) != 0;
  if (on_terminal) {
    request.on_progress = [&](const pipeline::ImportProgress& progress) { line.draw(progress); };
  }
  auto server = LocalServer::find(options.data);
  auto report = server ? import_by_server(*server, options.paths, request.on_progress)
                       : import_here(options, request);
  if (on_terminal) {
    line.clear();
  }
  if (!report) {
    return say_failure(report.error());
  }
  if (options.json) {
    fmt::print("{}\n", report->to_json());
  } else {
    print_report(*report);
  }
  return report->files == 0 ? 1 : 0;
}

}  // namespace spoor::cli
