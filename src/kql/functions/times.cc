// now, ago, startof…, endof…, datetime_diff, datetime_add, datetime_part, format_datetime,
// format_timespan, make_datetime.

#include <algorithm>
#include <optional>

#include "base/ticks.h"
#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// Days since Sunday, 31 December 0000: weeks of Kusto start on Sunday, and 0001-01-01 was a
/// Monday.
Sql day_number(const Sql& time) {
  return infix("+", call("intDiv", {infix("+", ticks_of(time), year_one_ticks()), day_ticks()}),
               int64(1));
}
Sql midnight(const Sql& time) {
  const Sql ticks = ticks_of(time);
  return infix("-", ticks, positive_modulo(ticks, day_ticks()));
}
Sql days_back(const Sql& time, std::string_view function) {
  const Sql days = infix("-", call("toInt64", {call(function, {time})}), int64(1));
  return infix("-", midnight(time), infix("*", days, day_ticks()));
}

enum class Unit : std::uint8_t { kDay, kWeek, kMonth, kYear };

/// Ticks of the start of the unit that `time` lies in.
Sql start_ticks(const Sql& time, Unit unit) {
  switch (unit) {
    case Unit::kDay:
      return midnight(time);
    case Unit::kWeek: {
      const Sql sunday =
          infix("-", infix("*", call("intDiv", {day_number(time), int64(7)}), int64(7)), int64(1));
      return infix("-", infix("*", sunday, day_ticks()), year_one_ticks());
    }
    case Unit::kMonth:
      return days_back(time, "toDayOfMonth");
    case Unit::kYear:
      return days_back(time, "toDayOfYear");
  }
  return time;
}

/// Start of the unit `offset` units later.
Sql moved(const Sql& start, Unit unit, const Sql& offset) {
  switch (unit) {
    case Unit::kDay:
      return checked_datetime_of(infix("+", ticks_of(start), infix("*", offset, day_ticks())));
    case Unit::kWeek:
      return checked_datetime_of(
          infix("+", ticks_of(start), infix("*", {offset, int64(7), day_ticks()})));
    case Unit::kMonth:
      return call("addMonths", {start, offset});
    case Unit::kYear:
      return call("addYears", {start, offset});
  }
  return start;
}

std::function<Result<Value>(const Call&)> start_of(Unit unit) {
  return [unit](const Call& call_) -> Result<Value> {
    const Sql start = datetime_of(start_ticks(call_[0].sql, unit));
    const bool shifted = call_.size() > 1;
    return cast_value(Type::kDateTime, shifted ? moved(start, unit, call_[1].sql) : start,
                      call_[0].nullable || shifted);
  };
}
std::function<Result<Value>(const Call&)> end_of(Unit unit) {
  return [unit](const Call& call_) -> Result<Value> {
    const Sql start = datetime_of(start_ticks(call_[0].sql, unit));
    const Sql offset = call_.size() > 1 ? infix("+", call_[1].sql, int64(1)) : int64(1);
    return cast_value(Type::kDateTime,
                      datetime_of(infix("-", ticks_of(moved(start, unit, offset)), int64(1))),
                      true);
  };
}

/// Ticks of a unit that has a fixed length.
std::optional<std::int64_t> unit_ticks(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"day", kTicksPerDay},
      {"hour", kTicksPerHour},
      {"minute", kTicksPerMinute},
      {"second", kTicksPerSecond},
      {"millisecond", kTicksPerMillisecond},
      {"microsecond", kTicksPerMicrosecond}};
  for (const auto& [name, ticks] : kUnits) {
    if (name == unit) {
      return ticks;
    }
  }
  return std::nullopt;
}

Result<std::string> unit_of(const Call& call_) {
  const std::string* unit = call_[0].text();
  if (unit == nullptr) {
    return fail(call_.error(0, "the unit must be a constant, such as 'day'"));
  }
  std::string name = *unit;
  for (char& letter : name) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  }
  return name;
}

Sql quarters(const Sql& time) {
  return infix("+", infix("*", call("toInt64", {call("toYear", {time})}), int64(4)),
               call("toInt64", {call("toQuarter", {time})}));
}
Sql months(const Sql& time) {
  return infix("+", infix("*", call("toInt64", {call("toYear", {time})}), int64(12)),
               call("toInt64", {call("toMonth", {time})}));
}

