#include "investigate/device_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "investigate/device_plan.h"

namespace spoor::investigate {
namespace {

/// As many are kept at most: more take longer to decode than a page of them to plan.
constexpr std::int64_t kMostKept = 1000;

using KnownDevices = std::unordered_map<std::string, DeviceRow>;

/// Whether `ids` are all known; false where devices are many, and where one has just come.
bool knows_all(const KnownDevices& known, std::span<const std::string> ids) {
  return std::ranges::all_of(ids, [&](const std::string& id) { return known.contains(id); });
}

/// The facts of all devices, or of `only`, which are ids of wholes.
Result<KnownDevices> known_devices(const Views& views, const MergedDevices& merged,
                                   std::span<const std::string> only, Ticks now) {
  std::vector<std::string> stored(only.begin(), only.end());
  for (const auto& [part, whole] : merged) {
    if (std::ranges::find(only, whole) != only.end()) {
      stored.push_back(part);
    }
  }
  Arguments arguments;
  const std::string query = device_table(merged, now, arguments, stored) +
                            fmt::format("| take {}\n| project {}", kMostKept, device_columns());
  KnownDevices known;
  TRY(views.run_kept(query, arguments.take(), kMostKept,
                     [&](std::span<const kql::Row> part) -> Result<void> {
                       for (const kql::Row& cells : part) {
                         DeviceRow row = read_device(cells, now);
                         std::string id = row.device_id;
                         known.emplace(std::move(id), std::move(row));
                       }
                       return {};
                     }));
  return known;
}

}  // namespace

Result<std::vector<DeviceRow>> device_rows(const Views& views, const MergedDevices& merged,
                                           std::span<const std::string> ids, Ticks now) {
  std::vector<DeviceRow> rows;
  if (ids.empty()) {
    return rows;
  }
  KnownDevices known = TRY(known_devices(views, merged, {}, now));
  if (!knows_all(known, ids)) {
    known = TRY(known_devices(views, merged, ids, now));
  }
  for (const std::string& id : ids) {
    if (const auto found = known.find(id); found != known.end()) {
      rows.push_back(std::move(found->second));
    }
  }
  return rows;
}

}  // namespace spoor::investigate
