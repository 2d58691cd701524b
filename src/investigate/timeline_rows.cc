// Rows of a selection from a place on: what pages and exports read.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "investigate/timeline_plan.h"

namespace spoor::investigate {
namespace {

class RowsReader {
 public:
  RowsReader(const Views& views, const TimelineSelection& selection, const RowsRequest& request)
      : views_(views), selection_(selection), request_(request) {}

  Result<std::vector<TimelineRow>> run() {
    Ticks from = selection_.from;
    Ticks to = selection_.to;
    if (request_.cursor && request_.towards_older) {
      to = std::min(to, request_.cursor->time);
    } else if (request_.cursor) {
      from = std::max(from, request_.cursor->time);
    }
    if (from <= to) {
      TRY_VOID(read(from, to));
    }
    return std::move(rows_);
  }

 private:
  Result<void> read(Ticks from, Ticks to) {
    Arguments probe;
    if (!plan_selection(selection_, probe, from, to).is_wide) {
      return read_near(from, to);
    }
    // Conditions on hunting tables are dear where the span is long: the nearest days come first.
    const auto start =
        TRY(outermost_row(views_, selection_.device, from, to, request_.towards_older));
    if (!start) {
      return {};
    }
    (request_.towards_older ? to : from) = *start;
    constexpr std::array kSpans = {kTicksPerDay, kTicksPerWeek, 5 * kTicksPerWeek};
    for (const TickSpan span : kSpans) {
      if (to - from < span || rows_missing() == 0) {
        break;
      }
      if (request_.towards_older) {
        TRY_VOID(read_span(to - span + 1, to));
        to -= span;
      } else {
        TRY_VOID(read_span(from, from + span - 1));
        from += span;
      }
    }
    return rows_missing() > 0 ? read_span(from, to) : Result<void>{};
  }

  /// The days beside the place first, since most pages end there: a bounded span opens the parts of
  /// one week, an open one those of all.
  Result<void> read_near(Ticks from, Ticks to) {
    constexpr TickSpan kNear = 2 * kTicksPerDay;
    const DeviceKey& device = selection_.device;
    const Ticks seen = request_.towards_older ? device.last_seen : device.first_seen;
    const bool is_open = request_.towards_older ? to == kMaxTicks : from == kYearOne;
    const Ticks place = !is_open ? (request_.towards_older ? to : from) : seen;
    if (place == 0 || place < kYearOne + kNear || place > kMaxTicks - kNear) {
      return read_span(from, to);
    }
    const Ticks edge = request_.towards_older ? place - kNear : place + kNear;
    if (edge <= from || edge >= to) {
      return read_span(from, to);
    }
    if (request_.towards_older) {
      TRY_VOID(read_span(edge, to));
      return rows_missing() > 0 ? read_span(from, edge - 1) : Result<void>{};
    }
    TRY_VOID(read_span(from, edge));
    return rows_missing() > 0 ? read_span(edge + 1, to) : Result<void>{};
  }

  [[nodiscard]] std::int64_t rows_missing() const {
    return request_.rows - static_cast<std::int64_t>(rows_.size());
  }

  Result<void> read_span(Ticks from, Ticks to) {
    Arguments arguments;
    const SelectionPlan plan = plan_selection(selection_, arguments, from, to);
    const std::int64_t rows = rows_missing();
    const std::string end =
        fmt::format(" | sort by Timestamp {0}, EventId {0} | take {1} | project {2}",
                    request_.towards_older ? "desc" : "asc", arguments.number(rows), kRowColumns);
    const std::string conditions = " | where " + time_condition(from, to, arguments) +
                                   past_cursor(arguments) + plan.filters() + end;
    std::string query;
    if (plan.legs.size() == 1) {
      query = plan.legs.front() + conditions;
    } else {
      // Each device is read in the order of the key, and the beginnings are put together.
      for (const std::string& leg : plan.legs) {
        query += fmt::format("{}({}{})", query.empty() ? "union " : ", ", leg, conditions);
      }
      query += end;
    }
    TRY(views_.run(query, arguments.take(), rows,
                   [&](std::span<const kql::Row> part) -> Result<void> {
                     for (const kql::Row& cells : part) {
                       rows_.push_back(read_row(cells));
                     }
                     return {};
                   }));
    return {};
  }

  /// The key bounds what is read by the time alone (see time_condition); this is for rows of the
  /// cursor's own instant.
  std::string past_cursor(Arguments& arguments) const {
    if (!request_.cursor) {
      return "";
    }
    return fmt::format(" | where Timestamp {0} {1} or (Timestamp == {1} and EventId {0}{2} {3})",
                       request_.towards_older ? "<" : ">", arguments.time(request_.cursor->time),
                       request_.with_cursor_row ? "=" : "",
                       arguments.number(request_.cursor->event_id));
  }

  const Views& views_;
  const TimelineSelection& selection_;
  const RowsRequest& request_;
  std::vector<TimelineRow> rows_;
};

}  // namespace

Result<std::vector<TimelineRow>> read_rows(const Views& views, const TimelineSelection& selection,
                                           const RowsRequest& request) {
  return RowsReader(views, selection, request).run();
}

}  // namespace spoor::investigate
