// Datetime and timespan literals in the forms of the language.

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "base/ticks.h"
#include "kql/syntax/lexer.h"

namespace spoor::kql {
namespace {

struct Unit {
  std::string_view name;
  double ticks;
};
constexpr std::array<Unit, 34> kUnits = {{
    {"d", 864e9},         {"day", 864e9},        {"days", 864e9},      {"h", 36e9},
    {"hr", 36e9},         {"hrs", 36e9},         {"hour", 36e9},       {"hours", 36e9},
    {"m", 6e8},           {"min", 6e8},          {"minute", 6e8},      {"minutes", 6e8},
    {"s", 1e7},           {"sec", 1e7},          {"second", 1e7},      {"seconds", 1e7},
    {"ms", 1e4},          {"milli", 1e4},        {"millis", 1e4},      {"millisec", 1e4},
    {"millisecond", 1e4}, {"milliseconds", 1e4}, {"micro", 10},        {"micros", 10},
    {"microsec", 10},     {"microsecond", 10},   {"microseconds", 10}, {"tick", 1},
    {"ticks", 1},         {"nano", 0.01},        {"nanos", 0.01},      {"nanosec", 0.01},
    {"nanosecond", 0.01}, {"nanoseconds", 0.01},
}};

std::optional<std::int64_t> in_range(double ticks) {
  if (!(std::abs(ticks) < 9.2e18)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(std::llround(ticks));
}

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// Ticks of a fraction's digits, cut to seven.
std::int32_t fraction_ticks(std::string_view digits) {
  std::int32_t value = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  }
  return value;
}

/// [d.]hh:mm[:ss[.fffffff]]
std::optional<std::int64_t> clock(std::string_view text) {
  std::int64_t days = 0;
  const auto colon = text.find(':');
  if (const auto dot = text.find('.'); dot < colon) {
    const auto count = whole(text.substr(0, dot));
    if (!count) {
      return std::nullopt;
    }
    days = *count;
    text.remove_prefix(dot + 1);
  }
  std::int32_t fraction = 0;
  if (const auto dot = text.find('.'); dot != std::string_view::npos) {
    const auto digits = text.substr(dot + 1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
      return std::nullopt;
    }
    fraction = fraction_ticks(digits);
    text = text.substr(0, dot);
  }
  const auto parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) {
    return std::nullopt;
  }
  const auto hours = whole(parts[0]);
  const auto minutes = whole(parts[1]);
  const auto seconds = parts.size() == 3 ? whole(parts[2]) : std::optional(0);
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 59 ||
      *hours < 0 || *minutes < 0 || *seconds < 0 || days > 10'000'000) {
    return std::nullopt;
  }
  return days * kTicksPerDay + *hours * kTicksPerHour + *minutes * kTicksPerMinute +
         *seconds * kTicksPerSecond + fraction;
}

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

std::optional<Ticks> with_clock(CivilTime day, std::string_view rest) {
  rest = trim_blanks(rest);
  int shift = 0;
  bool afternoon = false;
  bool morning = false;
  for (const auto zone : {"GMT", "UTC", "Z"}) {
    if (rest.ends_with(zone)) {
      rest = trim_blanks(rest.substr(0, rest.size() - std::string_view(zone).size()));
      break;
    }
  }
  if (rest.size() > 6 && (rest[rest.size() - 6] == '+' || rest[rest.size() - 6] == '-')) {
    const auto offset = clock(rest.substr(rest.size() - 5));
    if (!offset) {
      return std::nullopt;
    }
    shift = static_cast<int>(*offset / kTicksPerMinute) * (rest[rest.size() - 6] == '-' ? -1 : 1);
    rest = trim_blanks(rest.substr(0, rest.size() - 6));
  }
  const std::string lower = to_ascii_lower(rest);
  if (lower.ends_with("am") || lower.ends_with("pm")) {
    afternoon = lower.ends_with("pm");
    morning = !afternoon;
    rest = trim_blanks(rest.substr(0, rest.size() - 2));
  }
  std::int64_t time = 0;
  if (!rest.empty()) {
    const auto read = clock(rest);
    if (!read) {
      return std::nullopt;
    }
    time = *read;
  }
  if (afternoon && time < 12 * kTicksPerHour) {
    time += 12 * kTicksPerHour;
  } else if (morning && time >= 12 * kTicksPerHour) {
    time -= 12 * kTicksPerHour;
  }
  const auto date = ticks_from_civil(day);
  if (!date) {
    return std::nullopt;
  }
  const Ticks result = *date + time - shift * kTicksPerMinute;
  return result < kYearOne || result > kMaxTicks ? std::nullopt : std::optional(result);
}

