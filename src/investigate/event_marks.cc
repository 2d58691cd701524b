#include "investigate/event_marks.h"

#include <fmt/format.h>

#include <utility>

#include "investigate/plan_text.h"

namespace spoor::investigate {
namespace {

/// Up to so many rows of a device are read whole.
constexpr std::int64_t kMostOfDevice = 10'000;
constexpr std::int64_t kMostOfEvents = 100'000;

/// Rows of `table` for the device: all where they are few, else those that may belong to `events`.
template <class OnRow>
Result<void> read_rows_of(const Views& views, const DeviceKey& device, const MarkedEvents& events,
                          std::string_view table, std::string_view columns, const OnRow& on_row) {
  Arguments arguments("m");
  std::string query = fmt::format("{} | where {}", table, device_condition(device.ids, arguments));
  const std::string end = fmt::format(" | project {}", columns);
  std::vector<kql::Row> read;
  const auto collect = [&](std::span<const kql::Row> part) -> Result<void> {
    read.insert(read.end(), part.begin(), part.end());
    return {};
  };
  Arguments all = arguments;
  const auto whole = TRY(views.run_kept(query + end, all.take(), kMostOfDevice, collect));
  if (whole.truncated) {
    read.clear();
    query += " and " + time_condition(kYearOne, events.until, arguments);
    if (!events.ids.empty()) {
      query += fmt::format(" and EventId in ({})", arguments.numbers(events.ids));
    }
    TRY(views.run(query + end, arguments.take(), kMostOfEvents, collect));
  }
  for (const kql::Row& cells : read) {
    on_row(cells);
  }
  return {};
}

}  // namespace

Result<std::map<std::int64_t, EventMark>> event_marks(const Views& views, const DeviceKey& device,
                                                      const MarkedEvents& events) {
  struct Version {
    Ticks set = 0;
    Ticks time = 0;
    std::string value;
    bool is_removed = false;
  };
  std::map<std::pair<std::int64_t, std::string>, Version> last;
  TRY_VOID(read_rows_of(views, device, events, "DeviceMarks",
                        "EventId, Kind, SetTime, Value = iff(Kind == \"flag\", Value, \"\"), "
                        "Removed, Timestamp",
                        [&](const kql::Row& cells) {
                          const bool* const removed = std::get_if<bool>(&cells[4]);
                          Version version{number_of(cells[2]), number_of(cells[5]),
                                          text_of(cells[3]), removed != nullptr && *removed};
                          Version& kept = last[{number_of(cells[0]), text_of(cells[1])}];
                          if (version.set >= kept.set) {
                            kept = std::move(version);
                          }
                        }));
  std::map<std::int64_t, EventMark> marks;
  for (auto& [name, version] : last) {
    const bool is_flag = name.second == "flag";
    if (version.is_removed || (!is_flag && name.second != "note")) {
      continue;
    }
    EventMark& mark = marks[name.first];
    mark.time = version.time;
    if (is_flag) {
      mark.flag = std::move(version.value);
    } else {
      mark.has_note = true;
    }
  }
  return marks;
}

Result<std::vector<EventAlert>> event_alerts(const Views& views, const DeviceKey& device,
                                             const MarkedEvents& events) {
  std::vector<EventAlert> alerts;
  TRY_VOID(read_rows_of(views, device, events, "AlertEvidence",
                        "Timestamp, EventId, AlertId, Title", [&](const kql::Row& cells) {
                          alerts.push_back({number_of(cells[0]), number_of(cells[1]),
                                            text_of(cells[2]), text_of(cells[3])});
                        }));
  return alerts;
}

Result<std::map<std::string, TimelineRow::Alert>> alerts_by_id(const Views& views,
                                                               const std::set<std::string>& ids) {
  std::map<std::string, TimelineRow::Alert> known;
  if (ids.empty()) {
    return known;
  }
  Arguments arguments("a");
  const std::vector<std::string> listed(ids.begin(), ids.end());
  const std::string query = fmt::format(
      "AlertInfo | where AlertId in ({}) | summarize arg_max(Timestamp, Severity, Category, Title) "
      "by AlertId | project AlertId, Severity, Category, Title",
      arguments.texts(listed));
  TRY(views.run_kept(query, arguments.take(), static_cast<std::int64_t>(listed.size()),
                     [&](std::span<const kql::Row> rows) -> Result<void> {
                       for (const kql::Row& cells : rows) {
                         const std::string id = text_of(cells[0]);
                         known[id] = {id, text_of(cells[1]), text_of(cells[2]), text_of(cells[3])};
                       }
                       return {};
                     }));
  return known;
}

}  // namespace spoor::investigate
