#include "investigate/device_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "investigate/filter_plan.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

/// Newest state of each device, with what its adapters told last and what people decided.
/// `{whole}` puts the device of which it is a part in place of a merged one; decisions are those
/// about the whole alone. `{hour}` and `{week}` are the instants so long ago; `{only}` may keep
/// some devices alone.
constexpr std::string_view kDeviceTable = R"(
DeviceInfo{only}
| extend Part = DeviceId{whole}, SystemTime = iff(isempty(OSPlatform), datetime(null), Timestamp)
| summarize arg_max(SystemTime, OSPlatform, OSVersion, OSBuild), arg_max(Timestamp, DeviceName, OSArchitecture, OSDistribution,
                    DeviceType, DeviceCategory, DeviceSubtype, Vendor, Model, MachineGroup, JoinType, AadDeviceId, PublicIP,
                    SensorHealthState, OnboardingStatus, ExposureLevel, AssetValue, RegistryDeviceTag, DeviceManualTags,
                    DeviceDynamicTags, IsInternetFacing, IsTransient, IsExcluded, MitigationStatus, CloudPlatforms, DiscoverySources,
                    Site, ClientVersion),
            FirstSeen = min(coalesce(todatetime(parse_json(AdditionalFields).FirstSeen), Timestamp)), Parts = dcount(Part, 4) by DeviceId
| join kind=leftouter (
    DeviceNetworkInfo{only}
    | extend Part = DeviceId{whole}
    | summarize arg_max(Timestamp, IPAddresses, MacAddress) by DeviceId
    | project DeviceId, IPAddresses, MacAddress) on DeviceId
| join kind=leftouter (
    DeviceMarks{only}
    | where EventId == 0
    | summarize arg_max(SetTime, Removed) by DeviceId, Kind, Value
    | where not(Removed)
    | summarize OwnTags = strcat_array(array_sort_asc(make_set_if(Value, Kind == "tag")), ";"),
                Decided = strcat_array(make_set_if(Value, Kind == "asset_value"), ""),
                Criticality = strcat_array(make_set_if(Value, Kind == "criticality"), "") by DeviceId
    | project DeviceId, OwnTags, Decided, Criticality) on DeviceId
| extend LastSeen = Timestamp,
         Domain = iff(DeviceName has ".", substring(DeviceName, indexof(DeviceName, ".") + 1), ""),
         Address = tostring(parse_json(IPAddresses)[0].IPAddress),
         Addresses = IPAddresses,
         Health = iff(isempty(SensorHealthState), "LogsOnly", SensorHealthState),
         AssetValue = case(isnotempty(Decided), Decided, isnotempty(AssetValue), AssetValue, "Normal"),
         IsOnboarded = iff(isempty(OnboardingStatus), bool(null), OnboardingStatus =~ "Onboarded"),
         HasSensor = isnotempty(SensorHealthState),
         IsSilent = isnotempty(SensorHealthState) and Timestamp < {hour},
         IsNew = FirstSeen >= {week},
         Kind = case(DeviceCategory in~ ("NetworkDevice", "Network Device"), "network",
                     DeviceCategory in~ ("IoT", "OT", "BMS", "Medical"), "iot",
                     DeviceCategory in~ ("Endpoint", "Computers and Mobile"), "computer",
                     isempty(DeviceCategory) and (isnotempty(OSPlatform) or isempty(SensorHealthState)), "computer",
                     "uncategorised"),
         Tags = strcat_delim(";", RegistryDeviceTag, DeviceManualTags, DeviceDynamicTags, OwnTags)
)";

