#include "investigate/source_channels.h"

#include <fmt/format.h>

#include <algorithm>

#include "investigate/coverage_rows.h"
#include "investigate/plan_text.h"
#include "json/reader.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostRows = 1000;
constexpr std::int64_t kMostEvents = 500;
constexpr std::int64_t kMostHours = 1'000'000;
constexpr std::int64_t kMostMarks = 100;
constexpr std::size_t kMostDays = 400;
constexpr std::size_t kMostPauses = 20;
constexpr TickSpan kShortestPause = kTicksPerHour;

/// A source without channels goes by its kind.
constexpr std::string_view kChannelName = "iff(isempty(Channel), SourceKind, Channel)";

/// Names are as long as a hostile log wants: a cursor holds their beginning and a hash.
constexpr std::string_view kChannels = R"(
DeviceSourceRecords
| where {device} and not(TimeIsAbsurd)
| summarize Records = count(), Unmapped = countif(MappingVersion == 0), EventIds = dcount(SourceEventId), Days = dcount(bin(Timestamp, 1d)),
            First = min(Timestamp), Last = max(Timestamp), DeviceName = max(DeviceName)
    by DeviceId, Name = {name}
| extend Place = {place}, Short = substring(Name, 0, 64), Key = hash_sha256(Name)
| where {shown}
| sort by Place desc, DeviceId asc, Short asc, Key asc
| take {rows}
| project DeviceId, DeviceName, Name, Records, Unmapped, EventIds, Days, First, Last, Place, Short, Key
)";

constexpr std::string_view kEvents = R"(
DeviceSourceRecords
| where {device} and {name} == {channel} and not(TimeIsAbsurd)
| summarize Records = count(), First = min(Timestamp), arg_max(Timestamp, EventId), Mapping = max(MappingVersion), DeviceId = max(DeviceId),
            DeviceName = max(DeviceName)
    by Provider, SourceEventId
| sort by Records desc, Provider asc, SourceEventId asc
| project Provider, SourceEventId, Records, Mapping, First, Timestamp, EventId, DeviceId, DeviceName
)";

constexpr std::string_view kHours = R"(
DeviceSourceRecords
| where {device} and {name} == {channel} and not(TimeIsAbsurd)
| summarize Records = count(), First = min(Timestamp), Last = max(Timestamp) by Hour = bin(Timestamp, 1h)
| sort by Hour asc
| project Records, First, Last
)";

std::string_view place_of(ChannelOrder order) {
  switch (order) {
    case ChannelOrder::kUnmapped:
      return "Unmapped";
    case ChannelOrder::kLast:
      return "tolong(Last)";
    case ChannelOrder::kRecords:
      break;
  }
  return "Records";
}

SourceChannel read_channel(const kql::Row& cells) {
  SourceChannel channel;
  channel.device_id = text_of(cells[0]);
  channel.device_name = text_of(cells[1]);
  channel.channel = text_of(cells[2]);
  channel.records = number_of(cells[3]);
  channel.unmapped = number_of(cells[4]);
  channel.event_ids = number_of(cells[5]);
  channel.days = number_of(cells[6]);
  channel.first = number_of(cells[7]);
  channel.last = number_of(cells[8]);
  return channel;
}

std::string write_cursor(const kql::Row& cells) {
  std::string text;
  json::Writer(text)
      .begin_array()
      .number(number_of(cells[9]))
      .string(text_of(cells[0]))
      .string(text_of(cells[10]))
      .string(text_of(cells[11]))
      .end_array();
  return text;
}

Result<std::string> after_cursor(const std::string& cursor, Arguments& arguments) {
  const auto read = json::parse(cursor, {.max_bytes = 8U << 10U, .max_depth = 2, .max_values = 8});
  const auto* parts = read ? read->as_array() : nullptr;
  if (parts == nullptr || parts->size() != 4 || (*parts)[0].as_int64() == nullptr ||
      (*parts)[1].as_string() == nullptr || (*parts)[2].as_string() == nullptr ||
      (*parts)[3].as_string() == nullptr) {
    return fail(Error::make(ErrorCode::kInvalidInput, "the cursor is damaged")
                    .with_hint("begin with the first page"));
  }
  return fmt::format(
      "(Place < {0} or (Place == {0} and (DeviceId > {1} or (DeviceId == {1} and (Short > {2} or "
      "(Short == {2} and Key > {3}))))))",
      arguments.number(*(*parts)[0].as_int64()), arguments.text(*(*parts)[1].as_string()),
      arguments.text(*(*parts)[2].as_string()), arguments.text(*(*parts)[3].as_string()));
}

class ChannelReader {
 public:
  ChannelReader(const Views& views, const DeviceKey& device, std::string_view channel)
      : views_(views), device_(device), channel_(channel) {}

  Result<ChannelReport> run() {
    TRY_VOID(read_events());
    if (report_.channel.records == 0) {
      return fail(ErrorCode::kNotFound,
                  fmt::format("the device has no record of the channel {}", channel_));
    }
    TRY_VOID(read_hours());
    TRY_VOID(read_marks());
    return std::move(report_);
  }

