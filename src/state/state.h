#pragma once
// What people and the program itself decide and record, apart from telemetry: devices and their
// names, jobs, settings, users and what proves them, the audit log. One SQLite file; several
// processes may open it, one writes at a time.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "state/audit.h"
#include "state/device_edits.h"
#include "state/device_groups.h"
#include "state/devices.h"
#include "state/jobs.h"
#include "state/marks.h"
#include "state/saved_views.h"
#include "state/sessions.h"
#include "state/settings.h"
#include "state/tokens.h"
#include "state/users.h"

namespace spoor::state {

class Core;

/// Thread-safe, as are the repositories it hands out (which live as long as it does). Every call
/// that writes is one transaction, on disk when it returns. Errors of all calls: kNoSpace, kIo,
/// kUnavailable (another process has been writing for ten seconds), kInvalidInput (the file is
/// damaged), besides those named at each.
class State {
 public:
  /// Opens the file, makes it where there is none, and brings it to the schema of this build.
  /// kConflict where a newer build wrote it, kInvalidInput where it is no state database.
  static Result<std::unique_ptr<State>> open(const std::string& path);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Devices& devices() { return devices_; }
  Jobs& jobs() { return jobs_; }
  Settings& settings() { return settings_; }
  AuditLog& audit() { return audit_; }
  Users& users() { return users_; }
  Sessions& sessions() { return sessions_; }
  Tokens& tokens() { return tokens_; }
  DeviceGroups& device_groups() { return device_groups_; }
  Marks& marks() { return marks_; }
  DeviceEdits& device_edits() { return device_edits_; }
  SavedViews& saved_views() { return saved_views_; }
  PersonSettings& person_settings() { return person_settings_; }

  /// Writes what is committed now into a new file, mode 0600, while others go on. The file must not
  /// exist.
  Result<void> copy_to(const std::string& path);
  /// Version that open() brings a file to.
  static int newest_schema_version();

  /// Makes the calls inside `body` one transaction: all of them hold, or none. For an effect and
  /// its audit entry.
  Result<void> in_transaction(const std::function<Result<void>()>& body);

 private:
  explicit State(std::unique_ptr<Core> core);

  std::unique_ptr<Core> core_;
  Devices devices_;
  Jobs jobs_;
  Settings settings_;
  AuditLog audit_;
  Users users_;
  Sessions sessions_;
  Tokens tokens_;
  DeviceGroups device_groups_;
  Marks marks_;
  DeviceEdits device_edits_;
  SavedViews saved_views_;
  PersonSettings person_settings_;
};

}  // namespace spoor::state
