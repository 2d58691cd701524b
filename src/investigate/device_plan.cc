#include "investigate/device_plan.h"

#include <fmt/format.h>

#include "base/text.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

/// Newest state of each device, with what its adapters told last. `{whole}` puts the device of
/// which it is a part in place of a merged one.
constexpr std::string_view kDeviceTable = R"(
DeviceInfo
| extend Part = DeviceId{whole}, SystemTime = iff(isempty(OSPlatform), datetime(null), Timestamp)
| summarize arg_max(SystemTime, OSPlatform, OSVersion, OSBuild), arg_max(Timestamp, DeviceName, OSArchitecture, DeviceType, DeviceCategory, Vendor, Model,
                    MachineGroup, JoinType, PublicIP, SensorHealthState, OnboardingStatus, ExposureLevel, AssetValue, RegistryDeviceTag,
                    DeviceManualTags, DeviceDynamicTags, IsInternetFacing, IsTransient, IsExcluded),
            FirstSeen = min(coalesce(todatetime(parse_json(AdditionalFields).FirstSeen), Timestamp)), Parts = dcount(Part, 4) by DeviceId
| join kind=leftouter (
    DeviceNetworkInfo
    | extend Part = DeviceId{whole}
    | summarize arg_max(Timestamp, IPAddresses) by DeviceId
    | project DeviceId, IPAddresses) on DeviceId
| extend LastSeen = Timestamp,
         Domain = iff(DeviceName has ".", substring(DeviceName, indexof(DeviceName, ".") + 1), ""),
         Address = tostring(parse_json(IPAddresses)[0].IPAddress),
         Addresses = IPAddresses,
         Health = iff(isempty(SensorHealthState), "LogsOnly", SensorHealthState),
         Tags = strcat_delim(";", RegistryDeviceTag, DeviceManualTags, DeviceDynamicTags)
)";

/// Tags of several columns, each with names between ';' or as a JSON list.
std::vector<std::string> tags_of(std::string_view text) {
  std::vector<std::string> tags;
  std::string tag;
  const auto finish = [&] {
    const std::string_view name = trim_blanks(tag);
    if (!name.empty()) {
      tags.emplace_back(name);
    }
    tag.clear();
  };
  for (const char letter : text) {
    if (letter == ';' || letter == ',' || letter == '[' || letter == ']') {
      finish();
    } else if (letter != '"') {
      tag += letter;
    }
  }
  finish();
  return tags;
}

}  // namespace

std::string device_table(const MergedDevices& merged, Arguments& arguments) {
  std::string whole;
  if (!merged.empty()) {
    std::string bag;
    json::Writer json(bag);
    json.begin_object();
    for (const auto& [part, of] : merged) {
      json.key(part).string(of);
    }
    json.end_object();
    const std::string name = arguments.json(std::move(bag));
    whole = fmt::format(
        ", DeviceId = iff(isempty(tostring({0}[DeviceId])), DeviceId, "
        "tostring({0}[DeviceId]))",
        name);
  }
  return fmt::format(fmt::runtime(kDeviceTable), fmt::arg("whole", whole));
}

DeviceRow read_device(const kql::Row& cells) {
  DeviceRow row;
  row.device_id = text_of(cells[0]);
  row.name = text_of(cells[1]);
  row.os_platform = text_of(cells[2]);
  row.os_version = text_of(cells[3]);
  row.domain = text_of(cells[4]);
  row.address = text_of(cells[5]);
  row.device_type = text_of(cells[6]);
  row.health = text_of(cells[7]);
  row.tags = tags_of(text_of(cells[8]));
  row.first_seen = number_of(cells[9]);
  row.last_seen = number_of(cells[10]);
  row.merged = number_of(cells[11], 1) - 1;
  return row;
}

}  // namespace spoor::investigate
