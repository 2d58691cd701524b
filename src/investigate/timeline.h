#pragma once
// Pages of a device's timeline: KQL plans over DeviceTimeline, which a page reads alone.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_key.h"
#include "investigate/device_views.h"
#include "investigate/filter.h"

namespace spoor::investigate {

enum class Segment : std::uint8_t { kAll = 1, kAlertsAndTechniques = 2, kFlagged = 3 };

/// Which rows of a timeline are meant: shared by pages, counts, the overview, facets and export.
struct TimelineSelection {
  DeviceKey device;
  Ticks from = kYearOne;
  Ticks to = kMaxTicks;  ///< both ends are inside
  Filter filter;
  std::vector<std::string> groups;  ///< any of them; empty: all
  std::vector<std::string> without_groups;
  std::vector<std::string> action_types;  ///< any of them; empty: all
  Segment segment = Segment::kAll;
  std::vector<std::string> flags;  ///< colours; empty: any (kFlagged only)
  std::string flagged_by;          ///< who set the flag; empty: anybody (kFlagged only)

  /// True where rows may be left out within the range.
  [[nodiscard]] bool is_filtered() const;
};

/// KQL of the rows of the selection for people ("Open as query"), values as escaped literals.
std::string timeline_query_text(const TimelineSelection& selection, bool newest_first);

struct TimelineRow {
  Ticks time = 0;
  std::int64_t event_id = 0;
  std::string device_id;      ///< as stored: of a device that was merged, perhaps
  bool is_technique = false;  ///< a technique seen in the event above it; title is its name
  std::string table;          ///< empty where only the original record is there
  std::string action_type;
  std::string group;
  std::string actor;
  std::string account;
  std::string title;
  std::string detail;
  std::vector<std::string> techniques;  ///< ids
  std::vector<std::string> tactics;     ///< technique rows only
  std::vector<std::int64_t> ancestry;   ///< keys of the actor's ancestors, nearest first
  std::int64_t process_key = 0;         ///< what the event is about; 0: no process
  std::int64_t actor_key = 0;           ///< the process that acted: parent of a started one
  std::string source;                   ///< channel or feed
  std::string flag;                     ///< colour; empty: none
  bool has_note = false;
  struct Alert {
    std::string id, severity, category, title;
  };
  std::vector<Alert> alerts;
  /// Rows of the range that are left out between the row before (in the order of the page) and this
  /// one. Nothing where it was not asked for, is not known (the row before is on a page not read
  /// yet), or would cost too much (more than two million rows lie between).
  std::optional<std::int64_t> hidden_before;

  [[nodiscard]] Views::Cursor cursor() const { return {time, event_id}; }
};

struct TimelinePageRequest {
  TimelineSelection selection;
  bool newest_first = false;            ///< order of the rows in the answer
  std::optional<Views::Cursor> cursor;  ///< nothing: start at an end of the range
  bool towards_older = true;            ///< which side of the cursor, or from which end
  bool with_cursor_row = false;         ///< the cursor's own row is part of the page
  std::int64_t rows = 200;              ///< 1 … 500 events
  bool technique_rows = true;           ///< techniques as rows of their own, below their events
  bool count_hidden = true;             ///< fill hidden_before
};

struct TimelinePage {
  std::vector<TimelineRow> rows;
  std::optional<Views::Cursor> older;  ///< cursor of the oldest event; nothing where there is none
  std::optional<Views::Cursor> newer;
  bool more = false;  ///< there are more rows in the direction that was read
  /// Rows left out behind the last row of the page: up to the cursor's row where the page ends
  /// there, up to the end of the range where there is nothing more. Nothing where it is not known.
  std::optional<std::int64_t> hidden_after;
  /// Of an empty page without a cursor: the nearest rows outside the range, whatever the filter.
  std::optional<Ticks> nearest_before;
  std::optional<Ticks> nearest_after;
};

/// kInvalidInput where `rows` is out of bounds.
Result<TimelinePage> timeline_page(const Views& views, const TimelinePageRequest& request);

struct TimelineCount {
  std::int64_t rows = 0;      ///< that the selection shows
  std::int64_t left_out = 0;  ///< in the range, and not shown; exact where `is_exact`
  bool is_exact = true;       ///< false: more than a million, and `rows` is an estimate
};
/// `exact` counts past a million too.
Result<TimelineCount> count_timeline(const Views& views, const TimelineSelection& selection,
                                     bool exact = false);

/// Rows that tell of a process, its ancestors and its descendants.
Result<TimelineCount> count_trail(const Views& views, const DeviceKey& device,
                                  std::int64_t process_key, Ticks from, Ticks to);

}  // namespace spoor::investigate
