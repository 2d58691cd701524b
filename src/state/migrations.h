#pragma once
// The numbered steps that bring a state database to the schema this build knows. Internal to the
// module.

#include "base/result.h"
#include "state/sqlite.h"

namespace spoor::state {

/// Number of the last migration of this build; stored in the file as `user_version`.
int newest_version();
/// Brings the database up to `version`, each step in a transaction of its own. Safe where several
/// processes open a new file at once. kConflict where the file is newer than this build,
/// kInvalidInput where it is no state database.
Result<void> migrate(Database& database, int version = newest_version());

}  // namespace spoor::state