/// Counts the boundaries crossed, not the time elapsed.
Result<Value> difference(const Call& call_) {
  const std::string unit = TRY(unit_of(call_));
  const Sql& late = call_[1].sql;
  const Sql& early = call_[2].sql;
  const bool nullable = call_[1].nullable || call_[2].nullable;
  const auto of = [&](const std::function<Sql(const Sql&)>& count) -> Result<Value> {
    return cast_value(Type::kLong, infix("-", count(late), count(early)), nullable);
  };
  if (const auto ticks = unit_ticks(unit)) {
    return of([&](const Sql& time) {
      return call("intDiv", {infix("+", ticks_of(time), year_one_ticks()), int64(*ticks)});
    });
  }
  if (unit == "nanosecond") {
    return of([](const Sql& time) { return infix("*", ticks_of(time), int64(100)); });
  }
  if (unit == "week") {
    return of([](const Sql& time) { return call("intDiv", {day_number(time), int64(7)}); });
  }
  if (unit == "month") {
    return of(months);
  }
  if (unit == "quarter") {
    return of(quarters);
  }
  if (unit == "year") {
    return of([](const Sql& time) { return call("toInt64", {call("toYear", {time})}); });
  }
  return fail(
      call_.error(0, "unknown unit '" + unit +
                         "'; known are year, quarter, month, week, day, hour, minute, second, "
                         "millisecond, microsecond, nanosecond"));
}

Result<Value> add_units(const Call& call_) {
  const std::string unit = TRY(unit_of(call_));
  const Sql& amount = call_[1].sql;
  const Sql& time = call_[2].sql;
  if (const auto ticks = unit == "week" ? std::optional(kTicksPerWeek) : unit_ticks(unit)) {
    return cast_value(
        Type::kDateTime,
        checked_datetime_of(infix("+", ticks_of(time), infix("*", amount, int64(*ticks)))), true);
  }
  if (unit == "nanosecond") {
    return cast_value(
        Type::kDateTime,
        checked_datetime_of(infix("+", ticks_of(time), call("intDiv", {amount, int64(100)}))),
        true);
  }
  const std::string_view function = unit == "month"     ? "addMonths"
                                    : unit == "quarter" ? "addQuarters"
                                    : unit == "year"    ? "addYears"
                                                        : "";
  if (function.empty()) {
    return fail(call_.error(0, "unknown unit '" + unit + "'"));
  }
  return cast_value(Type::kDateTime, call(function, {time, amount}), true);
}

Result<Value> part_of(const Call& call_) {
  const std::string unit = TRY(unit_of(call_));
  const Sql& time = call_[1].sql;
  static constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"year", "toYear"},
      {"quarter", "toQuarter"},
      {"month", "toMonth"},
      {"week_of_year", "toISOWeek"},
      {"day", "toDayOfMonth"},
      {"dayofyear", "toDayOfYear"},
      {"dayofmonth", "toDayOfMonth"},
      {"hour", "toHour"},
      {"minute", "toMinute"},
      {"second", "toSecond"}};
  for (const auto& [name, function] : kParts) {
    if (name == unit) {
      return cast_value(Type::kInt, call(function, {time}), call_[1].nullable);
    }
  }
  const Sql fraction = positive_modulo(ticks_of(time), int64(kTicksPerSecond));
  if (unit == "millisecond" || unit == "microsecond") {
    return cast_value(
        Type::kInt,
        call("intDiv", {fraction, int64(unit == "millisecond" ? kTicksPerMillisecond
                                                              : kTicksPerMicrosecond)}),
        call_[1].nullable);
  }
  if (unit == "nanosecond") {
    return cast_value(Type::kInt, infix("*", fraction, int64(100)), call_[1].nullable);
  }
  return fail(call_.error(0, "unknown part '" + unit + "'"));
}

/// One piece of a pattern as text of a time: `letter` repeated `count` times.
std::optional<Sql> time_piece(const Sql& time, char letter, std::size_t count) {
  const auto padded = [&](Sql number, std::size_t width) {
    const Sql text = call("toString", {std::move(number)});
    return count == 1 ? text : call("leftPad", {text, keyword(std::to_string(width)), quoted("0")});
  };
  const Sql fraction =
      call("leftPad", {call("toString", {positive_modulo(ticks_of(time), int64(kTicksPerSecond))}),
                       keyword("7"), quoted("0")});
  switch (letter) {
    case 'y': {
      const Sql year = call("toYear", {time});
      return count <= 2 ? padded(infix("%", year, keyword("100")), 2) : padded(year, count);
    }
    case 'M':
      return count <= 2 ? std::optional(padded(call("toMonth", {time}), 2)) : std::nullopt;
    case 'd':
      return count <= 2 ? std::optional(padded(call("toDayOfMonth", {time}), 2)) : std::nullopt;
    case 'H':
      return padded(call("toHour", {time}), 2);
    case 'h':
      return padded(
          infix("+", infix("%", infix("+", call("toHour", {time}), keyword("11")), keyword("12")),
                keyword("1")),
          2);
    case 'm':
      return padded(call("toMinute", {time}), 2);
    case 's':
      return padded(call("toSecond", {time}), 2);
    case 't':
      return if_(infix("<", call("toHour", {time}), keyword("12")), quoted("AM"), quoted("PM"));
    case 'f':
    case 'F': {
      if (count > 7) {
        return std::nullopt;
      }
      const Sql digits =
          call("substring", {fraction, keyword("1"), keyword(std::to_string(count))});
      return letter == 'f' ? digits : call("trimRight", {digits, quoted("0")});
    }
    default:
      return std::nullopt;
  }
}

