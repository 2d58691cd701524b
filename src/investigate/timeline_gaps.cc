#include "investigate/timeline_gaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "investigate/plan_text.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostRows = 2'000'000;

auto place(const Views::Cursor& cursor) { return std::tuple(cursor.time, cursor.event_id); }

/// Counts per instant of a shown row: rows at it by id, and rows between it and the next.
constexpr std::string_view kCounts =
    "DeviceTimeline | where {} and Timestamp >= {} and Timestamp <= {} | take {} | extend Edge = "
    "bin_by_edges(Timestamp, {}) | summarize Between = countif(Timestamp != Edge), At = "
    "make_list_if(EventId, Timestamp == Edge) by Edge";

}  // namespace

Result<std::vector<std::optional<std::int64_t>>> count_gaps(const Views& views,
                                                            const DeviceKey& device,
                                                            const GapRequest& request) {
  const std::vector<Views::Cursor>& shown = request.shown;
  std::vector<std::optional<std::int64_t>> gaps(shown.size() + 1, std::nullopt);
  if (shown.empty() && (!request.after || !request.before)) {
    return gaps;
  }
  const Views::Cursor first = request.after ? *request.after : shown.front();
  const Views::Cursor last = request.before ? *request.before : shown.back();
  std::vector<Ticks> edges = {first.time, last.time};
  for (const Views::Cursor& each : shown) {
    edges.push_back(each.time);
  }
  std::ranges::sort(edges);
  edges.erase(std::ranges::unique(edges).begin(), edges.end());

  std::vector<std::int64_t> counts(gaps.size(), 0);
  std::int64_t rows = 0;
  // Gap of a place: the number of shown rows before it.
  const auto gap_of = [&](const Views::Cursor& of) {
    return static_cast<std::size_t>(std::ranges::lower_bound(shown, place(of), {}, place) -
                                    shown.begin());
  };
  Arguments arguments("g");
  const std::string query = fmt::format(
      fmt::runtime(kCounts), device_condition(device.ids, arguments), arguments.time(first.time),
      arguments.time(last.time), arguments.number(kMostRows), arguments.times(edges));
  const auto read = [&](std::span<const kql::Row> part) -> Result<void> {
    for (const kql::Row& cells : part) {
      const Ticks edge = number_of(cells[0]);
      const std::int64_t between = number_of(cells[1]);
      counts[gap_of({edge, INT64_MAX})] += between;
      rows += between;
      for (const std::int64_t id : numbers_of(cells[2])) {
        ++rows;
        const Views::Cursor at{edge, id};
        const bool is_shown = std::ranges::binary_search(shown, place(at), {}, place);
        if (!is_shown && place(at) > place(first) && place(at) < place(last)) {
          ++counts[gap_of(at)];
        }
      }
    }
    return {};
  };
  TRY(views.run(query, arguments.take(), static_cast<std::int64_t>(edges.size()) + 1, read));
  if (rows >= kMostRows) {
    return gaps;
  }
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const bool is_known = (i > 0 || request.after) && (i + 1 < gaps.size() || request.before);
    gaps[i] = is_known ? std::optional(counts[i]) : std::nullopt;
  }
  return gaps;
}

}  // namespace spoor::investigate
