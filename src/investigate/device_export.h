#pragma once
// The list of devices as a file.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "investigate/device_list.h"
#include "investigate/timeline_export.h"

namespace spoor::investigate {

struct DeviceExportRequest {
  DeviceSelection selection;
  std::vector<DeviceSort> sort;  ///< as of DeviceListRequest
  std::string query_text;        ///< the filter as the person wrote it; stands in the trailer
  ExportFormat format = ExportFormat::kNdjson;
  std::vector<std::string> columns;  ///< of device_export_columns(); empty: all
};

/// Names of the columns, in their order.
const std::vector<std::string>& device_export_columns();

/// Writes CSV or lines of JSON and a trailer, in the way of export_timeline. kInvalidInput for an
/// unknown column or field to sort by; an error of `write` ends the export.
Result<ExportSummary> export_devices(
    const Views& views, const MergedDevices& merged, const DeviceExportRequest& request,
    const std::function<Result<void>(std::string_view bytes)>& write);

}  // namespace spoor::investigate
