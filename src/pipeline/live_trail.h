#pragma once
// The part of live intake that makes rows: who may speak for a device, which records are new, what
// is known of processes. Internal to the module.

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enrich/process_table.h"
#include "normalize/normalizer.h"
#include "pipeline/device_aliases.h"
#include "pipeline/known_processes.h"
#include "pipeline/live_intake.h"
#include "pipeline/record_journal.h"

namespace spoor::pipeline {

using Names = std::set<std::string, std::less<>>;

/// Thread-safe: one thread commits, one looks after what is known.
class LiveTrail {
 public:
  explicit LiveTrail(const IntakeTarget& target);

  /// Opens the journal and takes what it holds into the tables.
  Result<void> open();
  /// Stores the requests as one batch: on success all are on disk, and there is a receipt for each,
  /// or the reason why it could not be read; on failure none is.
  struct Request {
    const Reporter* reporter = nullptr;
    const std::vector<std::string>* blocks = nullptr;
  };
  Result<std::vector<Result<Receipt>>> commit(const std::vector<Request>& requests);
  /// Repairs and saves what commits have taught since the last time. Commits go on meanwhile.
  Result<void> upkeep();
  [[nodiscard]] std::uint64_t journal_bytes();

 private:
  /// What fails with the state and is then made anew.
  struct Makers {
    explicit Makers(LiveTrail& trail);
    DeviceAliases aliases;
    enrich::AliasDeviceResolver resolver;
    normalize::Context context;
    normalize::Normalizer normalizer;
  };
  struct Commit;
  /// A device whose facts are to be looked after.
  struct Device {
    std::string saved_as;  ///< signature of the file as it was written or read last
    std::size_t facts_after_repair = 0;
    bool is_listed = false;  ///< the device list has it
  };

  Result<void> take(Commit& commit, std::size_t request, const event::Record& record);
  Result<bool> may_report(Commit& commit, std::size_t request, const event::Record& record);
  Result<void> load_known(std::string_view device_id);
  Result<void> store(Commit& commit);
  Result<void> check_aliases();
  Result<void> repair(const Names& devices);
  Result<void> take_over_import(const std::string& device_id, Device& device);
  void list_new_devices(const Commit& commit);
  Result<void> store_device_facts(const Names& devices);
  [[nodiscard]] std::string signature(const std::string& device_id) const;

  const IntakeTarget& target_;
  KnownProcesses known_;
  enrich::ProcessTables processes_;
  /// Under it: makers_, journal_, devices_, changed_, and the making of rows.
  std::mutex mutex_;
  std::unique_ptr<Makers> makers_;
  enrich::DeviceFactTable facts_;  ///< of makers that are gone
  std::unique_ptr<RecordJournal> journal_;
  std::map<std::string, Device, std::less<>> devices_;
  Names changed_;
  std::mutex upkeep_mutex_;
};

}  // namespace spoor::pipeline
