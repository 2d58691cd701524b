#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/print.h"
#include "cli/state_folder.h"
#include "cli/time_option.h"

namespace spoor::cli {
namespace {

Result<void> print_audit(const AuditOptions& options) {
  const auto state = TRY(open_state(options.data));
  state::AuditFilter filter{
      .actor = options.actor, .action_prefix = options.action, .object = options.object};
  if (!options.since.empty()) {
    filter.since = TRY(time_option(options.since, 0, "since"));
  }
  if (!options.until.empty()) {
    filter.until = TRY(time_option(options.until, 0, "until"));
  }
  const std::int64_t before = options.before > 0 ? options.before : INT64_MAX;
  RowPrinter printer(options.format, {{"Id", kql::Type::kLong},
                                      {"Time", kql::Type::kDateTime},
                                      {"Actor", kql::Type::kString},
                                      {"Action", kql::Type::kString},
                                      {"Object", kql::Type::kString},
                                      {"Outcome", kql::Type::kString},
                                      {"Address", kql::Type::kString},
                                      {"Detail", kql::Type::kDynamic}});
  // One more than is printed, to know whether there are more.
  std::vector<state::AuditEntry> entries =
      TRY(state->audit().newest(options.rows + 1, before, filter));
  const bool is_cut = entries.size() > static_cast<std::size_t>(options.rows);
  entries.resize(std::min(entries.size(), static_cast<std::size_t>(options.rows)));
  std::vector<kql::Row> rows;
  for (const state::AuditEntry& entry : entries) {
    rows.push_back({entry.id, entry.time, entry.actor, entry.action, entry.object,
                    std::string(state::audit_outcome_name(entry.outcome)), entry.address,
                    entry.detail});
  }
  TRY_VOID(printer.add(rows));
  printer.finish(is_cut);
  return {};
}

}  // namespace

int run_audit(const AuditOptions& options) {
  const auto printed = print_audit(options);
  return printed ? 0 : say_failure(printed.error());
}

}  // namespace spoor::cli
