#pragma once
// The content of a data folder at one moment, held still inside the folder while the program goes
// on: hard links of telemetry, a copy of the state. Costs no space until the engine merges.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "server/backup_manifest.h"

namespace spoor::server {

class Workspace;

struct SnapshotFile {
  std::string name;    ///< in a backup: "store/DeviceEvents/…", see is_backup_path
  std::string source;  ///< path of the file
};

/// A snapshot that was taken, as its own file in the data folder tells of it.
struct Snapshot {
  std::string id;
  Ticks made = 0;
  std::vector<TableCount> tables;
  /// Folders of frozen parts below the data folder, with the table each is of.
  std::vector<std::pair<std::string, std::string>> parts;

  /// All files that a backup of it holds, by name.
  [[nodiscard]] Result<std::vector<SnapshotFile>> files(const std::string& data_folder) const;
};

/// Takes a snapshot; appends wait meanwhile (some milliseconds a table).
Result<Snapshot> take_snapshot(Workspace& workspace);
/// Reads a snapshot that the owner of the folder took. kNotFound.
Result<Snapshot> read_snapshot(const std::string& data_folder, std::string_view id);
/// Removes a snapshot; one that is not there is no error. kInvalidInput for what is no id.
Result<void> drop_snapshot(const std::string& data_folder, std::string_view id);
/// Removes what an earlier owner of the folder left.
void drop_all_snapshots(const std::string& data_folder);

}  // namespace spoor::server
