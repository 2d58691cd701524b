#pragma once
// Takes from the process what it has no need of, before it touches anybody's data: files, the
// network, new programs. What is taken never comes back. For the engine's process and for the
// children that parse files of strangers.

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace spoor::cage {

enum class FileCage : std::uint8_t {
  kNone = 0,      ///< the kernel offers nothing: reads of hunters must be refused
  kLandlock = 1,  ///< Landlock rules
  kMounts = 2,    ///< a mount namespace of its own (root only)
};

/// Limits the file system to `folder` (read, write) and to the paths of `readable` that exist.
Result<FileCage> enter_file_cage(const std::string& folder, std::span<const char* const> readable);

/// Takes all paths away: what is open stays usable, nothing else can be opened. kNone where the
/// kernel has no Landlock; allow_parser_calls() refuses to open files all the same.
Result<FileCage> give_up_files();

/// Forbids new sockets and connections, new programs, tracing, mounts and io_uring. Sockets that
/// are open stay so.
Result<void> forbid_dangerous_calls();

/// Allows what a parser needs that reads from and writes to open descriptors: memory, reading,
/// writing, time, its own end. Every other call fails with EPERM. For a process of one thread.
Result<void> allow_parser_calls();

}  // namespace spoor::cage
