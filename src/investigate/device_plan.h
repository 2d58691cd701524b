#pragma once
// The plan that all views of devices begin with. Internal to the module.

#include <span>
#include <string>
#include <string_view>

#include "investigate/device_list.h"
#include "investigate/plan_text.h"

namespace spoor::investigate {

/// A table of devices with the fields of FilterSubject::kDevices, one row each; devices that were
/// merged are one. `now` is what silence and newness are told against; `only`: nothing else is read
/// than what was stored under these ids.
std::string device_table(const MergedDevices& merged, Ticks now, Arguments& arguments,
                         std::span<const std::string> only = {});

/// The present to the minute, so that a minute has one answer, which may be kept.
inline Ticks present_minute() {
  const Ticks now = now_ticks();
  return now - now % kTicksPerMinute;
}

/// What read_device takes, for `| project`. Nothing of it depends on the present.
const std::string& device_columns();
/// `now` is what silence is told against.
DeviceRow read_device(const kql::Row& cells, Ticks now);

/// The filter as conditions of the plan, a `| where` each.
std::string device_filter_text(const Filter& filter, Arguments& arguments);
/// "| where …" that leaves out devices that are transient or excluded.
inline constexpr std::string_view kLeaveOut =
    "| where not(coalesce(IsTransient, false)) and not(coalesce(IsExcluded, false))\n";

}  // namespace spoor::investigate
