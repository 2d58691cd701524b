#pragma once
// Which of the times that a form gives is the event's own. Internal to the module.

#include <optional>
#include <string_view>

#include "base/ticks.h"

namespace spoor::winlog {

/// A time as a text of any form says it.
struct StatedTime {
  Ticks ticks = 0;
  bool has_zone = false;
};

/// ISO 8601; "2026-03-01 10:00:00 +0900"; "3/1/2026 10:00:00 AM" (month first);
/// "/Date(1772359200000)/"; counts of seconds, milliseconds, microseconds or 100 ns since 1970.
std::optional<StatedTime> parse_stated_time(std::string_view text);

/// The times of one record, as its form names them.
struct EventTimes {
  std::optional<StatedTime> created;         ///< TimeCreated, SystemTime; @timestamp of Winlogbeat
  std::optional<StatedTime> event;           ///< EventTime
  std::optional<StatedTime> own;             ///< UtcTime of the event's data, always UTC
  std::optional<StatedTime> generated;       ///< TimeGenerated
  std::optional<StatedTime> received_utc;    ///< @timestamp
  std::optional<StatedTime> received_local;  ///< EventReceivedTime

  /// The event's own time by this order: TimeCreated; EventTime with a zone; UtcTime; EventTime
  /// without; TimeGenerated; then, where nothing better is there, when it was received. A time
  /// without a zone is UTC, unless the same receipt is told in UTC and in local time: their
  /// difference, to the quarter of an hour, is then the zone.
  [[nodiscard]] std::optional<Ticks> best() const;
};

}  // namespace spoor::winlog
