#pragma once
// Takes from the process what the engine has no need of, before the engine is loaded with anybody's
// data: every file outside of its own folder, the network, and new programs. What is taken never
// comes back.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace spoor::storeworker {

enum class FileCage : std::uint8_t {
  kNone = 0,      ///< the kernel offers nothing: reads of hunters must be refused
  kLandlock = 1,  ///< Landlock rules
  kMounts = 2,    ///< a mount namespace of its own (root only)
};

/// Limits the file system to `folder` (read, write) and to the system folders that the C library
/// and the engine read. /etc is not among them, save for the time zone.
Result<FileCage> enter_file_cage(const std::string& folder);

/// Forbids new sockets and connections, new programs, tracing, mounts and io_uring. Sockets that
/// are open stay so.
Result<void> enter_call_cage();

}  // namespace spoor::storeworker