std::optional<Sql> span_piece(const Sql& ticks, char letter, std::size_t count) {
  const auto part = [&](std::int64_t unit, std::int64_t modulus) {
    Sql number = call("intDiv", {call("abs", {ticks}), int64(unit)});
    if (modulus > 0) {
      number = infix("%", number, int64(modulus));
    }
    return call("leftPad",
                {call("toString", {number}), keyword(std::to_string(count)), quoted("0")});
  };
  switch (letter) {
    case 'd':
      return part(kTicksPerDay, 0);
    case 'H':
    case 'h':
      return part(kTicksPerHour, 24);
    case 'm':
      return part(kTicksPerMinute, 60);
    case 's':
      return part(kTicksPerSecond, 60);
    case 'f':
    case 'F': {
      const Sql fraction =
          call("leftPad",
               {call("toString", {positive_modulo(call("abs", {ticks}), int64(kTicksPerSecond))}),
                keyword("7"), quoted("0")});
      const Sql digits =
          call("substring",
               {fraction, keyword("1"), keyword(std::to_string(std::min<std::size_t>(count, 7)))});
      return letter == 'f' ? digits : call("trimRight", {digits, quoted("0")});
    }
    default:
      return std::nullopt;
  }
}

using Piece = std::optional<Sql> (*)(const Sql&, char, std::size_t);

Result<Value> formatted(const Call& call_, const Sql& subject, Piece piece) {
  const std::string* pattern = call_[1].text();
  if (pattern == nullptr || pattern->empty()) {
    return fail(call_.error(1, "the format must be a constant"));
  }
  std::vector<Sql> pieces;
  for (std::size_t at = 0; at < pattern->size();) {
    const char letter = (*pattern)[at];
    const std::size_t end = std::min(pattern->find_first_not_of(letter, at), pattern->size());
    if (auto text = piece(subject, letter, end - at)) {
      pieces.push_back(std::move(*text));
      at = end;
    } else if (std::string_view(" /-:,.[]_").find(letter) != std::string_view::npos) {
      pieces.push_back(quoted(std::string(1, letter)));
      ++at;
    } else {
      return fail(call_.error(1, "the format has '" + pattern->substr(at, end - at) +
                                     "', which is no part of a time or delimiter"));
    }
  }
  const Sql text =
      pieces.size() == 1 ? call("toString", {pieces[0]}) : call("concat", std::move(pieces));
  return string_value(call_[0].nullable ? if_null(text, quoted("")) : text);
}

Result<Value> make_datetime(const Call& call_) {
  const auto number = [&](std::size_t index, std::size_t width) {
    if (index >= call_.size()) {
      return quoted(std::string(width, '0'));
    }
    const Sql whole = call("toInt64", {call("floor", {call_[index].sql})});
    return call("leftPad",
                {call("toString", {whole}), keyword(std::to_string(width)), quoted("0")});
  };
  std::vector<Sql> pieces = {number(0, 4), quoted("-"), number(1, 2), quoted("-"),
                             number(2, 2), quoted(" "), number(3, 2), quoted(":"),
                             number(4, 2), quoted(":"), number(5, 2)};
  if (call_.size() > 5) {
    const Sql second = call_[5].sql;
    const Sql ticks =
        call("toInt64", {call("round", {infix("*", infix("-", second, call("floor", {second})),
                                              keyword("10000000"))})});
    pieces.push_back(quoted("."));
    pieces.push_back(call("leftPad", {call("toString", {ticks}), keyword("7"), quoted("0")}));
  }
  const Sql text = if_null(call("concat", std::move(pieces)), quoted(""));
  return cast_value(
      Type::kDateTime,
      once(
          text,
          [](const Sql& iso) {
            constexpr std::string_view kValid =
                R"(^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{7})?$)";
            return if_(call("match", {iso, quoted(kValid)}),
                       call("parseDateTime64BestEffortOrNull", {iso, keyword("7"), quoted("UTC")}),
                       null());
          }),
      true);
}

