#include "state/audit.h"

#include <algorithm>
#include <array>

#include "state/core.h"

namespace spoor::state {
namespace {

constexpr std::array<std::string_view, 3> kOutcomeNames = {"done", "refused", "failed"};

AuditOutcome outcome_of(std::string_view name) {
  const auto* const found = std::ranges::find(kOutcomeNames, name);
  // The table's CHECK allows no other name.
  return found == kOutcomeNames.end() ? AuditOutcome::kFailed
                                      : static_cast<AuditOutcome>(found - kOutcomeNames.begin());
}

/// The statement for the fields that the filter gives; parameters are numbered, so that they are
/// bound alike whichever stand in it.
std::string select_text(const AuditFilter& filter) {
  std::string sql =
      "SELECT id, time, actor, action, object, detail, address, outcome FROM audit WHERE id < ?1";
  sql += filter.since ? " AND time >= ?3" : "";
  sql += filter.until ? " AND time < ?4" : "";
  sql += filter.actor.empty() ? "" : " AND actor = ?5";
  sql += filter.action_prefix.empty() ? "" : " AND substr(action, 1, length(?6)) = ?6";
  sql += filter.object.empty() ? "" : " AND object = ?7";
  // ?7 stands in every statement, so that all seven may be bound.
  return sql + " AND ?7 IS NOT NULL ORDER BY id DESC LIMIT ?2";
}

}  // namespace

std::string_view audit_outcome_name(AuditOutcome outcome) {
  return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

Result<std::int64_t> AuditLog::append(const AuditEntry& entry) {
  return core_.write([&](Database& database) -> Result<std::int64_t> {
    Statement statement =
        TRY(database.prepare("INSERT INTO audit(time, actor, action, object, detail, address, "
                             "outcome) VALUES(?, ?, ?, ?, ?, ?, ?)"));
    TRY_VOID(statement.bind(entry.time)
                 .bind(entry.actor)
                 .bind(entry.action)
                 .bind(entry.object)
                 .bind(entry.detail)
                 .bind(entry.address)
                 .bind(audit_outcome_name(entry.outcome))
                 .run());
    return database.last_row_id();
  });
}

Result<std::vector<AuditEntry>> AuditLog::newest(int limit, std::int64_t before_id,
                                                 const AuditFilter& filter) {
  return core_.read([&](Database& database) -> Result<std::vector<AuditEntry>> {
    Statement statement = TRY(database.prepare(select_text(filter)));
    statement.bind(before_id)
        .bind(std::int64_t{limit})
        .bind(filter.since)
        .bind(filter.until)
        .bind(filter.actor)
        .bind(filter.action_prefix)
        .bind(filter.object);
    std::vector<AuditEntry> entries;
    while (TRY(statement.step())) {
      entries.push_back({statement.integer(0), statement.integer(1), statement.text(2),
                         statement.text(3), statement.text(4), statement.text(5), statement.text(6),
                         outcome_of(statement.text(7))});
    }
    return entries;
  });
}

}  // namespace spoor::state
