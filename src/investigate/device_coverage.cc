// What reported of a device when, and what is known to be missing.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "investigate/coverage_rows.h"
#include "investigate/device_cards.h"
#include "investigate/plan_text.h"
#include "investigate/timeline_plan.h"

namespace spoor::investigate {
namespace {

constexpr int kMostDays = 90;
constexpr std::size_t kMostSources = 50;
constexpr std::int64_t kMostCells = 1'000'000;
constexpr std::int64_t kMostGaps = 100;

class CoverageReader {
 public:
  CoverageReader(const Views& views, const DeviceKey& device, DeviceCoverage& coverage)
      : views_(views), device_(device), coverage_(coverage) {}

  Result<void> read_cells() {
    const auto count = static_cast<std::size_t>((coverage_.to - coverage_.from) / kCoverageCell);
    coverage_.cells.assign(count, 0);
    std::map<std::string, CoverageSource> sources;
    Arguments arguments;
    const std::string query = fmt::format(
        "DeviceSourceRecords | where {} and {} and not(TimeIsAbsurd) | summarize Records = "
        "count(), "
        "First = min(Timestamp), Last = max(Timestamp), Kind = max(SourceKind) by Channel, Cell = "
        "bin(Timestamp, 2h) | project Channel, Cell, Records, First, Last, Kind",
        device_condition(device_.ids, arguments),
        time_condition(coverage_.from, coverage_.to - 1, arguments));
    TRY(views_.run_kept(query, arguments.take(), kMostCells,
                        [&](std::span<const kql::Row> part) -> Result<void> {
                          for (const kql::Row& cells : part) {
                            add_cell(sources[text_of(cells[0])], cells);
                          }
                          return {};
                        }));
    for (auto& [name, source] : sources) {
      source.source = name;
      coverage_.sources.push_back(std::move(source));
    }
    std::ranges::stable_sort(coverage_.sources, std::greater<>(), &CoverageSource::records);
    if (coverage_.sources.size() > kMostSources) {
      coverage_.more_sources = static_cast<std::int64_t>(coverage_.sources.size() - kMostSources);
      coverage_.sources.resize(kMostSources);
    }
    return {};
  }

  /// Worst first: what was removed, what is known to be lost, what could not be read, what is
  /// missing between records, states of a sensor.
  Result<void> read_gaps() {
    Arguments arguments;
    const std::string from = arguments.time(coverage_.from);
    const std::string gaps = fmt::format(
        "DeviceCoverage | where {} and Timestamp < {} and coalesce(EndTime, Timestamp) >= {}",
        device_condition(device_.ids, arguments), arguments.time(coverage_.to), from);
    const std::vector<kql::NamedArgument> bound = arguments.take();
    TRY(views_.run_kept(gaps + " | count", bound, 1,
                        [&](std::span<const kql::Row> rows) -> Result<void> {
                          coverage_.gap_count = number_of(rows[0][0]);
                          return {};
                        }));
    if (coverage_.gap_count == 0) {
      return {};
    }
    TRY(views_.run_kept(
        gaps +
            " | extend Order = case(Kind == \"log_cleared\", 0, Kind == \"loss\", 1, Kind == "
            "\"damaged_source\", 2, Kind == \"record_gap\", 3, 4) | sort by Order asc, Timestamp "
            "desc, EventId asc | take 100 | project " +
            std::string(kGapColumns),
        bound, kMostGaps, [&](std::span<const kql::Row> part) -> Result<void> {
          for (const kql::Row& cells : part) {
            coverage_.gaps.push_back(read_gap(cells));
          }
          return {};
        }));
    return {};
  }

 private:
  void add_cell(CoverageSource& source, const kql::Row& cells) {
    const auto at =
        static_cast<std::size_t>((number_of(cells[1]) - coverage_.from) / kCoverageCell);
    if (at >= coverage_.cells.size()) {
      return;
    }
    if (source.cells.empty()) {
      source.cells.assign(coverage_.cells.size(), 0);
      source.first = number_of(cells[3]);
      source.kind = text_of(cells[5]);
    }
    const std::int64_t records = number_of(cells[2]);
    source.cells[at] += records;
    source.records += records;
    coverage_.cells[at] += records;
    source.first = std::min(source.first, number_of(cells[3]));
    source.last = std::max(source.last, number_of(cells[4]));
  }

