#pragma once
// Stores rows so that "stored" means on disk, once: architecture decisions 4 and 5.

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/id_set.h"
#include "base/result.h"
#include "event/batch.h"
#include "store/client.h"

namespace spoor::store {

/// Thread-safe: one batch is stored at a time.
class Appender {
 public:
  /// `wait_for_engine` returns once the engine answers again after it was lost, or with the reason
  /// why it will not.
  Appender(const Client& client, std::function<Result<void>()> wait_for_engine);

  /// Removes the rows of batches that were begun and never finished, because the writer or the
  /// machine died. Must come before existing_event_ids is asked; append() does it where it was not
  /// called. Only the one writer of a store may.
  Result<void> recover();

  /// Stores the rows of all tables as one batch, leaving out rows whose EventId is in `leave_out`.
  /// Sets BatchId and IngestTime. On return all rows are on disk; on an error none stays (where
  /// taking them back fails too, the next call of recover or append does it first), so the same
  /// records may be appended again. kNoSpace where the disk is full. Where the connection is lost
  /// half-way, the same insert is sent again under its token and then verified.
  Result<void> append(std::vector<event::Batch>& batches, const IdSet* leave_out = nullptr);
  /// Keeps the other threads from appending while it is held: from the question which records the
  /// store has to the append of those that it has not. append() may be called while holding it.
  [[nodiscard]] std::unique_lock<std::recursive_mutex> exclusive() {
    return std::unique_lock(mutex_);
  }

 private:
  /// Rows of one table that are sent together.
  struct Insert {
    const event::Batch* batch = nullptr;
    std::size_t part = 0;  ///< number among those of the table
    std::vector<std::uint32_t> rows;
    bool has_indexes = false;  ///< a partition has so many rows that skip indexes help

    /// As append_native wants them: none stand for all.
    [[nodiscard]] std::span<const std::uint32_t> selected() const {
      return rows.size() == batch->rows() ? std::span<const std::uint32_t>{} : std::span(rows);
    }
  };

  Result<void> remove_unfinished();
  Result<void> append_tables(std::vector<event::Batch>& batches, const IdSet* leave_out);
  Result<void> note_batch(std::int64_t batch_id, bool is_done);
  void add_inserts(event::Batch& batch, const IdSet* leave_out, std::vector<Insert>& inserts) const;
  Result<void> insert_all(const std::vector<Insert>& inserts);
  Result<void> insert_verified(const Insert& insert, std::string& native);

  std::recursive_mutex mutex_;
  const Client& client_;
  std::function<Result<void>()> wait_for_engine_;
  std::string native_;  // of a large insert; its memory is kept
  std::int64_t last_batch_id_ = 0;
  bool is_recovered_ = false;
};

}  // namespace spoor::store
