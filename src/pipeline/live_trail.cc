#include "pipeline/live_trail.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/id_set.h"
#include "base/log.h"
#include "base/text.h"
#include "enrich/process_fact_codec.h"
#include "enrich/process_repair.h"
#include "event/record_codec.h"
#include "event/rows.h"
#include "state/state.h"
#include "store/appender.h"
#include "store/existing.h"
#include "store/rewrite.h"

namespace spoor::pipeline {
namespace {

constexpr std::int64_t kLive = 1;  ///< retention class
constexpr std::size_t kJournalBlock = 1u << 20;
constexpr std::size_t kMostRefusedNames = 20;

}  // namespace

LiveTrail::Makers::Makers(LiveTrail& trail)
    : aliases(trail.target_.state),
      resolver(aliases),
      context{.devices = resolver,
              .processes = trail.processes_,
              .job_id = {},
              .reported_by = {},
              .retention_class = kLive},
      normalizer(context) {}

/// One batch in the making.
struct LiveTrail::Commit {
  struct Span {
    Ticks first = kMaxTicks;
    Ticks last = kYearOne;
    std::vector<std::int64_t> event_ids;
  };
  const std::vector<Request>& requests;
  std::vector<Receipt> receipts;
  std::vector<std::optional<Error>> unreadable;  ///< by request
  event::Rows rows;
  std::unordered_map<std::int64_t, std::size_t> owners;  ///< event id → request
  std::map<std::string, Span, std::less<>> devices;
  /// Decisions of a request's reporter by the computer's name.
  std::vector<std::map<std::string, bool, std::less<>>> allowed;
  event::RecordBlockWriter journal;
  std::vector<std::string> journal_blocks;