  const Views& views_;
  const DeviceKey& device_;
  DeviceCoverage& coverage_;
};

/// Where the days of a device begin that are told in the list.
Ticks first_day(const DeviceKey& device, Ticks from, int days) {
  return device.last_seen == 0 || device.last_seen >= from
             ? from
             : start_of_day(device.last_seen) - ((days - 1) * kTicksPerDay);
}

}  // namespace

CoverageGap read_gap(const kql::Row& cells) {
  CoverageGap gap{
      text_of(cells[0]), text_of(cells[1]), text_of(cells[2]), number_of(cells[3]), {}, {}};
  if (!std::holds_alternative<std::monostate>(cells[4])) {
    gap.to = number_of(cells[4]);
  }
  if (!std::holds_alternative<std::monostate>(cells[5])) {
    gap.lost = number_of(cells[5]);
  }
  return gap;
}

Result<DevicePresence> device_presence(const Views& views, const DeviceKey& device) {
  TRY_VOID(views.check(device));
  Arguments arguments;
  const std::string query = fmt::format(
      "DeviceInfo | where {} | summarize max(Timestamp), countif(isnotempty(SensorHealthState))",
      device_condition(device.ids, arguments));
  DevicePresence presence;
  TRY(views.run_kept(query, arguments.take(), 1,
                     [&](std::span<const kql::Row> rows) -> Result<void> {
                       presence.last_seen = number_of(rows[0][0]);
                       presence.has_sensor = number_of(rows[0][1]) > 0;
                       return {};
                     }));
  return presence;
}

Result<std::optional<Ticks>> newest_event(const Views& views, const DeviceKey& device) {
  TRY_VOID(views.check(device));
  return outermost_row(views, device, kYearOne, kMaxTicks, true);
}

Result<DeviceCoverage> device_coverage(const Views& views, const DeviceKey& device, int days,
                                       std::optional<Ticks> last_day) {
  if (days < 1 || days > kMostDays) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("coverage is told of 1 to {} days, not {}", kMostDays, days));
  }
  DeviceCoverage coverage;
  coverage.is_logs_only = !TRY(device_presence(views, device)).has_sensor;
  if (!last_day) {
    last_day = TRY(newest_event(views, device)).value_or(now_ticks());
  }
  const Ticks earliest = kYearOne + (kMostDays * kTicksPerDay);
  const Ticks latest = kMaxTicks - (2 * kTicksPerDay);
  coverage.to = start_of_day(std::clamp(*last_day, earliest, latest)) + kTicksPerDay;
  coverage.from = coverage.to - (days * kTicksPerDay);
  CoverageReader reader(views, device, coverage);
  TRY_VOID(reader.read_cells());
  TRY_VOID(reader.read_gaps());
  return coverage;
}

Result<std::vector<DevicePresenceDays>> presence_by_day(const Views& views,
                                                        std::span<const DeviceKey> devices,
                                                        Ticks from, int days) {
  std::vector<DevicePresenceDays> found;
  std::map<std::string, std::size_t> places;
  std::map<Ticks, std::vector<std::string>> ids_by_start;
  for (const DeviceKey& device : devices) {
    TRY_VOID(views.check(device));
    const Ticks start = first_day(device, from, days);
    for (const std::string& id : device.ids) {
      places.emplace(id, found.size());
      ids_by_start[start].push_back(id);
    }
    found.push_back(
        {device.id, start, std::vector<std::int64_t>(static_cast<std::size_t>(days), 0)});
  }
  if (ids_by_start.empty()) {
    return found;
  }
  Arguments arguments;
  std::vector<std::string> conditions;
  for (const auto& [start, ids] : ids_by_start) {
    conditions.push_back(
        fmt::format("({} and {})", device_condition(ids, arguments),
                    time_condition(start, start + (days * kTicksPerDay) - 1, arguments)));
  }
  const std::string query = fmt::format(
      "DeviceTimeline | where {} | summarize count() by DeviceId, Day = bin(Timestamp, 1d) "
      "| project DeviceId, Day, count_",
      fmt::join(conditions, " or "));
  TRY(views.run_kept(
      query, arguments.take(), kMostCells, [&](std::span<const kql::Row> part) -> Result<void> {
        for (const kql::Row& cells : part) {
          const auto place = places.find(text_of(cells[0]));
          if (place == places.end()) {
            continue;
          }
          DevicePresenceDays& row = found[place->second];
          const auto day =
              static_cast<std::size_t>((number_of(cells[1]) - row.from) / kTicksPerDay);
          if (day < row.days.size()) {
            row.days[day] += number_of(cells[2]);
          }
        }
        return {};
      }));
  return found;
}

}  // namespace spoor::investigate
