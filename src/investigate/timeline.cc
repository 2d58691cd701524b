#include "investigate/timeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "investigate/timeline_gaps.h"
#include "investigate/timeline_plan.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostRows = 500;
constexpr std::int64_t kExactCount = 1'000'000;

class PageReader {
 public:
  PageReader(const Views& views, const TimelinePageRequest& request)
      : views_(views), request_(request), selection_(request.selection) {}

  Result<TimelinePage> run() {
    RowsRequest wanted;
    wanted.cursor = request_.cursor;
    wanted.with_cursor_row = request_.with_cursor_row;
    wanted.towards_older = request_.towards_older;
    wanted.rows = request_.rows + 1;
    page_.rows = TRY(read_rows(views_, selection_, wanted));
    page_.more = static_cast<std::int64_t>(page_.rows.size()) > request_.rows;
    if (page_.more) {
      page_.rows.pop_back();
    }
    if (request_.towards_older) {
      std::ranges::reverse(page_.rows);  // oldest first, for now
    }
    if (!page_.rows.empty()) {
      page_.older = page_.rows.front().cursor();
      page_.newer = page_.rows.back().cursor();
    } else if (!request_.cursor) {
      TRY_VOID(find_nearest());
    }
    if (request_.count_hidden) {
      TRY_VOID(count_hidden());
    }
    if (request_.newest_first) {
      std::ranges::reverse(page_.rows);
    }
    TRY_VOID(decorate(views_, selection_.device, request_.technique_rows, page_.rows));
    return std::move(page_);
  }

 private:
  Result<void> find_nearest() {
    if (selection_.from > kYearOne) {
      page_.nearest_before =
          TRY(outermost_row(views_, selection_.device, kYearOne, selection_.from - 1, true));
    }
    if (selection_.to < kMaxTicks) {
      page_.nearest_after =
          TRY(outermost_row(views_, selection_.device, selection_.to + 1, kMaxTicks, false));
    }
    return {};
  }

  /// page_.rows are the oldest first here.
  Result<void> count_hidden() {
    GapRequest gaps;
    for (const TimelineRow& row : page_.rows) {
      gaps.shown.push_back(row.cursor());
    }
    const bool reaches_older_end = request_.towards_older ? !page_.more : !request_.cursor;
    const bool reaches_newer_end = request_.towards_older ? !request_.cursor : !page_.more;
    if (reaches_older_end) {
      gaps.after = {selection_.from, INT64_MIN};
    } else if (!request_.towards_older) {
      gaps.after = request_.cursor;
    }
    if (reaches_newer_end) {
      gaps.before = {selection_.to, INT64_MAX};
    } else if (request_.towards_older) {
      gaps.before = request_.cursor;
    }
    std::vector<std::optional<std::int64_t>> counts(gaps.shown.size() + 1, 0);
    if (selection_.is_filtered()) {
      counts = TRY(count_gaps(views_, selection_.device, gaps));
    } else {
      counts.front() = gaps.after ? counts.front() : std::nullopt;
      counts.back() = gaps.before ? counts.back() : std::nullopt;
    }
    // Gap i lies before row i, counted from the oldest; seen from the newest it is behind it.
    const std::size_t rows = page_.rows.size();
    for (std::size_t i = 0; i < rows; ++i) {
      page_.rows[i].hidden_before = counts[request_.newest_first ? i + 1 : i];
    }
    page_.hidden_after = request_.newest_first ? counts.front() : counts.back();
    return {};
  }

  const Views& views_;
  const TimelinePageRequest& request_;
  const TimelineSelection& selection_;
  TimelinePage page_;
};

/// Rows for which the conditions hold; at most `most` are looked for where it is not 0.
Result<std::int64_t> count_rows(const Views& views, const SelectionPlan& plan,
                                const std::string& range, Arguments arguments, bool is_filtered,
                                std::int64_t most) {
  std::string query = plan.scan + " | where " + range;
  query += is_filtered ? plan.filters() : "";
  query += most > 0 ? " | take " + arguments.number(most) + " | count" : " | count";
  std::int64_t count = 0;
  TRY(views.run_kept(query, arguments.take(), 1,
                     [&](std::span<const kql::Row> rows) -> Result<void> {
                       count = number_of(rows[0][0]);
                       return {};
                     }));
  return count;
}

}  // namespace

Result<TimelinePage> timeline_page(const Views& views, const TimelinePageRequest& request) {
  TRY_VOID(views.check(request.selection.device));
  if (request.rows < 1 || request.rows > kMostRows) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a page has 1 to {} rows, not {}", kMostRows, request.rows));
  }
  return PageReader(views, request).run();
}

Result<TimelineCount> count_timeline(const Views& views, const TimelineSelection& selection,
                                     bool exact) {
  TRY_VOID(views.check(selection.device));
  Arguments arguments;
  const SelectionPlan plan = plan_selection(selection, arguments, selection.from, selection.to);
  const std::string range = time_condition(selection.from, selection.to, arguments);
  // Without conditions the key alone tells the number, which is cheap however large it is.
  const std::int64_t all = TRY(count_rows(views, plan, range, arguments, false, 0));
  TimelineCount count;
  if (!selection.is_filtered()) {
    count.rows = all;
    return count;
  }
  const std::int64_t most = exact || all <= kExactCount ? 0 : kExactCount + 1;
  count.rows = TRY(count_rows(views, plan, range, arguments, true, most));
  count.is_exact = most == 0 || count.rows <= kExactCount;
  count.left_out = all - count.rows;
  return count;
}

Result<TimelineCount> count_trail(const Views& views, const DeviceKey& device,
                                  std::int64_t process_key, Ticks from, Ticks to) {
  TimelineSelection selection;
  selection.device = device;
  selection.from = from;
  selection.to = to;
  FilterTerm trail;
  trail.kind = FilterTerm::Kind::kTrail;
  trail.values = {std::to_string(process_key)};
  trail.patterns = {false};
  selection.filter.terms.push_back(std::move(trail));
  return count_timeline(views, selection);
}

}  // namespace spoor::investigate