void add_part(Registry& registry, std::string_view name, std::vector<std::string_view> aliases,
              std::string_view function, std::string_view doc, std::string_view example) {
  registry.add(FunctionSpec{.name = name,
                            .aliases = std::move(aliases),
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"time", kDateTimes, "a time"}},
                            .doc = doc,
                            .example = example,
                            .emit = [function](const Call& call_) -> Result<Value> {
                              return cast_value(Type::kInt, call(function, {call_[0].sql}),
                                                call_[0].nullable);
                            }});
}

void add_unit(Registry& registry, Unit unit, std::string_view start, std::string_view end,
              std::string_view start_doc, std::string_view end_doc, std::string_view start_example,
              std::string_view end_example) {
  const std::vector<ArgSpec> args = {{"time", kDateTimes, "a time"},
                                     {"offset", one_of(Type::kLong), "units later"}};
  registry.add(FunctionSpec{.name = start,
                            .min_args = 1,
                            .max_args = 2,
                            .args = args,
                            .naming = Naming::kFirst,
                            .doc = start_doc,
                            .example = start_example,
                            .emit = start_of(unit)});
  registry.add(FunctionSpec{.name = end,
                            .min_args = 1,
                            .max_args = 2,
                            .args = args,
                            .naming = Naming::kFirst,
                            .doc = end_doc,
                            .example = end_example,
                            .emit = end_of(unit)});
}

}  // namespace

