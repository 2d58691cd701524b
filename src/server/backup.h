#pragma once
// Back-up of a data folder into a folder or tar file, and the way back.

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "server/backup_manifest.h"
#include "server/snapshot.h"

namespace spoor::server {

struct BackupReport {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  double seconds = 0;
  Ticks made = 0;  ///< the moment that the backup shows
};

/// Copies a snapshot to `to`. kConflict where it exists; on an error nothing of it stays.
Result<BackupReport> write_backup(const std::string& data_folder, const Snapshot& snapshot,
                                  const std::string& to);

/// Makes `data_folder` (which must be absent or empty) of a backup: every file checked against its
/// hash, the tables made by this program and filled, their rows counted again. Errors: kConflict
/// where the folder is not empty or a newer program made the backup, kInvalidInput where the backup
/// is damaged; nothing stays then.
Result<BackupReport> restore_backup(const std::string& from, const std::string& data_folder);

}  // namespace spoor::server
