#pragma once
// Names of processes: one key for a process, whichever source tells of it.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ticks.h"

namespace spoor::enrich {

/// Key of the process that got `pid` on a device in the second `unix_second`.
std::int64_t process_key(std::string_view device_id, std::int64_t pid, std::int64_t unix_second);
/// Key of a process of which only the pid is known. One for all of that pid until a start tells
/// them apart.
std::int64_t inferred_process_key(std::string_view device_id, std::int64_t pid);

/// Seconds since 1970 that a Sysmon process GUID holds: its second and third groups are the
/// high-order and low-order halves "{mmmmmmmm-LLLL-HHHH-…}" of the creation time. Nothing where the
/// text is no such GUID or is all zero.
std::optional<std::int64_t> guid_second(std::string_view guid);

/// Whole seconds of a time, rounded down.
std::int64_t floor_second(Ticks time);

/// Two sources may state one creation this far apart.
inline constexpr TickSpan kStartTolerance = 2 * kTicksPerSecond;

}  // namespace spoor::enrich
