#pragma once
// Stores batches of rows on a thread of its own, while the next one is being made.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/id_set.h"
#include "base/result.h"
#include "base/ticks.h"
#include "event/rows.h"

namespace spoor::store {
class Appender;
class Client;
}  // namespace spoor::store

namespace spoor::pipeline {

/// A batch is handed over once it has so many records, or rows of so many bytes.
inline constexpr std::size_t kBatchRecords = 50'000;
inline constexpr std::size_t kBatchBytes = 96u << 20;

/// The rows of some records, and what is needed to leave out those that the store has.
struct RowsBatch {
  struct Item {
    std::int64_t event_id = 0;
    bool is_mapped = false;
  };
  /// Records of one device: the span of their times bounds the look-up.
  struct DeviceSpan {
    Ticks first = kMaxTicks;
    Ticks last = kYearOne;
    std::vector<std::int64_t> event_ids;
  };
  event::Rows rows;
  IdSet event_ids;
  std::vector<Item> items;
  std::map<std::string, DeviceSpan, std::less<>> devices;

  void note(std::string_view device_id, Ticks time, std::int64_t event_id, bool is_mapped);
  void clear();
};

struct WriteTotals {
  std::uint64_t rows = 0;         ///< of hunting tables
  std::uint64_t source_only = 0;  ///< records stored that no hunting table has
  std::uint64_t duplicates = 0;   ///< records that the store had
};

class RowsWriter {
 public:
  RowsWriter(const store::Client& client, store::Appender& appender);
  ~RowsWriter();

  /// Takes a batch and gives an empty one back. Waits while another is being stored (there are
  /// never more than two). Fails with the error that an earlier batch met.
  Result<std::unique_ptr<RowsBatch>> hand_over(std::unique_ptr<RowsBatch> batch);
  /// Waits until everything is on disk.
  Result<WriteTotals> finish();
  /// Devices that got at least one new record; after finish().
  [[nodiscard]] const std::set<std::string, std::less<>>& changed_devices() const {
    return changed_;
  }

 private:
  void work();
  Result<void> store(RowsBatch& batch);

  const store::Client& client_;
  store::Appender& appender_;
  std::mutex mutex_;
  std::condition_variable changed_state_;
  std::unique_ptr<RowsBatch> waiting_;  // handed over, not yet taken
  std::unique_ptr<RowsBatch> spare_;
  bool is_storing_ = false;
  bool is_ending_ = false;
  std::optional<Error> failure_;
  WriteTotals totals_;
  std::set<std::string, std::less<>> changed_;
  std::thread thread_;
};

}  // namespace spoor::pipeline
