#pragma once
// A selection of a timeline as pieces of plans. Internal to the module.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "investigate/plan_text.h"
#include "investigate/timeline.h"

namespace spoor::investigate {

/// A condition on rows of DeviceTimeline, and the field that it is on alone (empty: none).
struct SelectionCondition {
  std::string field;
  std::string condition;
};

struct SelectionPlan {
  std::vector<std::string> legs;  ///< "DeviceTimeline | where DeviceId == …", one for each id
  std::string scan;               ///< the same for all ids at once, where no order is needed
  std::string device;             ///< the condition of `scan`
  std::vector<SelectionCondition> conditions;
  bool is_wide = false;  ///< reads hunting tables

  /// " | where …" for each condition.
  [[nodiscard]] std::string filters() const;
};

/// Hunting tables are read from `from` to `to` alone; the range itself is not a condition.
SelectionPlan plan_selection(const TimelineSelection& selection, Arguments& arguments, Ticks from,
                             Ticks to);

/// Columns that read_row takes, in their order.
inline constexpr std::string_view kRowColumns =
    "Timestamp, EventId, DeviceId, Table, ActionType, Group, Actor, Account, Title, Detail, "
    "Techniques, Source, ProcessKey, InitiatingProcessKey, Ancestors";
TimelineRow read_row(const kql::Row& cells);

struct RowsRequest {
  std::optional<Views::Cursor> cursor;  ///< nothing: start at an end of the range
  bool with_cursor_row = false;
  bool towards_older = true;
  std::int64_t rows = 0;
};
/// Up to so many rows of the selection behind the cursor, in the order of reading.
Result<std::vector<TimelineRow>> read_rows(const Views& views, const TimelineSelection& selection,
                                           const RowsRequest& request);

/// Adds flags, notes, alerts and (where asked for) technique rows to rows of one device.
Result<void> decorate(const Views& views, const DeviceKey& device, bool technique_rows,
                      std::vector<TimelineRow>& rows);

/// Time of the row nearest to an end of the span, whatever the selection: the newest, or the
/// oldest. Nothing where there is no row.
Result<std::optional<Ticks>> outermost_row(const Views& views, const DeviceKey& device, Ticks from,
                                           Ticks to, bool newest);

}  // namespace spoor::investigate
