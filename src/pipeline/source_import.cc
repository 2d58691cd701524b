#include "pipeline/source_import.h"

#include <chrono>
#include <map>
#include <set>
#include <vector>

#include "base/text.h"
#include "base/ticks.h"
#include "enrich/process_fact_codec.h"
#include "enrich/process_repair.h"
#include "event/rows.h"
#include "normalize/normalizer.h"
#include "pipeline/device_aliases.h"
#include "pipeline/known_processes.h"
#include "pipeline/read_ahead.h"
#include "pipeline/rows_writer.h"
#include "pipeline/unrepaired_devices.h"
#include "state/state.h"
#include "store/appender.h"
#include "store/rewrite.h"

namespace spoor::pipeline {
namespace {

constexpr std::size_t kMostProblems = 10'000;

class Trail {
 public:
  Trail(const ImportTarget& target, const SourceImportRequest& request)
      : target_(target),
        request_(request),
        aliases_(target.state),
        resolver_(aliases_),
        known_(target.processes_folder),
        context_{resolver_, processes_, request.job_id, request.reported_by},
        normalizer_(context_),
        writer_(target.client, target.appender) {
    report_.job_id = request.job_id;
  }

  SourceImport run(const RecordSource& source, const std::stop_token& stop) {
    const auto started = std::chrono::steady_clock::now();
    SourceImport outcome;
    // Stopped from outside, or by a failure of the store.
    const std::stop_callback pass_on(stop, [this] { stop_.request_stop(); });
    const auto done = [&]() -> Result<void> {
      TRY_VOID(target_.appender.recover());
      unrepaired_ = TRY(UnrepairedDevices::open(target_.processes_folder, request_.job_id));
      const auto read = read_ahead(source, sink(), stop_.get_token());
      if (failure_) {
        return fail(*failure_);
      }
      TRY_VOID(flush());
      batch_.reset();
      // While the last batches are being stored.
      Repairs repaired = plan_repairs();
      const WriteTotals totals = TRY(writer_.finish());
      report_.rows = totals.rows;
      report_.source_only = totals.source_only;
      report_.duplicates += totals.duplicates;
      changed_ = writer_.changed_devices();
      // What an import that was cut off has stored is known, and not yet repaired.
      changed_.insert(unrepaired_.left_by_others().begin(), unrepaired_.left_by_others().end());
      TRY_VOID(store_device_facts());
      TRY_VOID(repair(std::move(repaired)));
      TRY_VOID(unrepaired_.settle());
      return read;
    }();
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (!done) {
      outcome.failure = done.error();
    }
    outcome.report = std::move(report_);
    return outcome;
  }

 private:
  AheadSink sink() {
    return {.on_record = [this](const event::Record& record,
                                std::string_view data_json) { take(record, data_json); },
            .on_problem =
                [this](const Error& error) {
                  ++report_.problem_count;
                  if (report_.problems.size() < kMostProblems) {
                    report_.problems.push_back({error.where, error.offset, error.message});
                  }
                },
            .on_unread = [this](std::string_view path) { report_.unread.emplace_back(path); },
            .on_file =
                [this](std::string_view path, std::uint64_t bytes) {
                  ++report_.files;
                  report_.bytes += bytes;
                  progress_.file = path;
                },
            .on_progress =
                [this](std::uint64_t done, std::uint64_t total) {
                  progress_.bytes_done = done;
                  progress_.bytes_total = total;
                  progress_.records = report_.records;
                  if (request_.on_progress) {
                    request_.on_progress(progress_);
                  }
                }};
  }

  void end(Error error) {
    failure_ = std::move(error);
    stop_.request_stop();
  }

