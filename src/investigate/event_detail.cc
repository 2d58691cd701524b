#include "investigate/event_detail.h"

#include <fmt/format.h>

#include <algorithm>

#include "investigate/filter_fields.h"
#include "investigate/timeline_plan.h"

namespace spoor::investigate {
namespace {

const schema::Table& table_named(std::string_view name) { return *schema::find_table(name); }

class DetailReader {
 public:
  DetailReader(const Views& views, const DeviceKey& device, std::int64_t event_id)
      : views_(views), device_(device), event_id_(event_id) {}

  Result<EventDetail> run(std::optional<Ticks> time) {
    std::vector<TimelineRow> rows;
    if (time) {
      rows = TRY(timeline_rows(*time, *time));
    }
    if (rows.empty()) {
      rows = TRY(timeline_rows(kYearOne, kMaxTicks));
    }
    if (rows.empty()) {
      return fail(ErrorCode::kNotFound, fmt::format("the device has no event {}", event_id_));
    }
    EventDetail detail;
    TRY_VOID(decorate(views_, device_, false, rows));
    detail.row = std::move(rows.front());
    const Ticks at = detail.row.time;
    for (const std::string& table : TRY(tables_with_it(at))) {
      auto found = TRY(wide_rows(table, at, at));
      std::ranges::move(found, std::back_inserter(detail.tables));
    }
    detail.techniques = TRY(wide_rows("DeviceTechniqueEvents", at, at));
    detail.evidence = TRY(wide_rows("AlertEvidence", kYearOne, kMaxTicks));
    auto original = TRY(wide_rows("DeviceSourceRecords", at, at));
    if (original.empty()) {
      original = TRY(wide_rows("DeviceSourceRecords", kYearOne, kMaxTicks));
    }
    if (!original.empty()) {
      detail.original = std::move(original.front());
    }
    return detail;
  }

 private:
  /// The key finds the rows: device and time first, the index of ids where no time is known.
  std::string condition(Ticks from, Ticks to, Arguments& arguments) const {
    return fmt::format("{} and {} and EventId == {}", device_condition(device_.ids, arguments),
                       time_condition(from, to, arguments), arguments.number(event_id_));
  }

  Result<std::vector<TimelineRow>> timeline_rows(Ticks from, Ticks to) const {
    Arguments arguments;
    const std::string query = fmt::format("DeviceTimeline | where {} | take 1 | project {}",
                                          condition(from, to, arguments), kRowColumns);
    std::vector<TimelineRow> rows;
    TRY(views_.run(query, arguments.take(), 1, [&](std::span<const kql::Row> part) -> Result<void> {
      rows.push_back(read_row(part[0]));
      return {};
    }));
    return rows;
  }

  Result<std::vector<std::string>> tables_with_it(Ticks time) const {
    Arguments arguments;
    const std::string where = condition(time, time, arguments);
    std::vector<std::string> legs;
    for (const schema::Table* table : hunting_tables()) {
      legs.push_back(fmt::format("({0} | where {1} | project Name = \"{0}\")", table->name, where));
    }
    const std::string query =
        fmt::format("union {} | distinct Name | sort by Name asc", fmt::join(legs, ", "));
    std::vector<std::string> names;
    TRY(views_.run(query, arguments.take(), 100,
                   [&](std::span<const kql::Row> part) -> Result<void> {
                     for (const kql::Row& cells : part) {
                       names.push_back(text_of(cells[0]));
                     }
                     return {};
                   }));
    return names;
  }

  Result<std::vector<EventRow>> wide_rows(std::string_view name, Ticks from, Ticks to) const {
    const schema::Table& table = table_named(name);
    Arguments arguments;
    std::string query =
        fmt::format("{} | where {} | take 100 | project ", name, condition(from, to, arguments));
    for (const schema::Column& column : table.columns) {
      query += fmt::format("{}['{}']", &column == table.columns.data() ? "" : ", ", column.name);
    }
    std::vector<EventRow> rows;
    TRY(views_.run(query, arguments.take(), 100,
                   [&](std::span<const kql::Row> part) -> Result<void> {
                     for (const kql::Row& cells : part) {
                       EventRow row;
                       row.table = name;
                       for (std::size_t i = 0; i < table.columns.size(); ++i) {
                         const schema::Column& column = table.columns[i];
                         row.fields.push_back(
                             {{std::string(column.name), column.type}, cells[i], column.hidden});
                       }
                       rows.push_back(std::move(row));
                     }
                     return {};
                   }));
    return rows;
  }

  const Views& views_;
  const DeviceKey& device_;
  std::int64_t event_id_;
};

}  // namespace

Result<EventDetail> event_detail(const Views& views, const DeviceKey& device, std::int64_t event_id,
                                 std::optional<Ticks> time) {
  TRY_VOID(views.check(device));
  return DetailReader(views, device, event_id).run(time);
}

}  // namespace spoor::investigate
