#pragma once
// The audit log: who did what to what, when. Entries are added; the database itself refuses to
// change or remove them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {

class Core;

struct AuditEntry {
  std::int64_t id = 0;  ///< given by the log, rising
  Ticks time = 0;
  std::string actor;          ///< user, token or "system"
  std::string action;         ///< "device.merge"
  std::string object;         ///< what it was done to, e.g. a device id; may be empty
  std::string detail = "{}";  ///< JSON
};

class AuditLog {
 public:
  explicit AuditLog(Core& core) : core_(core) {}

  /// Adds an entry (its `id` is ignored) and says its id. kConflict where `action` is empty or
  /// `detail` no JSON.
  Result<std::int64_t> append(const AuditEntry& entry);
  /// Up to `limit` entries with ids below `before_id`, newest first; of one object where one is
  /// given.
  Result<std::vector<AuditEntry>> newest(int limit, std::int64_t before_id = INT64_MAX,
                                         std::string_view object = {});

 private:
  Core& core_;
};

}  // namespace spoor::state
