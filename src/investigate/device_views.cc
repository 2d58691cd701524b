#include "investigate/device_views.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace spoor::investigate {
namespace {

constexpr std::string_view kDevices = R"(
DeviceInfo
| summarize arg_max(Timestamp, DeviceName, OSPlatform, OSVersion), FirstSeen = min(todatetime(parse_json(AdditionalFields).FirstSeen)) by DeviceId
| project DeviceId, DeviceName, OSPlatform, LastSeen = Timestamp, FirstSeen
| sort by LastSeen desc, DeviceId asc
)";

constexpr std::string_view kDevice = R"(
let counts = DeviceTimeline | where DeviceId == device | summarize Events = count(), Earliest = min(Timestamp), Latest = max(Timestamp) by Table;
let facts = DeviceInfo | where DeviceId == device | summarize arg_max(Timestamp, DeviceName, OSPlatform, OSVersion, LoggedOnUsers) by DeviceId;
union
  (facts | project Order = 0, Property = "DeviceName", Value = DeviceName),
  (facts | project Order = 1, Property = "OSPlatform", Value = OSPlatform),
  (facts | project Order = 2, Property = "LoggedOnUsers", Value = tostring(LoggedOnUsers)),
  (DeviceSourceRecords | where DeviceId == device and not(TimeIsAbsurd) | summarize Earliest = min(Timestamp), Latest = max(Timestamp), Records = count()
   | project Order = 3, Property = "SourceRecords", Value = strcat(Records, " from ", Earliest, " to ", Latest)),
  (counts | where isnotempty(Table) | project Order = 4, Property = Table, Value = strcat(Events, " from ", Earliest, " to ", Latest))
| sort by Order asc, Property asc
| project Property, Value
)";

constexpr std::string_view kTimeline = R"(
DeviceTimeline
| where DeviceId == device and Timestamp >= earliest and Timestamp <= latest
| where Timestamp < cursor_time or (Timestamp == cursor_time and EventId < cursor_event)
| sort by Timestamp desc, EventId desc
| take page_rows
| project Timestamp, Group, ActionType, Actor, Title, Detail, Account, Techniques, Table, EventId
)";

kql::NamedArgument text_argument(std::string name, std::string value) {
  return {std::move(name), kql::Type::kString, std::move(value)};
}
kql::NamedArgument time_argument(std::string name, Ticks value) {
  return {std::move(name), kql::Type::kDateTime, value};
}
kql::NamedArgument long_argument(std::string name, std::int64_t value) {
  return {std::move(name), kql::Type::kLong, value};
}

std::string text_at(const kql::Row& row, std::size_t column) {
  const auto* text = std::get_if<std::string>(&row[column]);
  return text == nullptr ? "" : *text;
}

}  // namespace

Result<kql::QueryResult> Views::run(std::string_view query,
                                    std::vector<kql::NamedArgument> arguments, std::int64_t rows,
                                    const OnRows& on_rows) const {
  kql::CompileOptions options;
  options.arguments = std::move(arguments);
  options.scope = scope_;
  options.limits.max_rows = rows;
  kql::RunLimits limits;
  limits.max_rows = rows;
  return kql::run_query(runner_, query, std::move(options), limits, on_rows, {}, cancelled_);
}

Result<void> Views::check(const DeviceKey& device) const {
  if (device.ids.empty()) {
    return fail(Error::make(ErrorCode::kNotFound, "there is no such device").at(device.id));
  }
  for (const std::string& id : device.ids) {
    TRY(device_key(scope_, id));
  }
  return {};
}

Result<kql::QueryResult> Views::devices(const OnRows& on_rows) const {
  return run(kDevices, {}, 200'000, on_rows);
}

Result<std::string> Views::find_device(const std::string& id_or_name) const {
  std::vector<std::string> exact;
  std::vector<std::string> by_name;
  const std::string wanted = to_ascii_lower(id_or_name);
  TRY(devices([&](std::span<const kql::Row> rows) -> Result<void> {
    for (const kql::Row& row : rows) {
      const std::string name = to_ascii_lower(text_at(row, 1));
      if (text_at(row, 0) == wanted) {
        exact.push_back(wanted);
      } else if (name == wanted || name.substr(0, name.find('.')) == wanted) {
        by_name.push_back(text_at(row, 0));
      }
    }
    return {};
  }));
  if (!exact.empty()) {
    return exact.front();
  }
  if (by_name.empty()) {
    return fail(Error::make(ErrorCode::kNotFound,
                            fmt::format("no device has the id or name '{}'", id_or_name))
                    .with_hint("spoor device list shows them"));
  }
  if (by_name.size() > 1) {
    return fail(Error::make(ErrorCode::kConflict, fmt::format("{} devices have the name '{}'",
                                                              by_name.size(), id_or_name))
                    .with_hint(fmt::format("give an id: {}", fmt::join(by_name, ", "))));
  }
  return by_name.front();
}

Result<kql::QueryResult> Views::device(const std::string& device_id, const OnRows& on_rows) const {
  return run(kDevice, {text_argument("device", device_id)}, 1000, on_rows);
}

std::string Views::Cursor::to_text() const {
  return fmt::format("{}/{}", format_ticks(time), event_id);
}

Result<Views::Cursor> Views::Cursor::parse(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto time = slash == std::string::npos
                        ? std::nullopt
                        : parse_iso_ticks(std::string_view(text).substr(0, slash));
  const auto event_id = slash == std::string::npos
                            ? std::nullopt
                            : parse_int(std::string_view(text).substr(slash + 1));
  if (!time || !event_id) {
    return fail(Error::make(ErrorCode::kInvalidInput, fmt::format("'{}' is no cursor", text))
                    .with_hint("take it from the last line of a page"));
  }
  return Cursor{*time, *event_id};
}

Result<kql::QueryResult> Views::timeline(const TimelineRequest& request,
                                         const OnRows& on_rows) const {
  return run(kTimeline,
             {text_argument("device", request.device_id), time_argument("earliest", request.from),
              // The key bounds what is read; the condition on the cursor alone would not.
              time_argument("latest", std::min(request.to, request.before.time)),
              time_argument("cursor_time", request.before.time),
              long_argument("cursor_event", request.before.event_id),
              long_argument("page_rows", request.rows)},
             request.rows, on_rows);
}

}  // namespace spoor::investigate
