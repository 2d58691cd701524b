#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "base/ticks.h"
#include "cli/handed_over.h"
#include "json/writer.h"
#include "schema/schema.h"

namespace spoor::cli {
namespace {

/// The API's bound of a streamed answer.
constexpr std::uint64_t kMostRows = 1'000'000'000;

Result<kql::Type> type_of(std::string_view name) {
  for (int type = static_cast<int>(kql::Type::kBool); type <= static_cast<int>(kql::Type::kDecimal);
       ++type) {
    if (schema::type_name(static_cast<kql::Type>(type)) == name) {
      return static_cast<kql::Type>(type);
    }
  }
  return fail(ErrorCode::kUnsupported, fmt::format("the server told of a type '{}'", name));
}

/// Kusto's text of a timespan ([-][d.]hh:mm:ss[.fffffff]) as ticks.
std::optional<TickSpan> parse_timespan(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  text.remove_prefix(is_negative ? 1 : 0);
  const auto parts = split(text, ':');
  if (parts.size() != 3) {
    return std::nullopt;
  }
  const std::size_t day_end = parts[0].find('.');
  const auto number = [](std::string_view digits) {
    // A leading zero is no other base here.
    const std::size_t first = digits.find_first_not_of('0');
    return first == digits.npos ? std::optional<std::int64_t>(0) : parse_int(digits.substr(first));
  };
  const auto days = day_end == parts[0].npos ? number("0") : number(parts[0].substr(0, day_end));
  const auto hours = number(day_end == parts[0].npos ? parts[0] : parts[0].substr(day_end + 1));
  const auto minutes = number(parts[1]);
  const auto seconds = number(parts[2].substr(0, 2));
  std::string fraction(parts[2].size() > 3 ? parts[2].substr(3, 7) : "");
  fraction.resize(7, '0');
  const auto ticks = number(fraction);
  if (!days || !hours || !minutes || !seconds || !ticks) {
    return std::nullopt;
  }
  const TickSpan span = *days * kTicksPerDay + *hours * kTicksPerHour + *minutes * kTicksPerMinute +
                        *seconds * kTicksPerSecond + *ticks;
  return is_negative ? -span : span;
}

/// The reverse of kql::append_json.
Result<kql::Constant> constant_of(kql::Type type, const json::Dynamic& cell) {
  if (cell.is_null()) {
    return kql::Constant{};
  }
  const std::string text(cell.text_or(""));
  std::optional<std::int64_t> number;
  switch (type) {
    case kql::Type::kBool:
      if (const bool* truth = cell.as_bool()) {
        return kql::Constant{*truth};
      }
      break;
    case kql::Type::kInt:
    case kql::Type::kLong:
      number = cell.is_number() ? std::optional(cell.int_or(0)) : parse_int(text);
      break;
    case kql::Type::kDateTime:
      number = parse_iso_ticks(text);
      break;
    case kql::Type::kTimespan:
      number = parse_timespan(text);
      break;
    case kql::Type::kReal:
      // Not finite ones are texts.
      return kql::Constant{cell.is_number() ? cell.number_or(0)
                                            : std::strtod(text.c_str(), nullptr)};
    case kql::Type::kDynamic:
      return kql::Constant{cell.dump()};
    default:
      return kql::Constant{text};
  }
  if (!number) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the server told of a {} that is none", schema::type_name(type)));
  }
  return kql::Constant{*number};
}

}  // namespace

Result<kql::QueryResult> query_by_server(LocalServer& server, std::string_view text,
                                         std::uint64_t max_rows, std::vector<kql::Row>& rows) {
  // The time that a query has without a server.
  const double seconds = kql::RunLimits().seconds;
  std::string request;
  json::Writer writer(request);
  writer.begin_object().key("query").string(text);
  writer.key("max_rows").number(std::clamp<std::uint64_t>(max_rows, 1, kMostRows));
  writer.key("max_seconds").number(static_cast<std::int64_t>(seconds)).end_object();
  kql::QueryResult result;
  bool has_columns = false;
  bool has_ended = false;
  const auto take_line = [&](std::string_view line) -> Result<void> {
    json::ReadLimits limits;
    limits.max_bytes = line.size() + 1;
    const json::Dynamic told = TRY(json::parse(line, limits));
    if (has_ended) {
      return fail(ErrorCode::kInvalidInput, "the server went on after its last line");
    }
    if (told.as_array() != nullptr) {
      kql::Row row;
      for (std::size_t cell = 0; cell < result.columns.size(); ++cell) {
        row.push_back(TRY(constant_of(result.columns[cell].type, told[cell])));
      }
      rows.push_back(std::move(row));
      return {};
    }
    if (told["error"].as_object() != nullptr) {
      return fail(told_error(told["error"]));
    }
    has_ended = has_columns;
    if (has_columns) {
      const bool* truncated = told["truncated"].as_bool();
      result.truncated = truncated != nullptr && *truncated;
      for (std::size_t at = 0; at < told["notes"].size(); ++at) {
        result.notes.emplace_back(told["notes"][at].text_or(""));
      }
      return {};
    }
    has_columns = true;
    for (std::size_t at = 0; at < told["columns"].size(); ++at) {
      const json::Dynamic& column = told["columns"][at];
      result.columns.push_back(
          {std::string(column["name"].text_or("")), TRY(type_of(column["type"].text_or("")))});
    }
    return {};
  };
  // The bound of the engine ends it; the answer may take longer to come.
  TRY_VOID(server.lines("/api/query/stream", std::move(request), 0, take_line));
  if (!has_ended) {
    return fail(ErrorCode::kTruncated, "the server's answer was cut off");
  }
  result.rows = static_cast<std::int64_t>(rows.size());
  return result;
}

}  // namespace spoor::cli
