#pragma once
// What reading an import may cost, whatever its archives claim.

#include <cstdint>
#include <functional>
#include <string>

#include "base/file.h"

namespace spoor::ingest {

/// The bounds of an archive hold for one file on disk with everything that is packed inside it, at
/// any depth.
struct Limits {
  std::uint64_t archive_bytes = 256ULL << 30;  ///< unpacked, in all
  std::uint64_t member_bytes = 32ULL << 30;    ///< unpacked, one member
  std::uint64_t members = 100'000;
  int depth = 3;                            ///< archives inside one another
  std::uint64_t ratio = 200;                ///< unpacked bytes for each byte on disk …
  std::uint64_t ratio_floor = 64ULL << 20;  ///< … once more than this has been unpacked
  std::uint64_t memory_bytes = 256ULL
                               << 20;  ///< held in memory; larger members go to an unnamed file
  int folder_depth = 256;
  std::string spool_folder;  ///< for unnamed files; empty: $TMPDIR, else /tmp
  /// Where unnamed files come from instead: an open, empty one for a member that stands inside so
  /// many archives (from 1). The one before of the same depth is closed by then.
  std::function<Result<FileHandle>(int depth)> open_spool;
};

}  // namespace spoor::ingest
