#pragma once
// Time inside Spoor: signed 64-bit counts of 100 ns, UTC, since 1970-01-01.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spoor {

/// A point in time, 100 ns units since 1970-01-01T00:00:00Z (negative before).
using Ticks = std::int64_t;
/// A length of time in 100 ns units.
using TickSpan = std::int64_t;

inline constexpr TickSpan kTicksPerMicrosecond = 10;
inline constexpr TickSpan kTicksPerMillisecond = 10'000;
inline constexpr TickSpan kTicksPerSecond = 10'000'000;
inline constexpr TickSpan kTicksPerMinute = 60 * kTicksPerSecond;
inline constexpr TickSpan kTicksPerHour = 60 * kTicksPerMinute;
inline constexpr TickSpan kTicksPerDay = 24 * kTicksPerHour;
inline constexpr TickSpan kTicksPerWeek = 7 * kTicksPerDay;

/// 1601-01-01, the origin of FILETIME, as Ticks (MS-DTYP 2.3.3).
inline constexpr Ticks kFiletimeEpoch = -116'444'736'000'000'000;
/// 0001-01-01, the origin of Kusto and .NET ticks, as Ticks.
inline constexpr Ticks kYearOne = -621'355'968'000'000'000;
/// 9999-12-31T23:59:59.9999999, the last time that can be stored.
inline constexpr Ticks kMaxTicks = 2'534'023'007'999'999'999;

/// FILETIME (100 ns since 1601) to Ticks; values past 9999 are clamped to kMaxTicks.
Ticks ticks_from_filetime(std::uint64_t filetime);

struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::int32_t fraction = 0;  ///< 100 ns units, 0 … 9,999,999
};
CivilTime civil_from_ticks(Ticks time);
/// Nothing where a part is out of range (month 13, 30 February, second 60).
std::optional<Ticks> ticks_from_civil(const CivilTime& civil);

/// "2026-10-01T12:34:56.1234567Z": always seven digits and Z.
std::string format_ticks(Ticks time);
/// The same into `out` (28 bytes, for years 0001 … 9999).
void format_ticks_to(Ticks time, char* out);
/// "2026-10-01 12:34:56.1234567": as ClickHouse reads a DateTime64(7) parameter.
std::string format_ticks_sql(Ticks time);
/// ISO 8601: date, optionally T or blank and time with up to 9 fraction digits (cut to 7),
/// optionally Z or ±hh:mm (UTC without).
std::optional<Ticks> parse_iso_ticks(std::string_view text);
/// Kusto's text of a timespan: [-][d.]hh:mm:ss[.fffffff].
std::string format_timespan(TickSpan span);

/// The present, from the system clock.
Ticks now_ticks();

}  // namespace spoor
