#pragma once
// The list of devices, and what is known of one. Devices merged into others appear as parts of
// them.

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

struct DeviceRow {
  std::string device_id;
  std::string name;
  std::string os_platform;
  std::string os_version;
  std::string domain;       ///< of the name
  std::string address;      ///< the newest of its own addresses
  std::string device_type;  ///< Workstation, Server, …; empty unknown
  std::string health;       ///< of a sensor; "LogsOnly" without one
  std::vector<std::string> tags;
  Ticks first_seen = 0;  ///< 0: unknown
  Ticks last_seen = 0;
  std::int64_t merged = 0;  ///< devices that are parts of it
};

/// Any field of FilterSubject::kDevices that is a text, a number or a time.
struct DeviceSort {
  std::string field;
  bool descending = false;
};

struct DeviceListRequest {
  Filter filter;                 ///< of FilterSubject::kDevices
  std::vector<DeviceSort> sort;  ///< empty: LastSeen, descending; DeviceId decides last
  std::string cursor;            ///< of the page before; empty: from the start
  std::int64_t rows = 100;       ///< 1 … 1000
};

struct DevicePage {
  std::vector<DeviceRow> rows;
  std::string next;  ///< cursor of the next page; empty: this was the last
};

/// Merged devices as state tells of them: id of a part → id of the whole.
using MergedDevices = std::vector<std::pair<std::string, std::string>>;
Result<MergedDevices> merged_devices(state::Devices& devices);

/// kInvalidInput for an unknown field to sort by or a cursor of another sort.
Result<DevicePage> device_page(const Views& views, const MergedDevices& merged,
                               const DeviceListRequest& request);

struct DeviceCounters {
  std::int64_t total = 0;
  std::int64_t silent = 0;       ///< with a sensor, and not heard of for an hour
  std::int64_t logs_only = 0;    ///< without a sensor
  std::int64_t new_in_week = 0;  ///< first seen in the 7 days before `now`
  std::int64_t internet_facing = 0;
  Ticks as_of = 0;
};
/// Counts all devices of the filter.
Result<DeviceCounters> device_counters(const Views& views, const MergedDevices& merged,
                                       const Filter& filter, Ticks now);

struct DeviceOverview {
  DeviceRow device;
  std::vector<state::Alias> aliases;  ///< empty where state was not given
  std::vector<std::string> merged_ids;
  struct Address {
    std::string address, mac, adapter;
    Ticks last_seen = 0;
  };
  std::vector<Address> addresses;  ///< newest first
  struct Evidence {
    std::string source;  ///< channel
    Ticks first = 0, last = 0;
    std::int64_t records = 0;
  };
  std::vector<Evidence> evidence;  ///< by source: what first and last seen rest on
  struct TableCount {
    std::string table;
    std::int64_t rows = 0;
    Ticks first = 0, last = 0;
  };
  std::vector<TableCount> tables;  ///< most rows first
  struct User {
    std::string domain, name;
    std::int64_t interactive = 0;  ///< logons at the device itself or by remote desktop
    std::int64_t other = 0;
    Ticks first = 0, last = 0;
  };
  std::vector<User> users;  ///< of 30 days before last seen: most interactive first
  std::int64_t user_count = 0;
  struct Gap {
    std::string kind, source, detail;
    Ticks from = 0;
    std::optional<Ticks> to;
    std::optional<std::int64_t> lost;
  };
  std::vector<Gap> gaps;  ///< newest first, at most 100
  std::optional<Ticks> newest_event;
  struct Technique {
    std::string id, name;
    Ticks time = 0;
    std::int64_t event_id = 0;
  };
  std::vector<Technique> techniques;  ///< the newest seven
};

/// `devices` adds the names that lead to the device; may be null.
Result<DeviceOverview> device_overview(const Views& views, const DeviceKey& device,
                                       state::Devices* devices);

}  // namespace spoor::investigate