  explicit Commit(const std::vector<Request>& given)
      : requests(given), receipts(given.size()), unreadable(given.size()), allowed(given.size()) {}
};

LiveTrail::LiveTrail(const IntakeTarget& target)
    : target_(target), known_(target.processes_folder), makers_(std::make_unique<Makers>(*this)) {}

Result<void> LiveTrail::open() {
  const std::scoped_lock lock(mutex_);
  journal_ = std::make_unique<RecordJournal>(TRY(RecordJournal::open(target_.processes_folder)));
  Result<void> done;
  event::Rows unused;
  TRY_VOID(journal_->replay([&](const event::Record& record) {
    if (!done) {
      return;
    }
    done = [&]() -> Result<void> {
      const normalize::Identity identity = makers_->normalizer.identify(record);
      TRY_VOID(check_aliases());
      TRY_VOID(load_known(identity.device_id));
      makers_->normalizer.add(record, identity, unused);
      changed_.emplace(identity.device_id);
      constexpr std::size_t kUnusedRows = 10'000;
      if (unused.row_count() > kUnusedRows) {
        unused.clear();
      }
      return {};
    }();
  }));
  return done;
}

/// The rules cannot pass a failure of the state on; it shows here, and the next try starts anew.
Result<void> LiveTrail::check_aliases() {
  if (!makers_->aliases.failure()) {
    return {};
  }
  const Error error = *makers_->aliases.failure();
  facts_.merge(makers_->normalizer.device_facts());
  makers_ = std::make_unique<Makers>(*this);
  return fail(error);
}

std::string LiveTrail::signature(const std::string& device_id) const {
  struct stat status{};
  const std::string path = target_.processes_folder + "/" + device_id;
  if (::stat(path.c_str(), &status) != 0) {
    return "none";
  }
  return fmt::format("{} {} {} {}", status.st_ino, status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec);
}

/// What was known of the device before goes in front of its first record.
Result<void> LiveTrail::load_known(std::string_view device_id) {
  if (devices_.contains(device_id)) {
    return {};
  }
  std::string id(device_id);
  Device device;
  device.saved_as = signature(id);
  const auto facts = TRY(known_.load(id));
  processes_.of(id).load(facts);
  devices_.emplace(std::move(id), std::move(device));
  return {};
}

Result<bool> LiveTrail::may_report(Commit& commit, std::size_t request,
                                   const event::Record& record) {
  auto& decisions = commit.allowed[request];
  const auto known = decisions.find(record.computer);
  if (known != decisions.end()) {
    return known->second;
  }
  const Reporter& reporter = *commit.requests[request].reporter;
  const std::string device_id = makers_->resolver.find(record.computer);
  TRY_VOID(check_aliases());
  const bool allowed = reporter.may_report && reporter.may_report({device_id, record.computer});
  decisions.emplace(std::string(record.computer), allowed);
  auto& names = commit.receipts[request].refused_computers;
  if (!allowed && names.size() < kMostRefusedNames) {
    names.emplace_back(record.computer);
  }
  return allowed;
}

Result<void> LiveTrail::take(Commit& commit, std::size_t request, const event::Record& record) {
  Receipt& receipt = commit.receipts[request];
  ++receipt.records;
  if (!TRY(may_report(commit, request, record))) {
    ++receipt.refused;
    return {};
  }
  makers_->context.reported_by = commit.requests[request].reporter->name;
  const normalize::Identity identity = makers_->normalizer.identify(record);
  TRY_VOID(check_aliases());
  if (!commit.owners.emplace(identity.event_id, request).second) {
    ++receipt.duplicates;
    return {};
  }
  TRY_VOID(load_known(identity.device_id));
  makers_->normalizer.add(record, identity, commit.rows);
  auto span = commit.devices.find(identity.device_id);
  if (span == commit.devices.end()) {
    span = commit.devices.emplace(std::string(identity.device_id), Commit::Span{}).first;
  }
  span->second.first = std::min(span->second.first, record.time);
  span->second.last = std::max(span->second.last, record.time);
  span->second.event_ids.push_back(identity.event_id);
  commit.journal.add(record);
  if (commit.journal.bytes() >= kJournalBlock) {
    commit.journal.finish(commit.journal_blocks.emplace_back());
  }
  return {};
}

Result<std::vector<Result<Receipt>>> LiveTrail::commit(const std::vector<Request>& requests) {
  Commit commit(requests);
  {
    const std::scoped_lock lock(mutex_);
    event::RecordBlockReader reader;
    for (std::size_t request = 0; request < requests.size(); ++request) {
      for (const std::string& block : *requests[request].blocks) {
        Result<void> taken;
        const auto read = reader.read(block, [&](const event::Record& record) {
          if (taken) {
            taken = take(commit, request, record);
          }
        });
        TRY_VOID(taken);
        if (!read) {
          // Its own fault, and no other's.
          commit.unreadable[request] = read.error();
          break;
        }
      }
    }
    if (commit.journal.records() > 0) {
      commit.journal.finish(commit.journal_blocks.emplace_back());
    }
    TRY_VOID(journal_->append(commit.journal_blocks));
    for (const auto& [device_id, span] : commit.devices) {
      changed_.insert(device_id);
    }
  }
  TRY_VOID(store(commit));
  list_new_devices(commit);
  std::vector<Result<Receipt>> outcomes;
  for (std::size_t request = 0; request < requests.size(); ++request) {
    if (commit.unreadable[request]) {
      outcomes.push_back(fail(*commit.unreadable[request]));
    } else {
      outcomes.push_back(std::move(commit.receipts[request]));
    }
  }
  return outcomes;
}

Result<void> LiveTrail::store(Commit& commit) {
  // Between the question and the answer's use nobody else may store, or a record that comes by two
  // ways at once would be stored twice.
  const auto writing = target_.appender.exclusive();
  TRY_VOID(target_.appender.recover());
  IdSet existing;
  std::vector<store::WantedRecords> wanted;
  for (const auto& [device_id, span] : commit.devices) {
    wanted.push_back({device_id, span.first, span.last, &span.event_ids});
  }
  existing.insert_all(TRY(store::existing_event_ids(target_.client, wanted)));
  TRY_VOID(target_.appender.append(commit.rows.batches(), existing.empty() ? nullptr : &existing));
  for (const auto& [event_id, request] : commit.owners) {
    ++(existing.contains(event_id) ? commit.receipts[request].duplicates
                                   : commit.receipts[request].stored);
  }
  return {};
}

/// A device is in the list when its first records are acknowledged. Where that fails the commit
/// holds nevertheless: upkeep does it again.
void LiveTrail::list_new_devices(const Commit& commit) {
  Names fresh;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [device_id, span] : commit.devices) {
      if (!devices_.at(device_id).is_listed) {
        fresh.insert(device_id);
      }
    }
  }
  if (!fresh.empty()) {
    if (const auto listed = store_device_facts(fresh); !listed) {
      log::warning("intake.devices_not_listed", {{"error", listed.error().to_string()}});
    }
  }
}

