#pragma once
// Corrects what rows say of processes, once the process's start has arrived.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "store/client.h"

namespace spoor::store {

/// Rows of a device that carry `old_key` between `from` (inclusive) and `to` (exclusive) belong to
/// `new_key`. Of several that match a row the first counts.
struct KeyRewrite {
  std::int64_t old_key = 0;
  std::int64_t new_key = 0;
  Ticks from = 0;
  Ticks to = 0;
};

/// What the rows of a process (by their InitiatingProcessKey) are to say of it. Empty texts and 0
/// leave a row as it is.
struct ProcessFill {
  std::int64_t key = 0;
  std::string file_name;
  std::string folder_path;
  std::string command_line;
  Ticks creation_time = 0;
  std::vector<std::int64_t> ancestors;  ///< nearest first
};

/// The corrections of one device.
struct DeviceRewrite {
  std::string device_id;
  std::vector<KeyRewrite> rewrites;
  std::vector<ProcessFill> fills;
};

/// Applies the rewrites to the key columns of every table that has them, then the fills, and waits
/// until it is done. Keys are made of the device too, so those of several devices go into one
/// statement; tables without a row that is concerned are left alone. Doing it again changes
/// nothing.
Result<void> rewrite_processes(const Client& client, std::span<const DeviceRewrite> devices);

}  // namespace spoor::store
