#include "investigate/device_export.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.h"
#include "investigate/export_cells.h"

namespace spoor::investigate {
namespace {

using Row = DeviceRow;

struct ExportColumn {
  std::string name;
  ExportCell (*value)(const Row& row);
};

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
const std::vector<ExportColumn>& columns() {
  static const std::vector<ExportColumn> all = {
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

class Exporter {
 public:
  Exporter(const DeviceExportRequest& request,
           const std::function<Result<void>(std::string_view)>& write)
      : request_(request), write_(write), is_csv_(request.format == ExportFormat::kCsv) {}

  Result<ExportSummary> run(const Views& views, const MergedDevices& merged) {
    TRY_VOID(choose_columns());
    if (is_csv_) {
      std::string header;
      for (const ExportColumn* column : chosen_) {
        header += (header.empty() ? "" : ",") + column->name;
      }
      TRY_VOID(put(header + "\r\n"));
    }
    TRY_VOID(each_device(views, merged, request_.selection, request_.sort,
                         [this](std::span<const Row> rows) { return put_rows(rows); }));
    summary_.sha256 = hash_.finish();
    const std::string end = trailer();
    summary_.bytes += end.size();
    TRY_VOID(write_(end));
    return summary_;
  }

 private:
  Result<void> choose_columns() {
    for (const std::string& name : request_.columns) {
      const auto found = std::ranges::find(columns(), name, &ExportColumn::name);
      if (found == columns().end()) {
        return fail(ErrorCode::kInvalidInput, fmt::format("an export has no column '{}'", name));
      }
      chosen_.push_back(&*found);
    }
    if (chosen_.empty()) {
      for (const ExportColumn& column : columns()) {
        chosen_.push_back(&column);
      }
    }
    return {};
  }

  Result<void> put_rows(std::span<const Row> rows) {
    std::string out;
    for (const Row& row : rows) {
      if (is_csv_) {
        for (const ExportColumn* column : chosen_) {
          out += (column == chosen_.front() ? "" : ",") + csv_cell(column->value(row));
        }
        out += "\r\n";
        continue;
      }
      json::Writer json(out);
      json.begin_object();
      for (const ExportColumn* column : chosen_) {
        json.key(column->name);
        put_json_cell(json, column->value(row));
      }
      json.end_object();
      out += '\n';
    }
    summary_.rows += static_cast<std::int64_t>(rows.size());
    return put(out);
  }

  Result<void> put(std::string_view bytes) {
    hash_.add(bytes);
    summary_.bytes += bytes.size();
    return write_(bytes);
  }

  [[nodiscard]] std::string trailer() const {
    if (is_csv_) {
      return fmt::format("#export,devices,{},zone=UTC,rows={},sha256={}\r\n",
                         csv_cell("query=" + request_.query_text), summary_.rows, summary_.sha256);
    }
    std::string out;
    json::Writer json(out);
    json.begin_object().key("export").begin_object();
    json.key("query").string(request_.query_text).key("zone").string("UTC");
    json.key("rows").number(summary_.rows).key("sha256").string(summary_.sha256);
    json.end_object().end_object();
    return out + "\n";
  }

  const DeviceExportRequest& request_;
  const std::function<Result<void>(std::string_view)>& write_;
  bool is_csv_;
  std::vector<const ExportColumn*> chosen_;
  Sha256 hash_;
  ExportSummary summary_;
};

}  // namespace

const std::vector<std::string>& device_export_columns() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const ExportColumn& column : columns()) {
      all.push_back(column.name);
    }
    return all;
  }();
  return names;
}

Result<ExportSummary> export_devices(
    const Views& views, const MergedDevices& merged, const DeviceExportRequest& request,
    const std::function<Result<void>(std::string_view bytes)>& write) {
  return Exporter(request, write).run(views, merged);
}

}  // namespace spoor::investigate
