#include "investigate/timeline_overview.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "investigate/event_marks.h"
#include "investigate/timeline_plan.h"
#include "store/side_by_side.h"

namespace spoor::investigate {
namespace {

struct Step {
  TickSpan length;
  std::string_view name;
};
constexpr std::array kSteps = {
    Step{kTicksPerSecond, "1 s"},         Step{2 * kTicksPerSecond, "2 s"},
    Step{5 * kTicksPerSecond, "5 s"},     Step{10 * kTicksPerSecond, "10 s"},
    Step{15 * kTicksPerSecond, "15 s"},   Step{30 * kTicksPerSecond, "30 s"},
    Step{kTicksPerMinute, "1 min"},       Step{2 * kTicksPerMinute, "2 min"},
    Step{5 * kTicksPerMinute, "5 min"},   Step{10 * kTicksPerMinute, "10 min"},
    Step{15 * kTicksPerMinute, "15 min"}, Step{30 * kTicksPerMinute, "30 min"},
    Step{kTicksPerHour, "1 h"},           Step{2 * kTicksPerHour, "2 h"},
    Step{3 * kTicksPerHour, "3 h"},       Step{6 * kTicksPerHour, "6 h"},
    Step{12 * kTicksPerHour, "12 h"},     Step{kTicksPerDay, "1 d"},
    Step{kTicksPerWeek, "7 d"},           Step{4 * kTicksPerWeek, "28 d"},
    Step{52 * kTicksPerWeek, "364 d"},    Step{5200 * kTicksPerWeek, "36,400 d"},
};

constexpr std::array<std::string_view, 6> kKinds = {"process",  "network", "file",
                                                    "registry", "logon",   "other"};

constexpr std::size_t kMostMarks = 1000;

class OverviewReader {
 public:
  OverviewReader(const Views& views, const OverviewRequest& request)
      : views_(views), selection_(request.selection), bars_(request.bars) {}

  Result<TimelineOverview> run() {
    TRY_VOID(place_axis());
    // The bars are half of the work. What is read beside them is several short statements, and a
    // short one is mostly the engine's making of its plan; each lane fills other members.
    TRY_VOID(store::run_side_by_side(
        2, 2, [this](std::size_t lane) { return lane == 0 ? read_bars() : read_beside_bars(); }));
    std::ranges::stable_sort(overview_.coverage, {}, &CoverageSegment::from);
    return std::move(overview_);
  }

 private:
  Result<void> place_axis() {
    const DeviceKey& device = selection_.device;
    overview_.oldest_stored = TRY(outermost_row(views_, device, kYearOne, kMaxTicks, false));
    overview_.newest_stored = TRY(outermost_row(views_, device, kYearOne, kMaxTicks, true));
    overview_.from = selection_.from;
    overview_.to = selection_.to;
    if (selection_.from == kYearOne && overview_.oldest_stored) {
      overview_.from = std::min(*overview_.oldest_stored, selection_.to);
    }
    if (selection_.to == kMaxTicks && overview_.newest_stored) {
      overview_.to = std::max(*overview_.newest_stored, overview_.from);
    }
    const Step* step = &kSteps.back();
    for (const Step& each : kSteps) {
      if ((overview_.to - overview_.from) / each.length < bars_) {
        step = &each;
        break;
      }
    }
    overview_.step = step->length;
    overview_.step_name = step->name;
    overview_.kinds.assign(kKinds.begin(), kKinds.end());
    return {};
  }

  /// Counts beside kKinds of a row that begins with the bar's start and the count of all.
  static std::vector<std::int64_t> kinds_of(const kql::Row& cells) {
    std::vector<std::int64_t> counts(kKinds.size());
    counts.back() = number_of(cells[1]);
    for (std::size_t kind = 0; kind + 1 < kKinds.size(); ++kind) {
      counts[kind] = number_of(cells[kind + 2]);
      counts.back() -= counts[kind];
    }
    return counts;
  }

  [[nodiscard]] bool has_rows() const {
    return overview_.to >= overview_.from && overview_.oldest_stored.has_value();
  }

