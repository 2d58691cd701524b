#pragma once
// What the repositories share: a connection that writes and one that reads, each behind a lock.
// Internal to the module.

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "state/sqlite.h"

namespace spoor::state {

/// Thread-safe. A thread that holds a transaction reads what it has written; others read the last
/// committed state.
class Core {
 public:
  Core(std::unique_ptr<Database> writer, std::unique_ptr<Database> reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}

  /// Runs `body(Database&)` -> Result<T> in a transaction, undone where it fails. Transactions
  /// nest.
  template <class Body>
  auto write(Body&& body) -> decltype(body(std::declval<Database&>())) {
    const std::lock_guard lock(writer_mutex_);
    TRY_VOID(begin());
    auto result = body(*writer_);
    TRY_VOID(end(result.has_value()));
    return result;
  }

  /// Runs `body(Database&)` on a connection that sees committed data, or the own transaction of
  /// this thread.
  template <class Body>
  auto read(Body&& body) -> decltype(body(std::declval<Database&>())) {
    if (owner_.load() == std::this_thread::get_id()) {
      return body(*writer_);
    }
    const std::lock_guard lock(reader_mutex_);
    return body(*reader_);
  }

 private:
  Result<void> begin();
  Result<void> end(bool keep);

  std::recursive_mutex writer_mutex_;
  std::mutex reader_mutex_;
  std::unique_ptr<Database> writer_;
  std::unique_ptr<Database> reader_;
  int depth_ = 0;                       ///< transactions inside one another; under writer_mutex_
  std::atomic<std::thread::id> owner_;  ///< the thread inside a transaction
};

}  // namespace spoor::state
