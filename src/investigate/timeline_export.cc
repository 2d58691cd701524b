#include "investigate/timeline_export.h"

#include <fmt/format.h>

#include <optional>

#include "investigate/export_rows.h"
#include "investigate/timeline_plan.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

using Cell = ExportCell;

/// Keys are 63 bits wide, more than a number of JSON can be trusted with: they are texts.
Cell key_cell(std::int64_t key) { return key == 0 ? Cell{} : Cell{std::to_string(key)}; }

const std::vector<ExportColumn<TimelineRow>>& columns() {
  using Row = TimelineRow;
  static const std::vector<ExportColumn<Row>> all = {
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

std::string trailer(const ExportRequest& request, const ExportSummary& summary) {
  const TimelineSelection& selection = request.selection;
  const auto end = [](Ticks time) {
    return time == kYearOne || time == kMaxTicks ? "" : format_ticks(time);
  };
  if (request.format == ExportFormat::kCsv) {
    return fmt::format("#export,device={},{},from={},to={},zone=UTC,rows={},sha256={}\r\n",
                       selection.device.id, csv_cell("query=" + request.query_text),
                       end(selection.from), end(selection.to), summary.rows, summary.sha256);
  }
  std::string out;
  json::Writer json(out);
  json.begin_object().key("export").begin_object();
  json.key("device").string(selection.device.id).key("query").string(request.query_text);
  json.key("from").string(end(selection.from)).key("to").string(end(selection.to));
  json.key("zone").string("UTC").key("rows").number(summary.rows);
  json.key("sha256").string(summary.sha256).end_object().end_object();
  return out + "\n";
}

}  // namespace

const std::vector<std::string>& export_columns() {
  static const std::vector<std::string> names = column_names(columns());
  return names;
}

Result<ExportSummary> export_timeline(
    const Views& views, const ExportRequest& request,
    const std::function<Result<void>(std::string_view bytes)>& write, const std::stop_token& stop,
    const std::function<void(const ExportProgress&)>& on_progress) {
  TRY_VOID(views.check(request.selection.device));
  if (request.rows_a_page < 1 || request.rows_a_page > 100'000) {
    return fail(ErrorCode::kInvalidInput, "a page of an export has 1 to 100,000 rows");
  }
  ExportRows<TimelineRow> file(request.format, write);
  TRY_VOID(file.begin(columns(), request.columns));
  std::optional<Views::Cursor> last;
  while (true) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::kCancelled, "the export was stopped");
    }
    RowsRequest page;
    page.cursor = last;
    page.towards_older = request.newest_first;
    page.rows = request.rows_a_page;
    std::vector<TimelineRow> rows = TRY(read_rows(views, request.selection, page));
    const bool is_last = static_cast<std::int64_t>(rows.size()) < request.rows_a_page;
    if (!rows.empty()) {
      last = rows.back().cursor();
      TRY_VOID(decorate(views, request.selection.device, false, rows));
      TRY_VOID(file.add(rows));
    }
    if (on_progress && last) {
      on_progress({file.summary().rows, file.summary().bytes, *last});
    }
    if (is_last) {
      break;
    }
  }
  return file.end([&](const ExportSummary& summary) { return trailer(request, summary); });
}

}  // namespace spoor::investigate