  Result<void> read_beside_bars() {
    TRY_VOID(read_logs());
    TRY_VOID(read_coverage());
    return read_marks();
  }

  Result<void> read_bars() {
    if (!has_rows()) {
      return {};
    }
    Arguments arguments;
    const SelectionPlan plan = plan_selection(selection_, arguments, overview_.from, overview_.to);
    const std::string range = time_condition(overview_.from, overview_.to, arguments);
    // A count for each kind: to group by the kind too takes the engine half as long again.
    std::string counts = "Rows = count()";
    for (std::size_t kind = 0; kind + 1 < kKinds.size(); ++kind) {
      counts += fmt::format(", Kind{} = countif(Group == \"{}\")", kind, kKinds[kind]);
    }
    const std::string query =
        fmt::format("{} | where {}{} | summarize {} by Bar = bin(Timestamp, {})", plan.scan, range,
                    plan.filters(), counts, arguments.span(overview_.step));
    std::map<Ticks, std::vector<std::int64_t>> bars;
    TRY(views_.run_kept(query, arguments.take(), 100'000,
                        [&](std::span<const kql::Row> part) -> Result<void> {
                          for (const kql::Row& cells : part) {
                            bars[number_of(cells[0])] = kinds_of(cells);
                          }
                          return {};
                        }));
    std::vector<std::int64_t> heights;
    for (auto& [start, counts] : bars) {
      std::int64_t height = 0;
      for (const std::int64_t count : counts) {
        height += count;
      }
      heights.push_back(height);
      overview_.rows += height;
      overview_.peak = std::max(overview_.peak, height);
      overview_.bars.push_back({start, std::move(counts)});
    }
    if (!heights.empty()) {
      const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
      std::ranges::nth_element(heights, middle);
      overview_.square_root = overview_.peak > 50 * *middle;
    }
    return {};
  }

  /// Spans of imported channels: where their events begin and end in the range, whatever the
  /// filter.
  Result<void> read_logs() {
    if (!has_rows()) {
      return {};
    }
    Arguments arguments;
    const std::string query = fmt::format(
        "DeviceTimeline | where {} and {} | summarize Rows = count(), First = min(Timestamp), Last "
        "= max(Timestamp) by Source",
        device_condition(selection_.device.ids, arguments),
        time_condition(overview_.from, overview_.to, arguments));
    TRY(views_.run_kept(query, arguments.take(), 1000,
                        [&](std::span<const kql::Row> part) -> Result<void> {
                          for (const kql::Row& cells : part) {
                            CoverageSegment segment;
                            segment.kind = "logs";
                            segment.source = text_of(cells[0]);
                            segment.records = number_of(cells[1]);
                            segment.from = number_of(cells[2]);
                            segment.to = number_of(cells[3]);
                            overview_.coverage.push_back(std::move(segment));
                          }
                          return {};
                        }));
    return {};
  }

  /// Most devices have little coverage: all of it is read, and kept, whatever the range.
  Result<void> read_coverage() {
    constexpr std::int64_t kMostSegments = 10'000;
    Arguments arguments;
    const std::string query = fmt::format("DeviceCoverage | where {}",
                                          device_condition(selection_.device.ids, arguments));
    constexpr std::string_view kEnd =
        " | sort by Timestamp desc | project Timestamp, EndTime, Kind, Source, Lost, Detail";
    std::vector<kql::Row> read;
    const auto collect = [&](std::span<const kql::Row> part) -> Result<void> {
      read.insert(read.end(), part.begin(), part.end());
      return {};
    };
    Arguments all = arguments;
    const auto whole =
        TRY(views_.run_kept(fmt::format("{}{}", query, kEnd), all.take(), kMostSegments, collect));
    if (whole.truncated) {
      read.clear();
      TRY(views_.run(
          fmt::format("{} and Timestamp <= {} and (Kind == \"sensor_state\" or "
                      "coalesce(EndTime, Timestamp) >= {}){}",
                      query, arguments.time(overview_.to), arguments.time(overview_.from), kEnd),
          arguments.take(), kMostSegments, collect));
    }
    add_coverage(read);
    return {};
  }

