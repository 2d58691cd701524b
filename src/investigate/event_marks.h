#pragma once
// What stands on events of a device beside their rows: flags, notes, alerts. Internal to the
// module.

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "investigate/timeline.h"

namespace spoor::investigate {

/// Which events are asked for. Most devices have so few marks that all are read, and kept; this
/// narrows what is read of the others, so rows of other events may come too.
struct MarkedEvents {
  std::span<const std::int64_t> ids;  ///< empty: any
  Ticks until = kMaxTicks;            ///< of the event's time
};

struct EventMark {
  Ticks time = 0;    ///< of the event
  std::string flag;  ///< colour; empty: none
  bool has_note = false;
};
/// Marks by event: of each kind the version that was set last, unless it took the mark away.
Result<std::map<std::int64_t, EventMark>> event_marks(const Views& views, const DeviceKey& device,
                                                      const MarkedEvents& events);

struct EventAlert {
  Ticks time = 0;
  std::int64_t event_id = 0;
  std::string alert_id;
  std::string title;
};
/// What alerts name as their evidence, in no order; one alert may name several things of one event.
Result<std::vector<EventAlert>> event_alerts(const Views& views, const DeviceKey& device,
                                             const MarkedEvents& events);

/// Severity, category and title of alerts; those that are not there are left out.
Result<std::map<std::string, TimelineRow::Alert>> alerts_by_id(const Views& views,
                                                               const std::set<std::string>& ids);

}  // namespace spoor::investigate