  void take(const event::Record& record, std::string_view data_json) {
    if (failure_) {
      return;
    }
    ++report_.records;
    report_.carved += record.carved ? 1 : 0;
    const normalize::Identity identity = normalizer_.identify(record);
    if (aliases_.failure()) {
      end(*aliases_.failure());
      return;
    }
    if (!devices_.contains(identity.device_id)) {
      const std::string device_id(identity.device_id);
      devices_.insert(device_id);
      const auto facts = known_.load(device_id);
      if (!facts) {
        end(facts.error());
        return;
      }
      processes_.of(device_id).load(*facts);
      unrepaired_.add(device_id);
    }
    if (!batch_->event_ids.insert(identity.event_id)) {
      ++report_.duplicates;
      return;
    }
    const normalize::Added added = normalizer_.add(record, identity, data_json, batch_->rows);
    batch_->note(identity.device_id, record.time, added.event_id, added.is_mapped);
    if (batch_->event_ids.size() >= kBatchRecords ||
        (batch_->event_ids.size() % 1024 == 0 && batch_->rows.bytes() >= kBatchBytes)) {
      if (auto flushed = flush(); !flushed) {
        end(flushed.error());
      }
    }
  }

  Result<void> flush() {
    if (!batch_->event_ids.empty()) {
      TRY_VOID(unrepaired_.save());
      batch_ = TRY(writer_.hand_over(std::move(batch_)));
    }
    return {};
  }

  Result<void> store_device_facts() {
    const enrich::DeviceFactTable& facts = normalizer_.device_facts();
    for (const auto& [id, device] : facts.devices()) {
      if (changed_.contains(id)) {
        TRY_VOID(target_.state.devices().see(id, device.name,
                                             device.first_seen == 0 ? kMaxTicks : device.first_seen,
                                             device.last_seen));
      }
    }
    event::Rows rows;
    facts.emit(rows, now_ticks(), &changed_);
    return target_.appender.append(rows.batches());
  }

  /// What a device's rows need, and what the next import of it starts with.
  struct Repaired {
    store::DeviceRewrite rewrite;
    std::string known;
  };
  using Repairs = std::map<std::string, Repaired, std::less<>>;

  Repaired plan_repair(const std::string& device_id) {
    const enrich::ProcessRepair repaired =
        enrich::repair_processes(device_id, processes_.of(device_id).facts());
    Repaired device;
    device.rewrite.device_id = device_id;
    for (const enrich::ProcessRewrite& rewrite : repaired.rewrites) {
      device.rewrite.rewrites.push_back(
          {rewrite.old_key, rewrite.new_key, rewrite.from, rewrite.to});
    }
    for (const enrich::ProcessCluster& cluster : repaired.clusters) {
      if (cluster.needs_fill) {
        device.rewrite.fills.push_back(
            {cluster.key, std::string(path_file_name(cluster.details->image)),
             std::string(cluster.details->image), std::string(cluster.details->command_line),
             cluster.start, cluster.ancestors});
      }
    }
    device.known = enrich::encode_facts(repaired.facts);
    return device;
  }

  Repairs plan_repairs() {
    Repairs planned;
    for (const std::string& device_id : devices_) {
      planned.emplace(device_id, plan_repair(device_id));
    }
    return planned;
  }

  Result<void> repair(Repairs planned) {
    std::vector<store::DeviceRewrite> devices;
    for (const std::string& device_id : changed_) {
      if (!planned.contains(device_id)) {
        planned.emplace(device_id, plan_repair(device_id));
      }
      devices.push_back(std::move(planned.find(device_id)->second.rewrite));
    }
    TRY_VOID(store::rewrite_processes(target_.client, devices));
    for (const std::string& device_id : changed_) {
      TRY_VOID(known_.save(device_id, planned.find(device_id)->second.known));
    }
    return {};
  }

  const ImportTarget& target_;
  const SourceImportRequest& request_;
  DeviceAliases aliases_;
  enrich::AliasDeviceResolver resolver_;
  enrich::ProcessTables processes_;
  KnownProcesses known_;
  normalize::Context context_;
  normalize::Normalizer normalizer_;
  RowsWriter writer_;
  std::unique_ptr<RowsBatch> batch_ = std::make_unique<RowsBatch>();
  std::set<std::string, std::less<>> devices_;
  std::set<std::string, std::less<>> changed_;  ///< to be repaired
  UnrepairedDevices unrepaired_;
  std::stop_source stop_;
  ImportReport report_;
  ImportProgress progress_;
  std::optional<Error> failure_;
};

}  // namespace

SourceImport import_from(const ImportTarget& target, const SourceImportRequest& request,
                         const RecordSource& source, const std::stop_token& stop) {
  return Trail(target, request).run(source, stop);
}

}  // namespace spoor::pipeline
