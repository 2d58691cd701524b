#include "investigate/device_export.h"

#include <fmt/format.h>

#include "investigate/export_rows.h"

namespace spoor::investigate {
namespace {

using Row = DeviceRow;

template <std::string Row::* kMember>
ExportCell text(const Row& row) {
  return row.*kMember;
}
template <std::optional<bool> Row::* kMember>
ExportCell truth(const Row& row) {
  return row.*kMember ? ExportCell(std::string(*(row.*kMember) ? "true" : "false")) : ExportCell{};
}
template <Ticks Row::* kMember>
ExportCell time(const Row& row) {
  return row.*kMember == 0 ? ExportCell{} : ExportCell(format_ticks(row.*kMember));
}
template <std::vector<std::string> Row::* kMember>
ExportCell texts(const Row& row) {
  return row.*kMember;
}

/// Members of the contract's DeviceRow.
const std::vector<ExportColumn<Row>>& columns() {
  static const std::vector<ExportColumn<Row>> all = {
      {"device_id", text<&Row::device_id>},
      {"name", text<&Row::name>},
      {"kind", text<&Row::kind>},
      {"os_platform", text<&Row::os_platform>},
      {"os_version", text<&Row::os_version>},
      {"os_build",
       [](const Row& row) {
         return row.os_build ? ExportCell(std::to_string(*row.os_build)) : ExportCell{};
       }},
      {"os_architecture", text<&Row::os_architecture>},
      {"os_distribution", text<&Row::os_distribution>},
      {"domain", text<&Row::domain>},
      {"address", text<&Row::address>},
      {"mac", text<&Row::mac>},
      {"device_type", text<&Row::device_type>},
      {"device_category", text<&Row::device_category>},
      {"device_subtype", text<&Row::device_subtype>},
      {"vendor", text<&Row::vendor>},
      {"model", text<&Row::model>},
      {"health", text<&Row::health>},
      {"is_silent",
       [](const Row& row) -> ExportCell { return std::string(row.is_silent ? "true" : "false"); }},
      {"onboarding_status", text<&Row::onboarding_status>},
      {"exposure_level", text<&Row::exposure_level>},
      {"asset_value", text<&Row::asset_value>},
      {"criticality", text<&Row::criticality>},
      {"tags", texts<&Row::tags>},
      {"own_tags", texts<&Row::own_tags>},
      {"group", text<&Row::group>},
      {"join_type", text<&Row::join_type>},
      {"directory_id", text<&Row::directory_id>},
      {"public_ip", text<&Row::public_ip>},
      {"is_internet_facing", truth<&Row::is_internet_facing>},
      {"is_transient", truth<&Row::is_transient>},
      {"is_excluded", truth<&Row::is_excluded>},
      {"mitigation_status", text<&Row::mitigation_status>},
      {"cloud_platforms", text<&Row::cloud_platforms>},
      {"discovery_sources", text<&Row::discovery_sources>},
      {"site", text<&Row::site>},
      {"sensor_version", text<&Row::sensor_version>},
      {"first_seen", time<&Row::first_seen>},
      {"last_seen", time<&Row::last_seen>},
      {"merged", [](const Row& row) -> ExportCell { return std::to_string(row.merged); }},
  };
  return all;
}

std::string trailer(const DeviceExportRequest& request, const ExportSummary& summary) {
  if (request.format == ExportFormat::kCsv) {
    return fmt::format("#export,devices,{},zone=UTC,rows={},sha256={}\r\n",
                       csv_cell("query=" + request.query_text), summary.rows, summary.sha256);
  }
  std::string out;
  json::Writer json(out);
  json.begin_object().key("export").begin_object();
  json.key("query").string(request.query_text).key("zone").string("UTC");
  json.key("rows").number(summary.rows).key("sha256").string(summary.sha256);
  json.end_object().end_object();
  return out + "\n";
}

}  // namespace

const std::vector<std::string>& device_export_columns() {
  static const std::vector<std::string> names = column_names(columns());
  return names;
}

Result<ExportSummary> export_devices(
    const Views& views, const MergedDevices& merged, const DeviceExportRequest& request,
    const std::function<Result<void>(std::string_view bytes)>& write) {
  ExportRows<Row> file(request.format, write);
  TRY_VOID(file.begin(columns(), request.columns));
  TRY_VOID(each_device(views, merged, request.selection, request.sort,
                       [&](std::span<const Row> rows) { return file.add(rows); }));
  return file.end([&](const ExportSummary& summary) { return trailer(request, summary); });
}

}  // namespace spoor::investigate
