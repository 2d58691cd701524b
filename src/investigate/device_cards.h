#pragma once
// What the cards of a device's page show beside its overview: who logged on, what reported when,
// whom it spoke with, what is known of its protection. One call a card, so that a slow one leaves
// the others alone.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_key.h"
#include "investigate/device_views.h"

namespace spoor::investigate {

/// When the device was last heard of, and whether a sensor ever reported. `last_seen` is 0 where
/// nothing is stored.
struct DevicePresence {
  Ticks last_seen = 0;
  bool has_sensor = false;
};
Result<DevicePresence> device_presence(const Views& views, const DeviceKey& device);

struct LogonAccount {
  std::string domain, name, sid;
  std::string kind;              ///< user, machine, system
  std::int64_t interactive = 0;  ///< logons at the device itself or by remote desktop
  std::int64_t count = 0;        ///< all logons
  std::int64_t failed = 0;
  std::vector<std::pair<std::string, std::int64_t>> types;  ///< LogonType, most first
  Ticks first = 0, last = 0;                                ///< failed tries too
};
struct LogonRequest {
  DeviceKey device;
  Ticks from = kYearOne, to = kMaxTicks;  ///< both inclusive
  bool people_only = false;               ///< accounts of people that did log on
  std::string cursor;                     ///< of the page before; empty: from the start
  std::int64_t rows = 100;                ///< 1 … 1000
};
struct LogonPage {
  std::vector<LogonAccount> accounts;  ///< most interactive logons first, then most logons
  std::string next;                    ///< empty: this was the last page
};
/// kInvalidInput for a cursor that is none.
Result<LogonPage> device_logons(const Views& views, const LogonRequest& request);

/// Time of the newest event of the device's timeline; nothing without any.
Result<std::optional<Ticks>> newest_event(const Views& views, const DeviceKey& device);

/// Midnight (UTC) of the day.
constexpr Ticks start_of_day(Ticks time) {
  return time - (((time % kTicksPerDay) + kTicksPerDay) % kTicksPerDay);
}

inline constexpr TickSpan kCoverageCell = 2 * kTicksPerHour;
struct CoverageSource {
  std::string source, kind;
  std::int64_t records = 0;
  Ticks first = 0, last = 0;
  std::vector<std::int64_t> cells;
};
struct CoverageGap {
  std::string kind, source, detail;
  Ticks from = 0;
  std::optional<Ticks> to;
  std::optional<std::int64_t> lost;
};
struct DeviceCoverage {
  Ticks from = 0, to = 0;  ///< whole days, `to` exclusive
  bool is_logs_only = true;
  std::vector<std::int64_t> cells;      ///< records of each cell of two hours
  std::vector<CoverageSource> sources;  ///< most records first, at most 50
  std::int64_t more_sources = 0;
  std::vector<CoverageGap> gaps;  ///< worst first, at most 100
  std::int64_t gap_count = 0;
};
/// `days` (1 … 90) whole days of UTC, the last being that of `last_day`; nothing: that of the
/// newest event.
Result<DeviceCoverage> device_coverage(const Views& views, const DeviceKey& device, int days,
                                       std::optional<Ticks> last_day);

/// Events of each of some days (UTC), for the list.
struct DevicePresenceDays {
  std::string device_id;
  Ticks from = 0;  ///< the first of the days
  std::vector<std::int64_t> days;
};
/// `days` days of each device: from `from` on, or up to the day that it was last seen where that is
/// before `from` (evidence of the past would show nothing otherwise).
Result<std::vector<DevicePresenceDays>> presence_by_day(const Views& views,
                                                        std::span<const DeviceKey> devices,
                                                        Ticks from, int days);

struct DevicePeer {
  std::string address;
  bool is_public = false;
  std::vector<std::string> names;
  std::vector<std::int64_t> ports;
  std::int64_t outbound = 0, inbound = 0;
  Ticks first = 0, last = 0;
  Ticks fleet_first = 0;  ///< of any device that the caller may see
  std::int64_t fleet_devices = 0;
};
struct DevicePeers {
  std::vector<DevicePeer> peers;  ///< newest in the fleet first
  std::int64_t peer_count = 0;
  std::int64_t inbound_public = 0;
};
/// Of more than a thousand peers those are looked up in the fleet that the device spoke with last
/// for the first time.
Result<DevicePeers> device_peers(const Views& views, const DeviceKey& device, Ticks from, Ticks to,
                                 std::int64_t rows);

struct HealthCheck {
  std::string_view name;               ///< antivirus_mode, security_intelligence, …
  std::string_view state = "unknown";  ///< good, bad, unknown
  std::string value;
  Ticks time = 0;
  std::string source;
};
struct DeviceHealth {
  std::string_view headline = "not_known";
  std::string reason;
  std::vector<HealthCheck> checks;  ///< all six, in the order of their names in the contract
};
/// What reports say of the protection of the device. What nothing reports is unknown, never good.
Result<DeviceHealth> device_health(const Views& views, const DeviceKey& device);

}  // namespace spoor::investigate
