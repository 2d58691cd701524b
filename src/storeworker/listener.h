#pragma once
// What the worker holds alone: its data folder's lock, and its socket.

#include <string>

#include "base/result.h"

namespace spoor::storeworker {

/// Locks `path` for the life of the process (the descriptor is kept open on purpose). kConflict
/// names the owner's pid.
Result<void> take_lock(const std::string& path);

/// A Unix socket of mode 0600 bound at `path`, not yet listening; what a dead worker left there is
/// replaced.
Result<int> bind_at(const std::string& path);
/// From here on clients can connect.
Result<void> start_listening(int socket);

/// Writes a file of mode 0600.
Result<void> write_private_file(const std::string& path, const std::string& text);

}  // namespace spoor::storeworker