/// "Sat, 8 Nov 2014 15:05:02 GMT", "8 Nov 14 15:05", "Saturday, 08-Nov-14 15:05:02 UTC"
std::optional<Ticks> mail_date(std::string_view text) {
  if (const auto comma = text.find(','); comma != std::string_view::npos) {
    text = trim_blanks(text.substr(comma + 1));
  }
  std::string copy(text);
  for (std::size_t i = 0; i < copy.size() && i < 12; ++i) {
    if (copy[i] == '-') {
      copy[i] = ' ';
    }
  }
  std::vector<std::string_view> words;
  for (const auto word : split(copy, ' ')) {
    if (!word.empty()) {
      words.push_back(word);
    }
  }
  if (words.size() < 3 || words[1].size() < 3) {
    return std::nullopt;
  }
  CivilTime day;
  const auto number = whole(words[0]);
  const auto year = whole(words[2]);
  const std::string month = to_ascii_lower(words[1].substr(0, 3));
  day.month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == month) {
      day.month = static_cast<int>(i + 1);
    }
  }
  if (!number || !year || day.month == 0) {
    return std::nullopt;
  }
  day.day = *number;
  day.year = *year < 50 ? *year + 2000 : *year < 100 ? *year + 1900 : *year;
  const auto rest = static_cast<std::size_t>(words[2].data() + words[2].size() - copy.data());
  return with_clock(day, std::string_view(copy).substr(rest));
}

/// "11/8/2014 3:05:02 PM"
std::optional<Ticks> slash_date(std::string_view text) {
  const auto blank = text.find(' ');
  const auto parts = split(text.substr(0, blank), '/');
  if (parts.size() != 3) {
    return std::nullopt;
  }
  const auto month = whole(parts[0]);
  const auto date = whole(parts[1]);
  const auto year = whole(parts[2]);
  if (!month || !date || !year) {
    return std::nullopt;
  }
  CivilTime day;
  day.month = *month;
  day.day = *date;
  day.year = *year < 50 ? *year + 2000 : *year < 100 ? *year + 1900 : *year;
  return with_clock(day, blank == std::string_view::npos ? std::string_view{} : text.substr(blank));
}

}  // namespace

std::optional<std::int64_t> parse_timespan(std::string_view text) {
  text = trim_blanks(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  const bool negative = text.starts_with('-');
  if (negative) {
    text.remove_prefix(1);
  }
  std::optional<std::int64_t> ticks;
  if (text.find(':') != std::string_view::npos) {
    ticks = clock(text);
  } else {
    double count = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (text.empty() || problem != std::errc{} ||
        (text.front() != '.' && (text.front() < '0' || text.front() > '9'))) {
      return std::nullopt;
    }
    const std::string unit = to_ascii_lower(
        trim_blanks({end, static_cast<std::size_t>(text.data() + text.size() - end)}));
    if (unit.empty()) {
      ticks = in_range(count * 864e9);
    }
    for (const auto& known : kUnits) {
      if (known.name == unit) {
        ticks = in_range(count * known.ticks);
      }
    }
  }
  return ticks && negative ? std::optional(-*ticks) : ticks;
}

namespace {

/// "2025, 6, 14" and "2025 - 06 - 14": a day as the language's pages also write it.
std::optional<std::int64_t> loose_date(std::string_view text) {
  const auto parts = split(text, text.find(',') == std::string_view::npos ? '-' : ',');
  if (parts.size() != 3) {
    return mail_date(text);
  }
  CivilTime day;
  const auto year = whole(trim_blanks(parts[0]));
  const auto month = whole(trim_blanks(parts[1]));
  const auto date = whole(trim_blanks(parts[2]));
  if (!year || !month || !date || *year < 1000) {
    return mail_date(text);
  }
  day.year = *year;
  day.month = *month;
  day.day = *date;
  return with_clock(day, {});
}

}  // namespace

std::optional<std::int64_t> parse_datetime(std::string_view text) {
  text = trim_blanks(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    text = trim_blanks(text.substr(1, text.size() - 2));
  }
  if (const auto iso = parse_iso_ticks(text)) {
    return iso;
  }
  if (text.find(',') != std::string_view::npos || text.find(" - ") != std::string_view::npos) {
    return loose_date(text);
  }
  // Forms of ISO 8601 with single-digit parts, and a year or year and month alone.
  const auto blank = text.find_first_of(" T");
  const auto parts = split(text.substr(0, blank), '-');
  if (parts.size() <= 3 && parts[0].size() == 4 && whole(parts[0])) {
    CivilTime day;
    day.year = *whole(parts[0]);
    const auto month = parts.size() > 1 ? whole(parts[1]) : std::optional(1);
    const auto date = parts.size() > 2 ? whole(parts[2]) : std::optional(1);
    if (month && date) {
      day.month = *month;
      day.day = *date;
      return with_clock(
          day, blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1));
    }
  }
  if (const auto slash = slash_date(text)) {
    return slash;
  }
  return mail_date(text);
}

}  // namespace spoor::kql
