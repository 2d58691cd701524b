#pragma once
// The processes of a device under their parents. Parents are followed by key, not by the ancestry
// noted on rows.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_views.h"

namespace spoor::investigate {

struct ProcessNode {
  std::int64_t key = 0;
  std::int64_t parent_key = 0;  ///< 0: unknown
  std::int64_t process_id = -1;
  Ticks started = 0;  ///< 0: unknown
  std::string file_name;
  std::string command_line;
  std::string account;       ///< DOMAIN\name
  bool is_inferred = false;  ///< no record of its start; known from what it did
  int depth = 0;
};

struct ProcessTreeRequest {
  std::string device_id;
  std::int64_t process_key = 0;  ///< start here, its ancestors above it; 0: all of the device
  int depth = 32;                ///< generations below the start
  std::int64_t most = 10'000;    ///< processes
};

struct ProcessTree {
  std::vector<ProcessNode> nodes;  ///< parents before children, siblings by creation
  bool truncated = false;          ///< there are more processes than were asked for
};

/// kNotFound where the process is not known.
Result<ProcessTree> process_tree(const Views& views, const ProcessTreeRequest& request);

}  // namespace spoor::investigate
