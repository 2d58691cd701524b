#include "state/state.h"

#include <fcntl.h>

#include "base/file.h"
#include "state/core.h"
#include "state/migrations.h"
#include "state/sqlite.h"

namespace spoor::state {

State::State(std::unique_ptr<Core> core)
    : core_(std::move(core)),
      devices_(*core_),
      jobs_(*core_),
      settings_(*core_),
      audit_(*core_),
      users_(*core_),
      sessions_(*core_),
      tokens_(*core_),
      device_groups_(*core_),
      marks_(*core_),
      device_edits_(*core_),
      saved_views_(*core_),
      person_settings_(*core_) {}

State::~State() = default;

Result<std::unique_ptr<State>> State::open(const std::string& path) {
  // Made here so that it is readable by its owner alone; SQLite gives its journals the mode of the
  // file.
  {
    const FileHandle made(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  }
  std::unique_ptr<Database> writer = TRY(Database::open(path));
  TRY_VOID(migrate(*writer));
  std::unique_ptr<Database> reader = TRY(Database::open(path));
  TRY_VOID(reader->execute("PRAGMA query_only=ON"));
  return std::unique_ptr<State>(
      new State(std::make_unique<Core>(std::move(writer), std::move(reader))));
}

Result<void> State::in_transaction(const std::function<Result<void>()>& body) {
  return core_->write([&](Database&) { return body(); });
}

}  // namespace spoor::state
