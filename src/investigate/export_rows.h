#pragma once
// Rows as a file: CSV or lines of JSON, in chosen columns, counted and hashed. What stands in the
// trailer is each export's own. Internal to the module.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "investigate/export_cells.h"
#include "investigate/timeline_export.h"

namespace spoor::investigate {

template <class Row>
struct ExportColumn {
  std::string name;
  ExportCell (*value)(const Row& row);
};

template <class Row>
std::vector<std::string> column_names(const std::vector<ExportColumn<Row>>& columns) {
  std::vector<std::string> names;
  for (const ExportColumn<Row>& column : columns) {
    names.push_back(column.name);
  }
  return names;
}

/// Writes a file piece by piece. `write` is kept by reference; its first error ends the export.
template <class Row>
class ExportRows {
 public:
  ExportRows(ExportFormat format, const std::function<Result<void>(std::string_view)>& write)
      : is_csv_(format == ExportFormat::kCsv), write_(write) {}

  /// Takes the columns named, all where none is, and writes the header. kInvalidInput for a name
  /// that is none of `all`, which must outlive this.
  Result<void> begin(const std::vector<ExportColumn<Row>>& all,
                     const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const auto found = std::ranges::find(all, name, &ExportColumn<Row>::name);
      if (found == all.end()) {
        return fail(ErrorCode::kInvalidInput, fmt::format("an export has no column '{}'", name));
      }
      chosen_.push_back(&*found);
    }
    if (chosen_.empty()) {
      for (const ExportColumn<Row>& column : all) {
        chosen_.push_back(&column);
      }
    }
    if (!is_csv_) {
      return {};
    }
    std::string header;
    for (const ExportColumn<Row>* column : chosen_) {
      header += (header.empty() ? "" : ",") + column->name;
    }
    return put(header + "\r\n");
  }

  Result<void> add(std::span<const Row> rows) {
    std::string out;
    for (const Row& row : rows) {
      if (is_csv_) {
        for (const ExportColumn<Row>* column : chosen_) {
          out += (column == chosen_.front() ? "" : ",") + csv_cell(column->value(row));
        }
        out += "\r\n";
        continue;
      }
      json::Writer json(out);
      json.begin_object();
      for (const ExportColumn<Row>* column : chosen_) {
        json.key(column->name);
        put_json_cell(json, column->value(row));
      }
      json.end_object();
      out += '\n';
    }
    summary_.rows += static_cast<std::int64_t>(rows.size());
    return put(out);
  }

  /// Writes the trailer, which is told of all before it and is no part of the hash.
  Result<ExportSummary> end(const std::function<std::string(const ExportSummary&)>& trailer) {
    summary_.sha256 = hash_.finish();
    const std::string last = trailer(summary_);
    summary_.bytes += last.size();
    TRY_VOID(write_(last));
    return summary_;
  }

  /// So far.
  [[nodiscard]] const ExportSummary& summary() const { return summary_; }

 private:
  Result<void> put(std::string_view bytes) {
    hash_.add(bytes);
    summary_.bytes += bytes.size();
    return write_(bytes);
  }

  bool is_csv_;
  const std::function<Result<void>(std::string_view)>& write_;
  std::vector<const ExportColumn<Row>*> chosen_;
  Sha256 hash_;
  ExportSummary summary_;
};

}  // namespace spoor::investigate
