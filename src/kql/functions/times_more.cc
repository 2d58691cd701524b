// Time zones, make_timespan, counts of time units since 1970, bins of any widths.

#include <algorithm>

#include "base/ticks.h"
#include "kql/emit/forms.h"
#include "kql/functions/families.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

/// Seconds that the zone is ahead of UTC at a time. Times beyond what the engine knows of zones use
/// the nearest year.
Sql zone_offset(const Sql& ticks, const Sql& zone) {
  const Sql seconds = call("toInt64", {call("floor", {infix("/", ticks, keyword("1e7"))})});
  const Sql bounded = call("greatest", {call("least", {seconds, int64(4102444800)}), int64(0)});
  return call("toInt64",
              {call("timezoneOffset",
                    {call("toTimeZone", {call("toDateTime", {bounded, quoted("UTC")}), zone})})});
}

Result<Value> shift_zone(const Call& c, bool to_local) {
  const std::string* zone = c[1].text();
  if (zone == nullptr) {
    return fail(c.unsupported(1, "the time zone must be a constant"));
  }
  for (const char letter : *zone) {
    const bool word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9');
    if (!word && std::string_view("/_+-").find(letter) == std::string_view::npos) {
      return fail(c.error(1, "'" + *zone + "' is no name of a time zone, such as Europe/London"));
    }
  }
  const Sql name = c[1].sql;
  return cast_value(
      Type::kDateTime,
      once(ticks_of(c[0].sql),
           [&](const Sql& ticks) {
             if (to_local) {
               return checked_datetime_of(
                   infix("+", ticks, infix("*", zone_offset(ticks, name), int64(kTicksPerSecond))));
             }
             // The offset belongs to the time in UTC, which a first guess with the offset of the
             // local time finds.
             const Sql guess =
                 infix("-", ticks, infix("*", zone_offset(ticks, name), int64(kTicksPerSecond)));
             return checked_datetime_of(
                 infix("-", ticks, infix("*", zone_offset(guess, name), int64(kTicksPerSecond))));
           }),
      true);
}

Sql within(const Sql& value, std::int64_t last) {
  return infix("AND", infix(">=", value, int64(0)), infix("<=", value, int64(last)));
}

/// make_timespan(hours, minutes[, seconds]) or (days, hours, minutes, seconds).
Result<Value> span_of_parts(const Call& c) {
  const bool days = c.size() == 4;
  const std::size_t first = days ? 1 : 0;
  const auto whole = [&](std::size_t index) { return cast(c[index].sql, "Nullable(Int64)"); };
  std::vector<Sql> parts{infix("*", whole(first), int64(kTicksPerHour)),
                         infix("*", whole(first + 1), int64(kTicksPerMinute))};
  std::vector<Sql> valid{within(whole(first), 23), within(whole(first + 1), 59)};
  if (days) {
    parts.push_back(infix("*", whole(0), int64(kTicksPerDay)));
  }
  if (c.size() > 2) {
    const Sql seconds = cast(c[first + 2].sql, "Nullable(Float64)");
    parts.push_back(call("accurateCastOrNull",
                         {call("round", {infix("*", seconds, keyword("1e7"))}), quoted("Int64")}));
    valid.push_back(
        infix("AND", infix(">=", seconds, keyword("0")), infix("<", seconds, keyword("60"))));
  }
  return cast_value(
      Type::kTimespan,
      if_(if_null(and_(std::move(valid)), boolean(false)), infix("+", std::move(parts)), null()),
      true);
}

/// The last edge at or before a time: a binary search in the engine, however many edges there are.
Result<Value> bin_by_edges(const Call& c) {
  const std::string* list = c[1].text();
  if (list == nullptr) {
    return fail(c.unsupported(1, "the edges must be constant"));
  }
  std::vector<std::int64_t> edges;
  for (const std::string& text : TRY(json_list_texts(*list, c.spans[1]))) {
    const auto time = parse_iso_ticks(text);
    if (!time) {
      return fail(c.error(1, "'" + text + "' is no time"));
    }
    edges.push_back(*time);
  }
  if (edges.empty()) {
    return constant_value(Type::kDateTime, std::monostate{});
  }
  if (edges.size() > 10'000) {
    return fail(error_at(c.spans[1], ErrorCode::kLimit, "more than 10,000 edges"));
  }
  std::ranges::sort(edges);
  const Sql ticks = ticks_of(c[0].sql);
  const Sql edge = call("roundDown", {if_null(ticks, int64(0)), param_ints(edges)});
  const Sql is_inside = if_null(infix(">=", ticks, param_int(edges.front())), boolean(false));
  return cast_value(Type::kDateTime, if_(is_inside, datetime_of(edge), null()), true);
}

}  // namespace

void add_times_more(Registry& registry) {
  registry.add(FunctionSpec{
      .name = "bin_by_edges",
      .min_args = 2,
      .max_args = 2,
      .args = {{"time", kDateTimes, "a time"},
               {"edges", kDynamics, "times as an array of texts", true}},
      .doc = "The last of the edges that is not after the time; null before the first",
      .example = "print bin_by_edges(datetime(2024-05-04), dynamic(['2024-05-01', '2024-05-08']))",
      .difference = "Kusto has no such function",
      .emit = bin_by_edges});
  for (const bool to_local : {true, false}) {
    registry.add(FunctionSpec{
        .name = to_local ? "datetime_utc_to_local" : "datetime_local_to_utc",
        .min_args = 2,
        .max_args = 2,
        .args = {{"from", kDateTimes, "a time"},
                 {"timezone", kStrings, "name of the zone, such as Europe/London", true}},
        .doc = to_local ? "The time that clocks of a zone show"
                        : "The time in UTC when clocks of a zone show a time",
        .example = to_local
                       ? "print datetime_utc_to_local(datetime(2024-07-01 12:00), 'Europe/Paris')"
                       : "print datetime_local_to_utc(datetime(2024-07-01 14:00), 'Europe/Paris')",
        .emit = [to_local](const Call& c) { return shift_zone(c, to_local); }});
  }
  registry.add(FunctionSpec{
      .name = "make_timespan",
      .min_args = 2,
      .max_args = 4,
      .args = {{"part", kNumbers, "hours, minutes, seconds; with four of them days first"}},
      .doc = "A length of time made of its parts; null where one is out of range",
      .example = "print make_timespan(1, 12, 30, 55.123)",
      .emit = span_of_parts});
  registry.add(FunctionSpec{
      .name = "unixtime_nanoseconds_todatetime",
      .min_args = 1,
      .max_args = 1,
      .args = {{"nanoseconds", kNumbers, "since 1970"}},
      .doc = "The time so many nanoseconds after 1970",
      .example = "print unixtime_nanoseconds_todatetime(1546300800000000000)",
      .emit = [](const Call& c) -> Result<Value> {
        const Sql ticks = call(
            "toInt64",
            {call("floor", {infix("/", cast(c[0].sql, "Nullable(Float64)"), keyword("100"))})});
        const Sql exact =
            is_integer(c[0].type)
                ? infix("-", call("intDiv", {c[0].sql, int64(100)}),
                        call("toInt64", {infix("<", infix("%", c[0].sql, int64(100)), int64(0))}))
                : ticks;
        return cast_value(Type::kDateTime, checked_datetime_of(exact), true);
      }});
}

}  // namespace spoor::kql
