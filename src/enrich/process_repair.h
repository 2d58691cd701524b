#pragma once
// Makes the processes of a device one tree, whatever the order in which their events arrived. Pure:
// the same facts give the same answer in any order. Runs at the end of an import; the caller
// applies the rewrites to the store.

#include <cstdint>
#include <string_view>
#include <vector>

#include "enrich/process_facts.h"

namespace spoor::enrich {

/// One process after the repair. Rows with `key` in InitiatingProcessKey take what they lack from
/// here.
struct ProcessCluster {
  std::int64_t key = 0;
  std::int64_t pid = 0;
  Ticks start = 0;  ///< 0 unknown
  Ticks end = 0;    ///< 0 unknown
  SharedDetails details;
  std::int64_t parent_key = 0;
  std::int64_t parent_pid = -1;
  std::vector<std::int64_t> ancestors;  ///< nearest first
  /// True where rows of this process were made while less was known of it or of its ancestors.
  bool needs_fill = false;
};

/// Rows with `old_key` in ProcessKey or InitiatingProcessKey and a time in [from, to) get
/// `new_key`.
struct ProcessRewrite {
  std::int64_t old_key = 0;
  Ticks from = 0;
  Ticks to = 0;
  std::int64_t new_key = 0;
  auto operator<=>(const ProcessRewrite&) const = default;
};

struct ProcessRepair {
  std::vector<ProcessCluster> clusters;  ///< ordered by pid, then start
  /// Of those that match a row, the first one counts: rewrites of a span come before those of all
  /// time.
  std::vector<ProcessRewrite> rewrites;
  /// The facts as they stand once the rewrites are applied and the clusters that need it are filled
  /// in: what the next import of the device starts with (ProcessTable::load).
  std::vector<ProcessFact> facts;
  /// Cluster by key; null where there is none.
  [[nodiscard]] const ProcessCluster* find(std::int64_t key) const;
};

ProcessRepair repair_processes(std::string_view device_id, std::vector<ProcessFact> facts);

}  // namespace spoor::enrich
