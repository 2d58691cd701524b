#include "store/existing.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "base/id_set.h"
#include "event/native_reader.h"
#include "store/escape.h"

namespace spoor::store {
namespace {

constexpr std::size_t kDevicesAStatement = 1000;
/// Ranges of time that one statement tells apart.
constexpr std::size_t kRangesAStatement = 16;

struct Range {
  Ticks first = kMaxTicks;
  Ticks last = kYearOne;
  std::vector<std::string> devices;
};

/// Devices whose records lie on the same days share a range, so that one old record does not make
/// the engine read the past of them all.
std::vector<Range> ranges_of(std::span<const WantedRecords> wanted) {
  std::map<std::pair<Ticks, Ticks>, Range> by_days;
  for (const WantedRecords& each : wanted) {
    const Ticks first = std::clamp(each.first, kYearOne, kMaxTicks);
    const Ticks last = std::clamp(each.last, kYearOne, kMaxTicks);
    const std::pair days{first / kTicksPerDay, last / kTicksPerDay};
    // Past so many, the rest shares the newest.
    const bool is_full = by_days.size() >= kRangesAStatement && !by_days.contains(days);
    Range& range = is_full ? by_days.rbegin()->second : by_days[days];
    range.first = std::min(range.first, first);
    range.last = std::max(range.last, last);
    range.devices.push_back(each.device_id);
  }
  std::vector<Range> ranges;
  for (auto& [days, range] : by_days) {
    ranges.push_back(std::move(range));
  }
  return ranges;
}

Query look_up(std::span<const WantedRecords> wanted) {
  Query query;
  query.sql = "SELECT EventId FROM DeviceSourceRecords WHERE ";
  const std::vector<Range> ranges = ranges_of(wanted);
  for (std::size_t at = 0; at < ranges.size(); ++at) {
    // The key bounds what is read; the ids are compared by the caller, for a list of fifty thousand
    // makes a slow statement.
    query.sql += fmt::format(
        "{0}(DeviceId IN {{devices{1}:Array(String)}} AND Timestamp >= "
        "{{first{1}:DateTime64(7,'UTC')}} AND Timestamp <= {{last{1}:DateTime64(7,'UTC')}})",
        at == 0 ? "" : " OR ", at);
    query.parameters.push_back({fmt::format("devices{}", at), array_value(ranges[at].devices)});
    query.parameters.push_back({fmt::format("first{}", at), format_ticks_sql(ranges[at].first)});
    query.parameters.push_back({fmt::format("last{}", at), format_ticks_sql(ranges[at].last)});
  }
  return query;
}

}  // namespace

Result<std::vector<std::int64_t>> existing_event_ids(const Client& client,
                                                     const std::vector<WantedRecords>& wanted) {
  // An id is a hash over its device too: all may be looked for among all.
  std::vector<std::int64_t> ids;
  for (const WantedRecords& each : wanted) {
    ids.insert(ids.end(), each.event_ids->begin(), each.event_ids->end());
  }
  const IdSet all(ids);
  IdSet found;
  std::vector<std::int64_t> existing;
  for (std::span<const WantedRecords> left(wanted); !left.empty();) {
    const auto now = left.first(std::min(left.size(), kDevicesAStatement));
    left = left.subspan(now.size());
    event::NativeReader reader([&](event::NativeBlock&& block) -> Result<void> {
      if (!block.columns.empty()) {
        for (const std::int64_t id : block.columns[0].numbers) {
          if (all.contains(id) && found.insert(id)) {
            existing.push_back(id);
          }
        }
      }
      return {};
    });
    TRY(client.query(look_up(now), [&](std::string_view bytes) { return reader.feed(bytes); }));
    TRY_VOID(reader.finish());
  }
  return existing;
}

Result<std::vector<std::int64_t>> existing_event_ids(const Client& client,
                                                     const std::string& device_id, Ticks first,
                                                     Ticks last,
                                                     const std::vector<std::int64_t>& event_ids) {
  return existing_event_ids(client, {{device_id, first, last, &event_ids}});
}

}  // namespace spoor::store
