#pragma once
// A timeline as a file: all rows of a selection, in memory that does not grow with them.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "investigate/timeline.h"

namespace spoor::investigate {

enum class ExportFormat : std::uint8_t { kNdjson = 1, kCsv = 2 };

struct ExportRequest {
  TimelineSelection selection;
  std::string query_text;  ///< the filter as the person wrote it; stands in the trailer
  bool newest_first = false;
  ExportFormat format = ExportFormat::kNdjson;
  std::vector<std::string> columns;  ///< of export_columns(); empty: all
  std::int64_t rows_a_page = 5000;
};

/// Names of the columns, in their order.
const std::vector<std::string>& export_columns();

struct ExportSummary {
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;  ///< of the whole file
  std::string sha256;       ///< of all bytes before the trailer, lower-case hex
};

/// Told after each page; where to go on after a stop: the cursor of the last row written.
struct ExportProgress {
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
  Views::Cursor last;
};

/// Writes CSV (RFC 4180, cells that a spreadsheet would take for a formula begin with ') or lines
/// of JSON, then a trailer with query, range, row count and SHA-256: a last JSON object with the
/// one member "export", or in CSV a line whose first cell is "#export". kCancelled where `stop` was
/// asked for, kInvalidInput for an unknown column; an error of `write` ends the export.
Result<ExportSummary> export_timeline(
    const Views& views, const ExportRequest& request,
    const std::function<Result<void>(std::string_view bytes)>& write, const std::stop_token& stop,
    const std::function<void(const ExportProgress&)>& on_progress = {});

}  // namespace spoor::investigate
