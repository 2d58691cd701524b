#pragma once
// The list of devices, and what is known of one. Devices merged into others appear as parts of
// them.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_cards.h"
#include "investigate/device_key.h"
#include "investigate/device_views.h"
#include "investigate/filter.h"

namespace spoor::investigate {

/// A text is empty, and a truth absent, where no evidence tells of it.
struct DeviceRow {
  std::string device_id;
  std::string name;
  std::string kind;  ///< computer, network, iot, uncategorised
  std::string os_platform, os_version, os_architecture, os_distribution;
  std::optional<std::int64_t> os_build;
  std::string domain;   ///< of the name
  std::string address;  ///< the newest of its own addresses
  std::string mac;      ///< of the adapter that told it
  std::string device_type, device_category, device_subtype, vendor, model;
  std::string health;  ///< of a sensor; "LogsOnly" without one
  bool is_silent = false;
  std::string onboarding_status;
  std::string exposure_level;
  std::string asset_value;  ///< decided by people, else told by sources, else "Normal"
  std::string criticality;  ///< decided by people; empty: not
  std::vector<std::string> tags;
  std::vector<std::string> own_tags;  ///< those that people gave
  std::string group, join_type, directory_id, public_ip;
  std::optional<bool> is_internet_facing, is_transient, is_excluded;
  std::string mitigation_status, cloud_platforms, discovery_sources, site, sensor_version;
  Ticks first_seen = 0;  ///< 0: unknown
  Ticks last_seen = 0;
  std::int64_t merged = 0;  ///< devices that are parts of it
};

/// Any field of FilterSubject::kDevices that is a text, a number or a time.
struct DeviceSort {
  std::string field;
  bool descending = false;
};

/// Which devices.
struct DeviceSelection {
  Filter filter;           ///< of FilterSubject::kDevices
  bool leave_out = false;  ///< not those that are transient or excluded
  Ticks now = 0;  ///< what silence and newness are told against; 0: the present, to the minute
};

struct DeviceListRequest {
  DeviceSelection selection;
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

/// All devices selected, in the order, as they arrive. Errors as of device_page, and those of
/// `on_rows`.
Result<void> each_device(const Views& views, const MergedDevices& merged,
                         const DeviceSelection& selection, const std::vector<DeviceSort>& sort,
                         const std::function<Result<void>(std::span<const DeviceRow>)>& on_rows);

/// Ids of the devices selected, by id; `most` and one more at most, so that too many are told.
Result<std::vector<std::string>> device_ids(const Views& views, const MergedDevices& merged,
                                            const DeviceSelection& selection, std::int64_t most);

/// The id of the one device with this id or name (a full one, or its first part). kNotFound, or
/// kConflict where several have the name.
Result<std::string> device_named(const Views& views, const std::string& id_or_name);

/// The filter that each counts stands in docs/filter.md.
struct DeviceCounters {
  std::int64_t total = 0;
  std::int64_t computers = 0, network = 0, iot = 0, uncategorised = 0;
  std::int64_t critical = 0;
  std::int64_t high_exposure = 0;
  std::int64_t not_onboarded = 0;
  std::int64_t silent = 0;       ///< with a sensor, and not heard of for an hour
  std::int64_t logs_only = 0;    ///< without a sensor
  std::int64_t new_in_week = 0;  ///< first seen in the 7 days before
  std::int64_t internet_facing = 0;
  std::int64_t left_out_transient = 0;
  std::int64_t left_out_excluded = 0;  ///< not transient
  Ticks as_of = 0;
};
/// Counts all devices selected.
Result<DeviceCounters> device_counters(const Views& views, const MergedDevices& merged,
                                       const DeviceSelection& selection);

/// A tag that people gave, and how many devices have it.
struct DeviceTagCount {
  std::string tag;
  std::int64_t devices = 0;
};
/// Most devices first, at most 1000.
Result<std::vector<DeviceTagCount>> device_tags(const Views& views);

struct DeviceOverview {
  DeviceRow device;
  std::vector<state::Alias> aliases;  ///< empty where state was not given
  std::vector<std::string> merged_ids;
  struct Address {
    std::string address, mac, adapter;
    Ticks last_seen = 0;
  };
  std::vector<Address> addresses;                  ///< newest first
  std::vector<std::string> gateways, dns_servers;  ///< of the newest report of its adapters
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
  /// Accounts of people that logged on in the 30 days before last seen, most interactive first, at
  /// most 1000.
  std::vector<LogonAccount> users;
  Ticks logons_from = 0;
  std::vector<CoverageGap> gaps;  ///< newest first, at most 100
  std::optional<Ticks> newest_event;
  struct Technique {
    std::string id, name;
    Ticks time = 0;
    std::int64_t event_id = 0;
  };
  std::vector<Technique> techniques;  ///< the newest seven
  std::int64_t technique_count = 0;
  DeviceHealth health;
};

/// `devices` adds the names that lead to the device; may be null.
Result<DeviceOverview> device_overview(const Views& views, const DeviceKey& device,
                                       state::Devices* devices);

}  // namespace spoor::investigate
