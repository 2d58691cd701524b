#include "state/core.h"

namespace spoor::state {

Result<void> Core::begin() {
  TRY_VOID(writer_->execute(depth_ == 0 ? "BEGIN IMMEDIATE" : "SAVEPOINT inner_step"));
  ++depth_;
  owner_ = std::this_thread::get_id();
  return {};
}

Result<void> Core::end(bool keep) {
  --depth_;
  if (depth_ > 0) {
    // Savepoints of one name stack: both statements mean the innermost.
    return writer_->execute(keep ? "RELEASE inner_step"
                                 : "ROLLBACK TO inner_step; RELEASE inner_step");
  }
  owner_ = std::thread::id();
  if (!keep) {
    // A failure of the disk may have ended the transaction already; the cause has been told.
    static_cast<void>(writer_->execute("ROLLBACK"));
    return {};
  }
  Result<void> committed = writer_->execute("COMMIT");
  if (!committed) {
    static_cast<void>(writer_->execute("ROLLBACK"));
  }
  return committed;
}

}  // namespace spoor::state
