#include "investigate/filter_fields.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "schema/gen/ordinals.h"

namespace spoor::investigate {
namespace {

using kql::Type;

const schema::Table& table_of(schema::TableId id) {
  return schema::tables()[static_cast<std::size_t>(id)];
}

bool is_bookkeeping(std::string_view column) {
  return column == "BatchId" || column == "IngestTime" || column == "RetentionClass" ||
         column == "MappingVersion" || column == "ReportId";
}

bool is_address_name(std::string_view name) {
  return name.ends_with("IP") || name.ends_with("IPAddress") || name == "Address";
}

bool is_long(const schema::Column& column) {
  return column.index == schema::Index::kTerms || column.type == Type::kDynamic ||
         column.name == "AdditionalFields";
}

Field field_of(const schema::Column& column) {
  Field field;
  field.shown = {column.name, column.type, column.doc, false};
  field.is_long_text = is_long(column);
  field.is_address = is_address_name(column.name);
  return field;
}

void add_owner(std::vector<Field>& fields, const schema::Table& table,
               const schema::Column& column) {
  auto found = std::ranges::find_if(
      fields, [&](const Field& field) { return field.shown.name == column.name; });
  if (found == fields.end()) {
    fields.push_back(field_of(column));
    fields.back().shown.is_wide = true;
    found = fields.end() - 1;
  }
  if (found->shown.is_wide) {
    found->owners.push_back({&table, &column});
  }
}

std::vector<Field> timeline_fields() {
  std::vector<Field> fields;
  for (const schema::Column& column : table_of(schema::TableId::kDeviceTimeline).columns) {
    if (!is_bookkeeping(column.name)) {
      fields.push_back(field_of(column));
    }
  }
  std::vector<const schema::Table*> tables(hunting_tables().begin(), hunting_tables().end());
  tables.push_back(&table_of(schema::TableId::kDeviceSourceRecords));
  tables.push_back(&table_of(schema::TableId::kDeviceTechniqueEvents));
  for (const schema::Table* table : tables) {
    for (const schema::Column& column : table->columns) {
      if (!is_bookkeeping(column.name)) {
        add_owner(fields, *table, column);
      }
    }
  }
  return fields;
}

struct DeviceField {
  std::string_view name;
  Type type;
  std::string_view doc;
};
/// Columns of the plan in device_plan.cc.
constexpr std::array kDeviceFields = {
    DeviceField{"DeviceName", Type::kString, "Name, in full where it is known"},
    DeviceField{"DeviceId", Type::kString, "Id of the device"},
    DeviceField{"Domain", Type::kString, "Part of the name after the first dot"},
    DeviceField{"OSPlatform", Type::kString, "Operating system with its release"},
    DeviceField{"OSVersion", Type::kString, "Version of the operating system"},
    DeviceField{"OSBuild", Type::kLong, "Build of the operating system"},
    DeviceField{"OSArchitecture", Type::kString, "Architecture of the processor"},
    DeviceField{"OSDistribution", Type::kString, "Distribution of the operating system"},
    DeviceField{"Kind", Type::kString, "computer, network, iot, uncategorised"},
    DeviceField{"DeviceType", Type::kString, "Workstation, Server, Mobile, Printer, …"},
    DeviceField{"DeviceCategory", Type::kString, "Endpoint, NetworkDevice, IoT, …"},
    DeviceField{"DeviceSubtype", Type::kString, "Finer type"},
    DeviceField{"Vendor", Type::kString, "Manufacturer"},
    DeviceField{"Model", Type::kString, "Model of the hardware"},
    DeviceField{"MachineGroup", Type::kString, "Group of devices it belongs to"},
    DeviceField{"JoinType", Type::kString, "How it is joined to a directory"},
    DeviceField{"AadDeviceId", Type::kString, "Id in the directory"},
    DeviceField{"Address", Type::kString, "Newest of its own addresses"},
    DeviceField{"Addresses", Type::kString, "All of its own addresses"},
    DeviceField{"MacAddress", Type::kString, "Of the adapter with the newest address"},
    DeviceField{"PublicIP", Type::kString, "Address that it is seen with from outside"},
    DeviceField{"Health", Type::kString, "State of its sensor; LogsOnly without one"},
    DeviceField{"OnboardingStatus", Type::kString, "Whether a sensor is there, or could be"},
    DeviceField{"ClientVersion", Type::kString, "Version of its sensor"},
    DeviceField{"ExposureLevel", Type::kString, "Low, Medium, High"},
    DeviceField{"AssetValue", Type::kString, "Low, Normal, High: as decided, else as sources say"},
    DeviceField{"Criticality", Type::kString, "Low, Medium, High, VeryHigh, where decided"},
    DeviceField{"Tags", Type::kString, "All tags of the device"},
    DeviceField{"OwnTags", Type::kString, "Tags that people gave it"},
    DeviceField{"MitigationStatus", Type::kString, "Contained or isolated"},
    DeviceField{"CloudPlatforms", Type::kString, "Clouds that it runs in"},
    DeviceField{"DiscoverySources", Type::kString, "What discovered it"},
    DeviceField{"Site", Type::kString, "Site it belongs to"},
    DeviceField{"IsSilent", Type::kBool, "With a sensor, and not heard of for an hour"},
    DeviceField{"IsNew", Type::kBool, "First seen in the past 7 days"},
    DeviceField{"IsOnboarded", Type::kBool, "With a sensor, where sources say"},
    DeviceField{"IsInternetFacing", Type::kBool, "Reached from the internet"},
    DeviceField{"IsTransient", Type::kBool, "Seen for a short time only"},
    DeviceField{"IsExcluded", Type::kBool, "Left out of vulnerability management"},
    DeviceField{"FirstSeen", Type::kDateTime, "Time of its earliest evidence"},
    DeviceField{"LastSeen", Type::kDateTime, "Time of its latest evidence"},
};

std::vector<Field> device_fields() {
  std::vector<Field> fields;
  for (const DeviceField& each : kDeviceFields) {
    Field field;
    field.shown = {each.name, each.type, each.doc, false};
    field.is_long_text = each.name == "Tags" || each.name == "OwnTags" || each.name == "Addresses";
    field.is_address = is_address_name(each.name);
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

std::span<const schema::Table* const> hunting_tables() {
  static const std::vector<const schema::Table*> tables = [] {
    std::vector<const schema::Table*> found;
    for (const schema::Table& table : schema::tables()) {
      const bool is_event = table.find("EventId") && table.find("DeviceId") &&
                            table.find("Timestamp") && table.find("ActionType");
      if (is_event && table.name != "DeviceTimeline") {
        found.push_back(&table);
      }
    }
    return found;
  }();
  return tables;
}

bool is_searched(const schema::Column& column) {
  return (column.type == Type::kString || column.type == Type::kDynamic) &&
         column.storage != schema::Storage::kHex && column.storage != schema::Storage::kKeys &&
         column.name != "DeviceId" && column.name != "DeviceName";
}

const std::vector<Field>& fields_of(FilterSubject subject) {
  static const std::vector<Field> devices = device_fields();
  static const std::vector<Field> timeline = timeline_fields();
  return subject == FilterSubject::kDevices ? devices : timeline;
}

const Field* find_field(FilterSubject subject, std::string_view name) {
  for (const Field& field : fields_of(subject)) {
    if (equals_ignoring_case(field.shown.name, name)) {
      return &field;
    }
  }
  return nullptr;
}

const std::vector<FilterField>& filter_fields(FilterSubject subject) {
  const auto shown = [](FilterSubject of) {
    std::vector<FilterField> list;
    for (const Field& field : fields_of(of)) {
      list.push_back(field.shown);
    }
    return list;
  };
  static const std::vector<FilterField> devices = shown(FilterSubject::kDevices);
  static const std::vector<FilterField> timeline = shown(FilterSubject::kTimeline);
  return subject == FilterSubject::kDevices ? devices : timeline;
}

std::span<const std::string_view> known_features(FilterSubject subject) {
  static constexpr std::array kOfEvents = {kHasTechnique, kHasAlert, kHasFlag, kHasNote,
                                           kHasProcess};
  return subject == FilterSubject::kDevices ? std::span<const std::string_view>{}
                                            : std::span<const std::string_view>(kOfEvents);
}

}  // namespace spoor::investigate
