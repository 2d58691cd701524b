#include "pipeline/import.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/hash.h"
#include "base/ticks.h"
#include "ingest/input/input_file.h"
#include "ingest/input/input_walker.h"
#include "json/writer.h"
#include "pipeline/source_import.h"
#include "state/state.h"

namespace spoor::pipeline {
namespace {

std::string new_job_id() {
  return fmt::format(
      "{:016x}",
      static_cast<std::uint64_t>(id_from_hash(hash_combine(static_cast<std::uint64_t>(now_ticks()),
                                                           static_cast<std::uint64_t>(getpid())))));
}

/// The records of all files below the paths, in the order of the files.
RecordSource records_of(const std::vector<std::string>& paths) {
  return [&paths](const RecordSink& sink, const std::stop_token& stop) -> Result<void> {
    ingest::InputWalker walker(paths);
    const std::uint64_t total = walker.total_bytes();
    std::uint64_t done = 0;
    sink.on_progress(done, total);
    walker.set_progress([&](std::uint64_t bytes, std::uint64_t all) {
      done = bytes;
      sink.on_progress(bytes, all);
    });
    return walker.for_each(
        [&](ingest::InputFile& file) {
          // Inside an archive the walker itself says how far it is.
          const auto on_bytes = [&](std::uint64_t of_file) {
            const bool is_member = file.disk_path.empty();
            sink.on_progress(
                is_member ? done : std::min(done + std::min(of_file, file.size), total), total);
          };
          ingest::read_records(file, sink, on_bytes, stop);
        },
        sink.on_problem, stop);
  };
}

}  // namespace

std::string ImportReport::to_json() const {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("job").string(job_id);
  writer.key("files").number(files);
  writer.key("records").number(records);
  writer.key("rows").number(rows);
  writer.key("source_only").number(source_only);
  writer.key("duplicates").number(duplicates);
  writer.key("carved").number(carved);
  writer.key("bytes").number(bytes);
  writer.key("seconds").real(static_cast<double>(static_cast<std::int64_t>(seconds * 1000)) / 1000);
  writer.key("unread").begin_array();
  for (const std::string& path : unread) {
    writer.string(path);
  }
  writer.end_array();
  writer.key("error_count").number(problem_count);
  writer.key("errors").begin_array();
  for (const ImportProblem& problem : problems) {
    writer.begin_object();
    writer.key("file").string(problem.file);
    writer.key("offset");
    problem.offset < 0 ? writer.null() : writer.number(problem.offset);
    writer.key("reason").string(problem.reason);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return out;
}

Result<ImportReport> import_files(const ImportTarget& target, const ImportRequest& request) {
  state::Job job;
  job.id = new_job_id();
  job.kind = "import";
  job.started = now_ticks();
  job.paths = request.paths;
  TRY_VOID(target.state.jobs().start(job));
  SourceImport done = import_from(target, {job.id, request.reported_by, request.on_progress},
                                  records_of(request.paths), {});
  const std::string report = done.report.to_json();
  TRY_VOID(target.state.jobs().finish(
      job.id, done.failure ? state::JobState::kFailed : state::JobState::kDone, now_ticks(), "{}",
      report));
  state::AuditEntry entry;
  entry.time = now_ticks();
  entry.actor = request.reported_by;
  entry.action = "import";
  entry.object = job.id;
  entry.detail = report;
  TRY(target.state.audit().append(entry));
  if (done.failure) {
    return fail(*std::move(done.failure));
  }
  return std::move(done.report);
}

}  // namespace spoor::pipeline
