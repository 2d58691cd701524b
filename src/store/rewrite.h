#pragma once
// Corrects process keys of rows that were stored before the process's start was known.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "store/client.h"

namespace spoor::store {

/// Rows of a device that carry `old_key` between `from` (inclusive) and `to` (exclusive) belong to `new_key`.
/// The texts replace what the rows hold of the acting process where they are not empty.
struct KeyRewrite {
  std::int64_t old_key = 0;
  std::int64_t new_key = 0;
  Ticks from = 0;
  Ticks to = 0;
  std::string file_name;
  std::string folder_path;
  std::string command_line;
  Ticks creation_time = 0;  ///< 0: unknown, left as it is
};

/// Applies the rewrites to the key columns of every table that has them, and waits until they are done.
/// Doing it again changes nothing.
Result<void> rewrite_process_keys(const Client& client, const std::string& device_id,
                                  const std::vector<KeyRewrite>& rewrites);

}  // namespace spoor::store
