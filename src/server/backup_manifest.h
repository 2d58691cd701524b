#pragma once
// What a backup says of itself: versions, rows of each table, every file with its hash.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::server {

inline constexpr int kBackupFormat = 1;
/// Name of the manifest within a backup; written last, so that a backup without it is no backup.
inline constexpr std::string_view kManifestName = "manifest.json";

struct BackupFile {
  std::string path;  ///< relative, as is_backup_path allows
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct TableCount {
  std::string table;
  std::uint64_t rows = 0;
};

struct BackupManifest {
  Ticks made = 0;
  std::uint32_t schema_version = 0;  ///< of the store
  int state_version = 0;             ///< of the state database
  std::vector<TableCount> tables;
  std::vector<BackupFile> files;

  [[nodiscard]] std::string to_json() const;
  /// Reads and checks: kInvalidInput where it is damaged or names what a backup cannot hold,
  /// kConflict where a newer program made it.
  static Result<BackupManifest> read(std::string_view json);
};

/// True for what a backup may hold: state.sqlite, spoor.toml, tls/NAME, processes/NAME and
/// store/TABLE/PART/…; names of letters, digits and `_ - .`, none starts with a dot.
bool is_backup_path(std::string_view path);

/// Rows of each table, counted as often as needed with the same answer: of snapshot tables the
/// newest version of a row alone counts, for older ones go whenever the engine merges.
std::vector<std::pair<std::string, std::string>> count_statements();

}  // namespace spoor::server