/// Tags of several columns, each with names between ';' or as a JSON list; each once.
std::vector<std::string> tags_of(std::string_view text) {
  std::vector<std::string> tags;
  std::string tag;
  const auto finish = [&] {
    const std::string_view name = trim_blanks(tag);
    if (!name.empty() && std::ranges::none_of(tags, [&](const std::string& each) {
          return equals_ignoring_case(each, name);
        })) {
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

struct TextColumn {
  std::string_view name;
  std::string DeviceRow::* member;
};
constexpr std::array kTexts = {
    TextColumn{"DeviceId", &DeviceRow::device_id},
    TextColumn{"DeviceName", &DeviceRow::name},
    TextColumn{"Kind", &DeviceRow::kind},
    TextColumn{"OSPlatform", &DeviceRow::os_platform},
    TextColumn{"OSVersion", &DeviceRow::os_version},
    TextColumn{"OSArchitecture", &DeviceRow::os_architecture},
    TextColumn{"OSDistribution", &DeviceRow::os_distribution},
    TextColumn{"Domain", &DeviceRow::domain},
    TextColumn{"Address", &DeviceRow::address},
    TextColumn{"MacAddress", &DeviceRow::mac},
    TextColumn{"DeviceType", &DeviceRow::device_type},
    TextColumn{"DeviceCategory", &DeviceRow::device_category},
    TextColumn{"DeviceSubtype", &DeviceRow::device_subtype},
    TextColumn{"Vendor", &DeviceRow::vendor},
    TextColumn{"Model", &DeviceRow::model},
    TextColumn{"Health", &DeviceRow::health},
    TextColumn{"OnboardingStatus", &DeviceRow::onboarding_status},
    TextColumn{"ExposureLevel", &DeviceRow::exposure_level},
    TextColumn{"AssetValue", &DeviceRow::asset_value},
    TextColumn{"Criticality", &DeviceRow::criticality},
    TextColumn{"MachineGroup", &DeviceRow::group},
    TextColumn{"JoinType", &DeviceRow::join_type},
    TextColumn{"AadDeviceId", &DeviceRow::directory_id},
    TextColumn{"PublicIP", &DeviceRow::public_ip},
    TextColumn{"MitigationStatus", &DeviceRow::mitigation_status},
    TextColumn{"CloudPlatforms", &DeviceRow::cloud_platforms},
    TextColumn{"DiscoverySources", &DeviceRow::discovery_sources},
    TextColumn{"Site", &DeviceRow::site},
    TextColumn{"ClientVersion", &DeviceRow::sensor_version},
};
constexpr std::string_view kOtherColumns =
    "Tags, OwnTags, OSBuild, HasSensor, IsInternetFacing, IsTransient, IsExcluded, FirstSeen, "
    "LastSeen, Parts";

std::optional<bool> truth_of(const kql::Constant& cell) {
  const auto* truth = std::get_if<bool>(&cell);
  return truth == nullptr ? std::nullopt : std::optional(*truth);
}

std::string table_text(std::string_view only, std::string_view whole, std::string_view hour,
                       std::string_view week) {
  return fmt::format(fmt::runtime(kDeviceTable), fmt::arg("only", only), fmt::arg("whole", whole),
                     fmt::arg("hour", hour), fmt::arg("week", week));
}

}  // namespace

std::string device_table(const MergedDevices& merged, Ticks now, Arguments& arguments,
                         std::span<const std::string> only) {
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
  const std::string condition =
      only.empty() ? "" : "\n| where " + device_condition(only, arguments);
  return table_text(condition, whole, arguments.time(now - kTicksPerHour),
                    arguments.time(now - kTicksPerWeek));
}

std::string device_query_text(const Filter& filter) {
  std::string text = table_text("", "", "ago(1h)", "ago(7d)").substr(1);
  for (const std::string& condition : device_term_texts(filter)) {
    text += "| where " + condition + "\n";
  }
  return text + "| sort by LastSeen desc, DeviceId asc\n";
}

std::string device_filter_text(const Filter& filter, Arguments& arguments) {
  bool is_wide = false;
  std::string text;
  for (const std::string& each :
       term_conditions(filter, arguments, {}, kYearOne, kMaxTicks, is_wide)) {
    text += "| where " + each + "\n";
  }
  return text;
}

const std::string& device_columns() {
  static const std::string columns = [] {
    std::string names;
    for (const TextColumn& column : kTexts) {
      names += fmt::format("{}, ", column.name);
    }
    return names + std::string(kOtherColumns);
  }();
  return columns;
}

DeviceRow read_device(const kql::Row& cells, Ticks now) {
  DeviceRow row;
  std::size_t at = 0;
  for (const TextColumn& column : kTexts) {
    row.*column.member = text_of(cells[at++]);
  }
  row.tags = tags_of(text_of(cells[at++]));
  row.own_tags = tags_of(text_of(cells[at++]));
  if (const auto* build = std::get_if<std::int64_t>(&cells[at++])) {
    row.os_build = *build;
  }
  const bool has_sensor = truth_of(cells[at++]).value_or(false);
  row.is_internet_facing = truth_of(cells[at++]);
  row.is_transient = truth_of(cells[at++]);
  row.is_excluded = truth_of(cells[at++]);
  row.first_seen = number_of(cells[at++]);
  row.last_seen = number_of(cells[at++]);
  row.is_silent = has_sensor && row.last_seen < now - kTicksPerHour;
  row.merged = number_of(cells[at++], 1) - 1;
  return row;
}

}  // namespace spoor::investigate