std::uint64_t LiveTrail::journal_bytes() {
  const std::scoped_lock lock(mutex_);
  return journal_->bytes();
}

Result<void> LiveTrail::upkeep() {
  const std::scoped_lock one(upkeep_mutex_);
  Names devices;
  std::uint64_t keep_from = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (changed_.empty() && journal_->bytes() == 0) {
      return {};
    }
    keep_from = TRY(journal_->rotate());
    devices.swap(changed_);
  }
  const auto done = [&]() -> Result<void> {
    TRY_VOID(store_device_facts(devices));
    TRY_VOID(repair(devices));
    const std::scoped_lock lock(mutex_);
    return journal_->remove_below(keep_from);
  }();
  if (!done) {
    const std::scoped_lock lock(mutex_);
    changed_.merge(devices);
  }
  return done;
}

Result<void> LiveTrail::store_device_facts(const Names& devices) {
  enrich::DeviceFactTable facts;
  {
    const std::scoped_lock lock(mutex_);
    facts.merge(facts_);
    facts.merge(makers_->normalizer.device_facts());
  }
  TRY_VOID(target_.state.in_transaction([&]() -> Result<void> {
    for (const auto& [id, device] : facts.devices()) {
      if (devices.contains(id)) {
        TRY_VOID(target_.state.devices().see(id, device.name,
                                             device.first_seen == 0 ? kMaxTicks : device.first_seen,
                                             device.last_seen));
      }
    }
    return {};
  }));
  event::Rows rows;
  facts.emit(rows, now_ticks(), &devices);
  TRY_VOID(target_.appender.append(rows.batches()));
  const std::scoped_lock lock(mutex_);
  for (const std::string& id : devices) {
    if (const auto device = devices_.find(id); device != devices_.end()) {
      device->second.is_listed = true;
    }
  }
  return {};
}

/// Where an import has written the device's file meanwhile, what it learnt is taken in.
Result<void> LiveTrail::take_over_import(const std::string& device_id, Device& device) {
  const std::string now = signature(device_id);
  if (now == device.saved_as) {
    return {};
  }
  const auto theirs = TRY(known_.load(device_id));
  enrich::ProcessTable& table = processes_.of(device_id);
  auto all = table.facts();
  all.insert(all.end(), theirs.begin(), theirs.end());
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  table.restart(all);
  device.saved_as = now;
  return {};
}

Result<void> LiveTrail::repair(const Names& devices) {
  for (const std::string& device_id : devices) {
    enrich::ProcessTable& table = processes_.of(device_id);
    std::vector<enrich::ProcessFact> before;
    {
      const std::scoped_lock lock(mutex_);
      TRY_VOID(take_over_import(device_id, devices_.at(device_id)));
      before = table.facts();
    }
    enrich::ProcessRepair repaired = enrich::repair_processes(device_id, before);
    store::DeviceRewrite rewrite;
    rewrite.device_id = device_id;
    for (const enrich::ProcessRewrite& each : repaired.rewrites) {
      rewrite.rewrites.push_back({each.old_key, each.new_key, each.from, each.to});
    }
    for (const enrich::ProcessCluster& cluster : repaired.clusters) {
      if (cluster.needs_fill) {
        rewrite.fills.push_back({cluster.key, std::string(path_file_name(cluster.details->image)),
                                 std::string(cluster.details->image),
                                 std::string(cluster.details->command_line), cluster.start,
                                 cluster.ancestors});
      }
    }
    const bool is_changed = !rewrite.rewrites.empty() || !rewrite.fills.empty();
    if (is_changed) {
      TRY_VOID(store::rewrite_processes(target_.client, {&rewrite, 1}));
    }
    TRY_VOID(known_.save(device_id, enrich::encode_facts(repaired.facts)));

    // What came while the store was corrected is still to be repaired: it is added to what is known
    // now.
    const std::scoped_lock lock(mutex_);
    Device& device = devices_.at(device_id);
    device.saved_as = signature(device_id);
    if (is_changed || before.size() > 2 * device.facts_after_repair) {
      std::vector<enrich::ProcessFact> after = table.facts();
      std::ranges::sort(after);
      std::ranges::sort(before);
      std::ranges::set_difference(after, before, std::back_inserter(repaired.facts));
      table.restart(repaired.facts);
      device.facts_after_repair = repaired.facts.size();
    }
  }
  return {};
}

}  // namespace spoor::pipeline
