#include "investigate/timeline_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/sha256.h"
#include "investigate/export_cells.h"
#include "investigate/timeline_plan.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

using Cell = ExportCell;

struct ExportColumn {
  std::string name;
  Cell (*value)(const TimelineRow& row);
};

/// Keys are 63 bits wide, more than a number of JSON can be trusted with: they are texts.
Cell key_cell(std::int64_t key) { return key == 0 ? Cell{} : Cell{std::to_string(key)}; }

const std::vector<ExportColumn>& columns() {
  using Row = TimelineRow;
  static const std::vector<ExportColumn> all = {
      {"Timestamp", [](const Row& row) -> Cell { return format_ticks(row.time); }},
      {"DeviceId", [](const Row& row) -> Cell { return row.device_id; }},
      {"Group", [](const Row& row) -> Cell { return row.group; }},
      {"ActionType", [](const Row& row) -> Cell { return row.action_type; }},
      {"Actor", [](const Row& row) -> Cell { return row.actor; }},
      {"Title", [](const Row& row) -> Cell { return row.title; }},
      {"Detail", [](const Row& row) -> Cell { return row.detail; }},
      {"Account", [](const Row& row) -> Cell { return row.account; }},
      {"Techniques", [](const Row& row) -> Cell { return row.techniques; }},
      {"Flag", [](const Row& row) -> Cell { return row.flag; }},
      {"Table", [](const Row& row) -> Cell { return row.table; }},
      {"Source", [](const Row& row) -> Cell { return row.source; }},
      {"EventId", [](const Row& row) { return key_cell(row.event_id); }},
      {"ProcessKey", [](const Row& row) { return key_cell(row.process_key); }},
      {"InitiatingProcessKey", [](const Row& row) { return key_cell(row.actor_key); }},
      {"Ancestors",
       [](const Row& row) -> Cell {
         std::vector<std::string> keys;
         for (const std::int64_t key : row.ancestry) {
           keys.push_back(std::to_string(key));
         }
         return keys;
       }},
  };
  return all;
}

class Exporter {
 public:
  Exporter(const Views& views, const ExportRequest& request,
           const std::function<Result<void>(std::string_view)>& write)
      : views_(views), request_(request), write_(write) {}

  Result<ExportSummary> run(const std::stop_token& stop,
                            const std::function<void(const ExportProgress&)>& on_progress) {
    TRY_VOID(choose_columns());
    if (request_.format == ExportFormat::kCsv) {
      std::string header;
      for (const ExportColumn* column : chosen_) {
        header += (header.empty() ? "" : ",") + column->name;
      }
      TRY_VOID(put(header + "\r\n"));
    }
    std::optional<Views::Cursor> last;
    while (true) {
      if (stop.stop_requested()) {
        return fail(ErrorCode::kCancelled, "the export was stopped");
      }
      RowsRequest page;
      page.cursor = last;
      page.towards_older = request_.newest_first;
      page.rows = request_.rows_a_page;
      std::vector<TimelineRow> rows = TRY(read_rows(views_, request_.selection, page));
      const bool is_last = static_cast<std::int64_t>(rows.size()) < request_.rows_a_page;
      if (!rows.empty()) {
        last = rows.back().cursor();
        TRY_VOID(decorate(views_, request_.selection.device, false, rows));
        TRY_VOID(put_rows(rows));
      }
      if (on_progress && last) {
        on_progress({summary_.rows, summary_.bytes, *last});
      }
      if (is_last) {
        break;
      }
    }
    summary_.sha256 = hash_.finish();
    const std::string end = trailer();
    summary_.bytes += end.size();
    TRY_VOID(write_(end));
    return summary_;
  }

 private:
  Result<void> choose_columns() {
    if (request_.rows_a_page < 1 || request_.rows_a_page > 100'000) {
      return fail(ErrorCode::kInvalidInput, "a page of an export has 1 to 100,000 rows");
    }
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

  Result<void> put_rows(const std::vector<TimelineRow>& rows) {
    std::string out;
    for (const TimelineRow& row : rows) {
      if (request_.format == ExportFormat::kCsv) {
        for (const ExportColumn* column : chosen_) {
          out += (column == chosen_.front() ? "" : ",") + csv_cell(column->value(row));
        }
        out += "\r\n";
      } else {
        json::Writer json(out);
        json.begin_object();
        for (const ExportColumn* column : chosen_) {
          json.key(column->name);
          put_json_cell(json, column->value(row));
        }
        json.end_object();
        out += '\n';
      }
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
    const TimelineSelection& selection = request_.selection;
    const auto end = [](Ticks time) {
      return time == kYearOne || time == kMaxTicks ? "" : format_ticks(time);
    };
    if (request_.format == ExportFormat::kCsv) {
      return fmt::format("#export,device={},{},from={},to={},zone=UTC,rows={},sha256={}\r\n",
                         selection.device.id, csv_cell("query=" + request_.query_text),
                         end(selection.from), end(selection.to), summary_.rows, summary_.sha256);
    }
    std::string out;
    json::Writer json(out);
    json.begin_object().key("export").begin_object();
    json.key("device").string(selection.device.id).key("query").string(request_.query_text);
    json.key("from").string(end(selection.from)).key("to").string(end(selection.to));
    json.key("zone").string("UTC").key("rows").number(summary_.rows);
    json.key("sha256").string(summary_.sha256).end_object().end_object();
    return out + "\n";
  }

  const Views& views_;
  const ExportRequest& request_;
  const std::function<Result<void>(std::string_view)>& write_;
  std::vector<const ExportColumn*> chosen_;
  Sha256 hash_;
  ExportSummary summary_;
};

}  // namespace

const std::vector<std::string>& export_columns() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const ExportColumn& column : columns()) {
      all.push_back(column.name);
    }
    return all;
  }();
  return names;
}

Result<ExportSummary> export_timeline(
    const Views& views, const ExportRequest& request,
    const std::function<Result<void>(std::string_view bytes)>& write, const std::stop_token& stop,
    const std::function<void(const ExportProgress&)>& on_progress) {
  TRY_VOID(views.check(request.selection.device));
  return Exporter(views, request, write).run(stop, on_progress);
}

}  // namespace spoor::investigate
