#pragma once
// The processes of a device under their parents. Parents are followed by key, not by the ancestry
// noted on rows.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_key.h"
#include "investigate/device_views.h"

namespace spoor::investigate {

/// What a process is known to have done, and how long it is known to have lived.
struct ProcessActs {
  std::int64_t process = 0;  ///< starts of processes and what it did to others
  std::int64_t network = 0;  ///< DNS and firewall too
  std::int64_t file = 0;     ///< modules and drivers too
  std::int64_t registry = 0;
  std::int64_t other = 0;
  Ticks last = 0;                       ///< 0: no act is known
  Ticks ended = 0;                      ///< 0: no record of its end
  std::vector<std::string> techniques;  ///< seen in its start and its acts, sorted
};

struct ProcessNode {
  std::int64_t key = 0;
  std::int64_t parent_key = 0;  ///< 0: unknown
  std::int64_t process_id = -1;
  Ticks started = 0;  ///< 0: unknown
  std::string file_name;
  std::string command_line;
  std::string account;       ///< DOMAIN\name
  std::string integrity;     ///< Low, Medium, High, System; empty: unknown
  std::string elevation;     ///< kind of token, as Windows names it; empty: unknown
  bool is_inferred = false;  ///< no record of its start; known from what it did
  int depth = 0;
  bool has_more = false;  ///< it has children that are not among the nodes (deeper, or folded)
  std::optional<ProcessActs> acts;  ///< where they were asked for
};

struct ProcessTreeRequest {
  DeviceKey device;
  std::int64_t process_key = 0;  ///< start here, its ancestors above it; 0: all of the device
  int depth = 32;                ///< generations below the start
  std::int64_t most = 10'000;    ///< processes
  bool siblings = false;         ///< count the start's siblings as folds of its parent
  bool acts = false;             ///< tell what each process did and when it ended
};

/// Children of one parent with one file name that are counted, not shown.
struct ProcessFold {
  std::int64_t parent_key = 0;
  std::string file_name;
  std::int64_t count = 0;
  bool is_sibling = false;  ///< siblings of the start; else left out because there were too many
};

struct ProcessTree {
  std::vector<ProcessNode> nodes;  ///< parents before children, siblings by creation
  std::vector<ProcessFold> folds;
  bool truncated = false;  ///< there are more processes than were asked for
  /// Processes below the start as far as rows note their ancestors; nothing where the tree is
  /// complete, or is of a whole device.
  std::optional<std::int64_t> known_descendants;
};

/// kNotFound where the process is not known.
Result<ProcessTree> process_tree(const Views& views, const ProcessTreeRequest& request);

}  // namespace spoor::investigate
