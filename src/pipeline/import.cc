#include "pipeline/import.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/hash.h"
#include "base/text.h"
#include "base/ticks.h"
#include "enrich/process_repair.h"
#include "event/rows.h"
#include "ingest/evtx/reader.h"
#include "ingest/input/input_walker.h"
#include "json/writer.h"
#include "normalize/normalizer.h"
#include "pipeline/device_aliases.h"
#include "pipeline/known_processes.h"
#include "pipeline/rows_writer.h"
#include "state/state.h"
#include "store/appender.h"
#include "store/rewrite.h"

namespace spoor::pipeline {
namespace {

constexpr std::size_t kMostProblems = 10'000;

/// One import, from its first file to the repair at its end. The calling thread decodes and
/// normalises in the order of the files; a second one stores.
class Import {
 public:
  Import(const ImportTarget& target, const ImportRequest& request)
      : target_(target),
        request_(request),
        aliases_(target.state),
        resolver_(aliases_),
        known_(target.processes_folder),
        context_{resolver_, processes_, new_job_id(), request.reported_by},
        normalizer_(context_),
        writer_(target.client, target.appender) {
    report_.job_id = context_.job_id;
  }

  Result<ImportReport> run() {
    const auto started = std::chrono::steady_clock::now();
    state::Job job;
    job.id = report_.job_id;
    job.kind = "import";
    job.started = now_ticks();
    job.paths = request_.paths;
    TRY_VOID(target_.state.jobs().start(job));
    const auto done = [&]() -> Result<void> {
      TRY_VOID(target_.appender.recover());
      TRY_VOID(read_files());
      TRY_VOID(flush());
      const WriteTotals totals = TRY(writer_.finish());
      report_.rows = totals.rows;
      report_.source_only = totals.source_only;
      report_.duplicates += totals.duplicates;
      TRY_VOID(store_device_facts());
      return repair();
    }();
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const auto outcome = done ? state::JobState::kDone : state::JobState::kFailed;
    TRY_VOID(
        target_.state.jobs().finish(report_.job_id, outcome, now_ticks(), "{}", report_.to_json()));
    TRY(target_.state.audit().append(
        {0, now_ticks(), request_.reported_by, "import", report_.job_id, report_.to_json()}));
    if (!done) {
      return fail(done.error());
    }
    return std::move(report_);
  }

 private:
  static std::string new_job_id() {
    return fmt::format(
        "{:016x}",
        static_cast<std::uint64_t>(id_from_hash(hash_combine(
            static_cast<std::uint64_t>(now_ticks()), static_cast<std::uint64_t>(getpid())))));
  }

  void note_problem(std::string file, std::int64_t offset, std::string reason) {
    ++report_.problem_count;
    if (report_.problems.size() < kMostProblems) {
      report_.problems.push_back({std::move(file), offset, std::move(reason)});
    }
  }

  Result<void> read_files() {
    ingest::InputWalker walker(request_.paths);
    progress_.bytes_total = walker.total_bytes();
    walker.set_progress([&](std::uint64_t done, std::uint64_t total) {
      progress_.bytes_done = done;
      progress_.bytes_total = total;
      tell_progress();
    });
    std::stop_source stop;
    TRY_VOID(walker.for_each(
        [&](ingest::InputFile& file) {
          if (!failure_) {
            read_file(file);
          }
          if (failure_) {
            stop.request_stop();
          }
        },
        [&](const Error& error) { note_problem(error.where, error.offset, error.message); },
        stop.get_token()));
    if (failure_) {
      return fail(*failure_);
    }
    return {};
  }

  void read_file(ingest::InputFile& file) {
    char head[8] = {};
    const auto got = file.read_at(0, head);
    if (!got) {
      note_problem(file.display_path, 0, got.error().message);
      return;
    }
    if (!evtx::looks_like_evtx({head, *got})) {
      report_.unread.push_back(file.display_path);
      return;
    }
    ++report_.files;
    report_.bytes += file.size;
    progress_.file = file.display_path;
    const evtx::Source source(file.display_path, file.size,
                              [&](std::uint64_t offset, char* out, std::size_t size) {
                                return file.read_at(offset, {out, size});
                              });
    const auto on_record = [&](const event::Record& record) { take(record); };
    const auto on_problem = [&](const evtx::Problem& problem) {
      note_problem(file.display_path, static_cast<std::int64_t>(problem.offset), problem.reason);
    };
    for (std::size_t chunk = 0; chunk < source.chunk_count() && !failure_; ++chunk) {
      report_.carved += decoder_.decode_chunk(source, chunk, on_record, on_problem).carved;
      tell_progress();
    }
  }

