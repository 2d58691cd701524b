#pragma once
// What stands above and beside a timeline: the histogram with coverage and marks, and the facets.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/timeline.h"

namespace spoor::investigate {

struct OverviewRequest {
  TimelineSelection selection;
  int bars = 240;  ///< at most so many, 10 … 1000, on round steps
};

struct HistogramBar {
  Ticks start = 0;
  std::vector<std::int64_t> counts;  ///< beside TimelineOverview::kinds
};

struct CoverageSegment {
  Ticks from = 0;
  std::optional<Ticks> to;  ///< nothing: a point, or still open
  std::string kind;         ///< present, silent, lost, cleared, damaged; "logs": span of a channel
  std::string source;       ///< channel, file or sensor
  std::optional<std::int64_t> lost;
  std::optional<std::int64_t> records;  ///< kind "logs": records of the channel
  std::string detail;
};

struct TimelineMark {
  Ticks time = 0;
  std::int64_t event_id = 0;
  std::string kind;   ///< flag, alert
  std::string value;  ///< colour, severity
  std::string text;   ///< title of the alert
  std::string alert_id;
};

struct TimelineOverview {
  Ticks from = 0;  ///< of the axis: the range, an open end drawn in to the events
  Ticks to = 0;
  TickSpan step = 0;
  std::string step_name;           ///< "2 min"
  std::vector<std::string> kinds;  ///< process, network, file, registry, logon, other
  std::vector<HistogramBar> bars;  ///< those with events, by time
  std::int64_t peak = 0;           ///< of a bar
  bool square_root = false;        ///< the scale that shows it best: peak above 50 medians
  std::int64_t rows = 0;
  std::vector<CoverageSegment> coverage;
  std::vector<TimelineMark> marks;
  bool marks_truncated = false;
  std::optional<Ticks> oldest_stored;  ///< of the device, whatever the range
  std::optional<Ticks> newest_stored;
};

Result<TimelineOverview> timeline_overview(const Views& views, const OverviewRequest& request);

struct FacetValue {
  std::string value;
  std::int64_t count = 0;
};
struct Facet {
  std::string field;  ///< Group, ActionType, Actor, Account, Techniques, Source, RemoteIP
  std::vector<FacetValue> values;  ///< most frequent first, at most 50
  bool more = false;               ///< there are other values
};
/// Counts for the selection without the terms on the facet's own field.
Result<std::vector<Facet>> timeline_facets(const Views& views, const TimelineSelection& selection);

}  // namespace spoor::investigate