  /// Newest first: a state of a sensor lasts until the one after it in the range.
  void add_coverage(const std::vector<kql::Row>& rows) {
    std::map<std::string, Ticks> next_state;
    for (const kql::Row& cells : rows) {
      CoverageSegment segment;
      segment.from = number_of(cells[0]);
      if (segment.from > overview_.to) {
        continue;
      }
      if (!std::holds_alternative<std::monostate>(cells[1])) {
        segment.to = number_of(cells[1]);
      }
      const std::string kind = text_of(cells[2]);
      segment.source = text_of(cells[3]);
      if (!std::holds_alternative<std::monostate>(cells[4])) {
        segment.lost = number_of(cells[4]);
      }
      segment.detail = text_of(cells[5]);
      segment.kind = shown_kind(kind, segment.detail);
      const bool is_state = kind == "sensor_state";
      if (is_state) {
        const auto next = next_state.find(segment.source);
        if (!segment.to && next != next_state.end()) {
          segment.to = next->second;
        }
        next_state[segment.source] = segment.from;
      }
      const bool is_over = is_state ? segment.to && *segment.to < overview_.from
                                    : segment.to.value_or(segment.from) < overview_.from;
      if (!is_over) {
        overview_.coverage.push_back(std::move(segment));
      }
    }
  }

  static std::string shown_kind(std::string_view kind, std::string_view detail) {
    if (kind == "sensor_state") {
      const std::string words = to_ascii_lower(detail);
      const bool is_down =
          words.find("stopped") != std::string::npos || words.find("silent") != std::string::npos;
      return is_down ? "silent" : "present";
    }
    if (kind == "log_cleared") {
      return "cleared";
    }
    if (kind == "damaged_source") {
      return "damaged";
    }
    return kind == "record_gap" || kind == "loss" ? "lost" : std::string(kind);
  }

  [[nodiscard]] bool is_on_axis(Ticks time) const {
    return time >= overview_.from && time <= overview_.to;
  }

  Result<void> read_marks() {
    const MarkedEvents events{.until = overview_.to};
    for (auto& [event_id, mark] : TRY(event_marks(views_, selection_.device, events))) {
      if (!mark.flag.empty() && is_on_axis(mark.time)) {
        overview_.marks.push_back({mark.time, event_id, "flag", mark.flag, "", ""});
      }
    }
    // An alert stands where the first of its events is.
    std::map<std::string, EventAlert> first;
    for (EventAlert& alert : TRY(event_alerts(views_, selection_.device, events))) {
      EventAlert& kept = first.try_emplace(alert.alert_id, alert).first->second;
      if (std::tie(alert.time, alert.event_id) < std::tie(kept.time, kept.event_id)) {
        kept = std::move(alert);
      }
    }
    for (auto& [id, alert] : first) {
      if (is_on_axis(alert.time)) {
        overview_.marks.push_back({alert.time, alert.event_id, "alert", "", alert.title, id});
      }
    }
    std::ranges::stable_sort(overview_.marks, {}, &TimelineMark::time);
    overview_.marks_truncated = overview_.marks.size() > kMostMarks;
    if (overview_.marks_truncated) {
      overview_.marks.resize(kMostMarks);
    }
    std::set<std::string> shown;
    for (const TimelineMark& mark : overview_.marks) {
      if (!mark.alert_id.empty()) {
        shown.insert(mark.alert_id);
      }
    }
    const auto known = TRY(alerts_by_id(views_, shown));
    for (TimelineMark& mark : overview_.marks) {
      if (const auto told = known.find(mark.alert_id); told != known.end()) {
        mark.value = told->second.severity;
        mark.text = told->second.title;
      }
    }
    return {};
  }

  const Views& views_;
  const TimelineSelection& selection_;
  int bars_;
  TimelineOverview overview_;
};

}  // namespace

Result<TimelineOverview> timeline_overview(const Views& views, const OverviewRequest& request) {
  TRY_VOID(views.check(request.selection.device));
  if (request.bars < 10 || request.bars > 1000) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a histogram has 10 to 1000 bars, not {}", request.bars));
  }
  return OverviewReader(views, request).run();
}

}  // namespace spoor::investigate