  void tell_progress() {
    progress_.records = report_.records;
    if (request_.on_progress) {
      request_.on_progress(progress_);
    }
  }

  void take(const event::Record& record) {
    if (failure_) {
      return;
    }
    ++report_.records;
    const normalize::Identity identity = normalizer_.identify(record);
    if (aliases_.failure()) {
      failure_ = *aliases_.failure();
      return;
    }
    if (!load_known(std::string(identity.device_id))) {
      return;
    }
    if (!batch_->event_ids.insert(identity.event_id)) {
      ++report_.duplicates;
      return;
    }
    const normalize::Added added = normalizer_.add(record, identity, batch_->rows);
    batch_->note(identity.device_id, record.time, added.event_id, added.is_mapped);
    if (batch_->event_ids.size() >= kBatchRecords ||
        (batch_->event_ids.size() % 1024 == 0 && batch_->rows.bytes() >= kBatchBytes)) {
      if (auto flushed = flush(); !flushed) {
        failure_ = flushed.error();
      }
    }
  }

  /// What earlier imports know of the device's processes goes before its first record.
  bool load_known(const std::string& device_id) {
    if (!devices_.insert(device_id).second) {
      return true;
    }
    auto facts = known_.load(device_id);
    if (!facts) {
      failure_ = facts.error();
      return false;
    }
    processes_.of(device_id).load(*facts);
    return true;
  }

  Result<void> flush() {
    if (batch_->event_ids.empty()) {
      return {};
    }
    batch_ = TRY(writer_.hand_over(std::move(batch_)));
    return {};
  }

  /// DeviceInfo and DeviceNetworkInfo tell of the devices that got something new.
  Result<void> store_device_facts() {
    const std::set<std::string, std::less<>>& changed = writer_.changed_devices();
    if (changed.empty()) {
      return {};
    }
    const enrich::DeviceFactTable& facts = normalizer_.device_facts();
    for (const auto& [id, device] : facts.devices()) {
      if (changed.contains(id)) {
        TRY_VOID(target_.state.devices().see(id, device.name,
                                             device.first_seen == 0 ? kMaxTicks : device.first_seen,
                                             device.last_seen));
      }
    }
    event::Rows rows;
    facts.emit(rows, now_ticks());
    return target_.appender.append(rows.batches());
  }

  Result<void> repair() {
    std::vector<store::DeviceRewrite> devices;
    std::vector<std::pair<std::string, std::vector<enrich::ProcessFact>>> facts;
    for (const std::string& device_id : writer_.changed_devices()) {
      enrich::ProcessRepair repaired =
          enrich::repair_processes(device_id, processes_.of(device_id).facts());
      store::DeviceRewrite device;
      device.device_id = device_id;
      for (const enrich::ProcessRewrite& rewrite : repaired.rewrites) {
        device.rewrites.push_back({rewrite.old_key, rewrite.new_key, rewrite.from, rewrite.to});
      }
      for (const enrich::ProcessCluster& cluster : repaired.clusters) {
        if (cluster.needs_fill) {
          device.fills.push_back({cluster.key, std::string(path_file_name(cluster.details->image)),
                                  cluster.details->image, cluster.details->command_line,
                                  cluster.start, cluster.ancestors});
        }
      }
      devices.push_back(std::move(device));
      facts.emplace_back(device_id, std::move(repaired.facts));
    }
    TRY_VOID(store::rewrite_processes(target_.client, devices));
    for (const auto& [device_id, known] : facts) {
      TRY_VOID(known_.save(device_id, known));
    }
    return {};
  }

  const ImportTarget& target_;
  const ImportRequest& request_;
  DeviceAliases aliases_;
  enrich::AliasDeviceResolver resolver_;
  enrich::ProcessTables processes_;
  KnownProcesses known_;
  normalize::Context context_;
  normalize::Normalizer normalizer_;
  RowsWriter writer_;
  evtx::Decoder decoder_;
  std::unique_ptr<RowsBatch> batch_ = std::make_unique<RowsBatch>();
  std::set<std::string, std::less<>> devices_;
  ImportReport report_;
  ImportProgress progress_;
  std::optional<Error> failure_;
};

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
  return Import(target, request).run();
}

}  // namespace spoor::pipeline
