#pragma once
// Brings the store to the schema of this build.

#include <cstdint>

#include "base/result.h"
#include "store/client.h"

namespace spoor::store {

struct MigrateOptions {
  /// Inserts stop when less than this is free, so that a full disk can still be cleared (engine's
  /// min_free_disk_bytes_to_perform_insert).
  std::uint64_t reserve_bytes = 1ULL << 30;
};

/// Makes the database and tables that are missing, adds columns and indexes that an older version
/// lacks, and notes the version. kConflict where a newer build has written the store: it is left
/// untouched.
Result<void> migrate(const Client& client, const MigrateOptions& options);

}  // namespace spoor::store
