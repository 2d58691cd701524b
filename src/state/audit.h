#pragma once
// The audit log: who did what to what, when, from where. Entries are added; the database itself
// refuses to change or remove them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {

class Core;

/// What came of it. Values are for this build alone: stored is the name.
enum class AuditOutcome : std::uint8_t { kDone = 0, kRefused = 1, kFailed = 2 };

/// "done", "refused", "failed".
std::string_view audit_outcome_name(AuditOutcome outcome);

struct AuditEntry {
  std::int64_t id = 0;  ///< given by the log, rising
  Ticks time = 0;
  std::string actor;          ///< user, "token:ID", "local:NAME" or "system"
  std::string action;         ///< "device.merge"
  std::string object;         ///< what it was done to, e.g. a device id; may be empty
  std::string detail = "{}";  ///< JSON; never holds a secret
  std::string address;        ///< where the request came from; empty where it was made here
  AuditOutcome outcome = AuditOutcome::kDone;
};

/// What is asked for; an empty field asks for nothing. Texts are compared exactly.
struct AuditFilter {
  std::optional<Ticks> since;  ///< inclusive
  std::optional<Ticks> until;  ///< exclusive
  std::string actor;
  std::string action_prefix;  ///< "user." finds "user.add"
  std::string object;
};

class AuditLog {
 public:
  explicit AuditLog(Core& core) : core_(core) {}

  /// Adds an entry (its `id` is ignored) and says its id. kConflict where `action` is empty or
  /// `detail` no JSON.
  Result<std::int64_t> append(const AuditEntry& entry);
  /// Up to `limit` entries that the filter asks for, with ids below `before_id`, newest first. The
  /// id of the last one is the `before_id` of the next page.
  Result<std::vector<AuditEntry>> newest(int limit, std::int64_t before_id = INT64_MAX,
                                         const AuditFilter& filter = {});

 private:
  Core& core_;
};

}  // namespace spoor::state