 private:
  Result<kql::QueryResult> ask(std::string_view query, std::int64_t rows,
                               const Views::OnRows& on_rows) const {
    Arguments arguments;
    const std::string device = device_condition(device_.ids, arguments);
    const std::string channel = arguments.text(channel_);
    return views_.run(fmt::format(fmt::runtime(query), fmt::arg("device", device),
                                  fmt::arg("name", kChannelName), fmt::arg("channel", channel)),
                      arguments.take(), rows, on_rows);
  }

  Result<void> read_events() {
    SourceChannel& channel = report_.channel;
    channel.channel = channel_;
    channel.first = kMaxTicks;
    TRY(ask(kEvents, kMostHours, [&](std::span<const kql::Row> part) -> Result<void> {
      for (const kql::Row& cells : part) {
        const ChannelEvent event{text_of(cells[0]),   number_of(cells[1]), number_of(cells[2]),
                                 number_of(cells[3]), number_of(cells[4]), number_of(cells[5]),
                                 number_of(cells[6])};
        channel.device_id = text_of(cells[7]);
        channel.device_name = std::max(channel.device_name, text_of(cells[8]));
        channel.records += event.records;
        channel.unmapped += event.mapping_version == 0 ? event.records : 0;
        channel.first = std::min(channel.first, event.first);
        channel.last = std::max(channel.last, event.last);
        ++channel.event_ids;
        if (channel.event_ids <= kMostEvents) {
          report_.events.push_back(event);
        }
      }
      return {};
    }));
    report_.more_events = channel.event_ids - static_cast<std::int64_t>(report_.events.size());
    return {};
  }

  /// Hours with a record tell of days, and where the channel was silent, to the tick.
  Result<void> read_hours() {
    Ticks before = 0;
    TRY(ask(kHours, kMostHours, [&](std::span<const kql::Row> part) -> Result<void> {
      for (const kql::Row& cells : part) {
        const Ticks first = number_of(cells[1]);
        if (before != 0 && first - before >= kShortestPause) {
          report_.pauses.push_back({before, first});
        }
        before = number_of(cells[2]);
        const Ticks day = start_of_day(first);
        if (report_.days.empty() || report_.days.back().day != day) {
          report_.days.push_back({day, 0});
        }
        report_.days.back().records += number_of(cells[0]);
      }
      return {};
    }));
    report_.channel.days = static_cast<std::int64_t>(report_.days.size());
    if (report_.days.size() > kMostDays) {
      report_.days.erase(report_.days.begin(), report_.days.end() - kMostDays);
    }
    std::ranges::stable_sort(report_.pauses, std::greater<>(),
                             [](const ChannelPause& pause) { return pause.to - pause.from; });
    report_.pauses.resize(std::min(report_.pauses.size(), kMostPauses));
    return {};
  }

  Result<void> read_marks() {
    const std::string marks =
        "DeviceCoverage | where {device} and Source == {channel} | sort by Timestamp desc, EventId "
        "asc | take 100 | project " +
        std::string(kGapColumns);
    TRY(ask(marks, kMostMarks, [&](std::span<const kql::Row> part) -> Result<void> {
      for (const kql::Row& cells : part) {
        report_.marks.push_back(read_gap(cells));
      }
      return {};
    }));
    return {};
  }

  const Views& views_;
  const DeviceKey& device_;
  std::string channel_;
  ChannelReport report_;
};

}  // namespace

Result<ChannelPage> source_channels(const Views& views, const ChannelRequest& request) {
  if (request.rows < 1 || request.rows > kMostRows) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a page has 1 to {} channels, not {}", kMostRows, request.rows));
  }
  Arguments arguments;
  std::string device = "true";
  if (request.device) {
    TRY_VOID(views.check(*request.device));
    device = device_condition(request.device->ids, arguments);
  }
  const std::string shown =
      request.cursor.empty() ? "true" : TRY(after_cursor(request.cursor, arguments));
  const std::string query =
      fmt::format(fmt::runtime(kChannels), fmt::arg("device", device),
                  fmt::arg("name", kChannelName), fmt::arg("place", place_of(request.order)),
                  fmt::arg("shown", shown), fmt::arg("rows", arguments.number(request.rows + 1)));
  ChannelPage page;
  std::string last;
  TRY(views.run_kept(query, arguments.take(), request.rows + 1,
                     [&](std::span<const kql::Row> part) -> Result<void> {
                       for (const kql::Row& cells : part) {
                         if (static_cast<std::int64_t>(page.channels.size()) == request.rows) {
                           page.next = last;
                           return {};
                         }
                         page.channels.push_back(read_channel(cells));
                         last = write_cursor(cells);
                       }
                       return {};
                     }));
  return page;
}

Result<ChannelReport> source_channel(const Views& views, const DeviceKey& device,
                                     std::string_view channel) {
  TRY_VOID(views.check(device));
  return ChannelReader(views, device, channel).run();
}

}  // namespace spoor::investigate