void add_times(Registry& registry) {
  registry.add(FunctionSpec{.name = "now",
                            .max_args = 1,
                            .args = {{"offset", kTimespans, "added to the present", true}},
                            .doc = "The present (UTC), the same everywhere in a query",
                            .example = "print now() > datetime(2020-01-01)",
                            .emit = [](const Call& call_) -> Result<Value> {
                              const std::int64_t offset =
                                  call_.size() > 0 ? call_[0].number().value_or(0) : 0;
                              return constant_value(Type::kDateTime, call_.now + offset);
                            }});
  registry.add(FunctionSpec{
      .name = "ago",
      .min_args = 1,
      .max_args = 1,
      .args = {{"span", kTimespans, "how long ago"}},
      .doc = "The present less a length of time",
      .example = "print ago(1h) < now()",
      .emit = [](const Call& call_) -> Result<Value> {
        if (const auto span = call_[0].number()) {
          std::int64_t time = 0;
          if (__builtin_sub_overflow(call_.now, *span, &time) || time < kYearOne ||
              time > kMaxTicks) {
            return fail(call_.error(0, "that is before the year 1"));
          }
          return constant_value(Type::kDateTime, time);
        }
        return cast_value(Type::kDateTime,
                          checked_datetime_of(infix("-", param_int(call_.now), call_[0].sql)),
                          true);
      }});
  add_unit(registry, Unit::kDay, "startofday", "endofday", "Midnight before the time",
           "Last moment of the day", "print startofday(datetime(2017-01-01 10:10:17))",
           "print endofday(datetime(2017-01-01 10:10:17))");
  add_unit(registry, Unit::kWeek, "startofweek", "endofweek", "Sunday midnight before the time",
           "Last moment of Saturday", "print startofweek(datetime(2017-01-01 10:10:17))",
           "print endofweek(datetime(2017-01-01 10:10:17))");
  add_unit(registry, Unit::kMonth, "startofmonth", "endofmonth", "First moment of the month",
           "Last moment of the month", "print startofmonth(datetime(2017-01-15))",
           "print endofmonth(datetime(2017-01-15))");
  add_unit(registry, Unit::kYear, "startofyear", "endofyear", "First moment of the year",
           "Last moment of the year", "print startofyear(datetime(2017-05-15))",
           "print endofyear(datetime(2017-05-15))");
  registry.add(FunctionSpec{
      .name = "datetime_diff",
      .min_args = 3,
      .max_args = 3,
      .args = {{"unit", kStrings, "'day', 'hour', …", true},
               {"late", kDateTimes, "a time"},
               {"early", kDateTimes, "a time"}},
      .doc = "How many borders of the unit lie between two times",
      .example =
          "print datetime_diff('day', datetime(2017-01-02 00:01), datetime(2017-01-01 23:59))",
      .emit = difference});
  registry.add(
      FunctionSpec{.name = "datetime_add",
                   .min_args = 3,
                   .max_args = 3,
                   .args = {{"unit", kStrings, "'day', 'month', …", true},
                            {"amount", one_of(Type::kLong), "how many"},
                            {"time", kDateTimes, "a time"}},
                   .doc = "The time so many units later; the day is cut to the month's last",
                   .example = "print datetime_add('month', 1, datetime(2017-01-31))",
                   .emit = add_units});
  registry.add(FunctionSpec{
      .name = "datetime_part",
      .min_args = 2,
      .max_args = 2,
      .args = {{"part", kStrings, "'year', 'hour', …", true}, {"time", kDateTimes, "a time"}},
      .doc = "One part of a time as a number",
      .example = "print datetime_part('hour', datetime(2017-01-01 13:05))",
      .emit = part_of});
  add_part(registry, "getyear", {}, "toYear", "The year", "print getyear(datetime(2017-02-03))");
  add_part(registry, "getmonth", {"monthofyear"}, "toMonth", "The month, 1 to 12",
           "print getmonth(datetime(2017-02-03))");
  add_part(registry, "dayofmonth", {}, "toDayOfMonth", "The day of the month",
           "print dayofmonth(datetime(2017-02-03))");
  add_part(registry, "dayofyear", {}, "toDayOfYear", "The day of the year",
           "print dayofyear(datetime(2017-02-03))");
  add_part(registry, "hourofday", {}, "toHour", "The hour of the day",
           "print hourofday(datetime(2017-02-03 04:00))");
  add_part(registry, "week_of_year", {}, "toISOWeek", "The week of the year by ISO 8601",
           "print week_of_year(datetime(2017-02-03))");
  registry.add(FunctionSpec{.name = "dayofweek",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"time", kDateTimes, "a time"}},
                            .doc = "Time since Sunday in whole days",
                            .example = "print dayofweek(datetime(2017-02-03))",
                            .emit = [](const Call& call_) -> Result<Value> {
                              return cast_value(
                                  Type::kTimespan,
                                  infix("*", positive_modulo(day_number(call_[0].sql), int64(7)),
                                        day_ticks()),
                                  call_[0].nullable);
                            }});
  registry.add(FunctionSpec{
      .name = "format_datetime",
      .min_args = 2,
      .max_args = 2,
      .args = {{"time", kDateTimes, "a time"},
               {"format", kStrings, "such as 'yyyy-MM-dd HH:mm'", true}},
      .naming = Naming::kFirst,
      .doc = "The time as text in a format",
      .example = "print format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [HH:mm:ss]')",
      .emit = [](const Call& call_) { return formatted(call_, call_[0].sql, time_piece); }});
  registry.add(FunctionSpec{
      .name = "format_timespan",
      .min_args = 2,
      .max_args = 2,
      .args = {{"span", kTimespans, "a length of time"},
               {"format", kStrings, "such as 'd.HH:mm:ss'", true}},
      .naming = Naming::kFirst,
      .doc = "The length of time as text in a format",
      .example = "print format_timespan(time(29.09:00:05), 'dd.hh:mm:ss')",
      .emit = [](const Call& call_) { return formatted(call_, call_[0].sql, span_piece); }});
  registry.add(FunctionSpec{.name = "make_datetime",
                            .min_args = 3,
                            .max_args = 6,
                            .args = {{"part", kNumbers, "year, month, day, hour, minute, second"}},
                            .doc = "A time of its parts; null where there is none",
                            .example = "print make_datetime(2017, 10, 1, 12, 10)",
                            .emit = make_datetime});
  for (const auto& [name, ticks, example] :
       {std::tuple{"unixtime_seconds_todatetime", kTicksPerSecond,
                   "print unixtime_seconds_todatetime(1546300800)"},
        std::tuple{"unixtime_milliseconds_todatetime", kTicksPerMillisecond,
                   "print unixtime_milliseconds_todatetime(1546300800000)"},
        std::tuple{"unixtime_microseconds_todatetime", kTicksPerMicrosecond,
                   "print unixtime_microseconds_todatetime(1546300800000000)"}}) {
    registry.add(FunctionSpec{.name = name,
                              .min_args = 1,
                              .max_args = 1,
                              .args = {{"since", one_of(Type::kLong) | kReals, "since 1970"}},
                              .doc = "The time so long after 1970-01-01 (UTC)",
                              .example = example,
                              .emit = [ticks](const Call& call_) -> Result<Value> {
                                const Sql span =
                                    cast(infix("*", call_[0].sql, int64(ticks)), "Nullable(Int64)");
                                return cast_value(Type::kDateTime, checked_datetime_of(span), true);
                              }});
  }
}

}  // namespace spoor::kql
