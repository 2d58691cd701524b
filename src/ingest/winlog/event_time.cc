#include "ingest/winlog/event_time.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "base/text.h"

namespace spoor::winlog {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// A number of at most `most` digits at the start of the text, which is then behind it.
std::optional<int> take_number(std::string_view& text, std::size_t most) {
  int number = 0;
  const std::size_t size = std::min(text.size(), most);
  const auto [end, failure] = std::from_chars(text.data(), text.data() + size, number);
  if (failure != std::errc() || !is_digit(text[0])) {
    return {};
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

/// "3/1/2026 10:00:00.123 AM", without seconds and half of the day where it has none.
std::optional<StatedTime> parse_slashed(std::string_view text) {
  CivilTime civil;
  const auto number = [&](int& to, std::size_t most) {
    const auto got = take_number(text, most);
    to = got.value_or(0);
    return got.has_value();
  };
  if (!number(civil.month, 2) || !take(text, '/') || !number(civil.day, 2) || !take(text, '/') ||
      !number(civil.year, 4) || !take(text, ' ') || !number(civil.hour, 2) || !take(text, ':') ||
      !number(civil.minute, 2)) {
    return {};
  }
  if (take(text, ':') && !number(civil.second, 2)) {
    return {};
  }
  if (take(text, '.')) {
    std::int32_t unit = kTicksPerSecond;
    while (!text.empty() && is_digit(text[0])) {
      unit /= 10;
      civil.fraction += unit * (text[0] - '0');
      text.remove_prefix(1);
    }
  }
  text = trim_blanks(text);
  const bool is_morning = equals_ignoring_case(text, "AM");
  if (is_morning || equals_ignoring_case(text, "PM")) {
    if (civil.hour < 1 || civil.hour > 12) {
      return {};
    }
    civil.hour = civil.hour % 12 + (is_morning ? 0 : 12);
  } else if (!text.empty()) {
    return {};
  }
  const auto ticks = ticks_from_civil(civil);
  return ticks ? std::optional(StatedTime{*ticks, false}) : std::nullopt;
}

/// A count since 1970 of whatever unit gives a year between 1973 and 5138.
std::optional<StatedTime> parse_count(std::string_view text) {
  double count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure != std::errc() || end != text.data() + text.size() || !(count >= 1e8)) {
    return {};
  }
  double unit = kTicksPerSecond;
  for (double least = 1e11; count >= least && unit > 1; least *= 1000) {
    unit = std::max(1.0, unit / 1000);
  }
  std::int64_t whole = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) {
    const auto step = static_cast<std::int64_t>(unit);
    return whole <= kMaxTicks / step ? std::optional(StatedTime{whole * step, true}) : std::nullopt;
  }
  // A count with a fraction has no more than a microsecond to say.
  const double micros = std::round(count * unit / kTicksPerMicrosecond);
  return micros < 1e17 ? std::optional(StatedTime{
                             static_cast<std::int64_t>(micros) * kTicksPerMicrosecond, true})
                       : std::nullopt;
}

bool states_zone(std::string_view text) {
  const std::size_t time = text.find_first_of("Tt ");
  return time != std::string_view::npos &&
         (text.ends_with('Z') || text.ends_with('z') ||
          text.find_first_of("+-", time) != std::string_view::npos);
}

/// "2026-03-01 10:00:00 +0900", without the blank before the zone.
std::string without_blank_before_zone(std::string_view text) {
  std::string out(text);
  const std::size_t sign = out.find_last_of("+-");
  if (sign != std::string::npos && sign > 10 && out[sign - 1] == ' ') {
    out.erase(sign - 1, 1);
  }
  return out;
}

constexpr TickSpan kQuarter = 15 * kTicksPerMinute;

TickSpan to_quarter(TickSpan span) {
  const TickSpan half = span < 0 ? -kQuarter / 2 : kQuarter / 2;
  return (span + half) / kQuarter * kQuarter;
}

}  // namespace

std::optional<StatedTime> parse_stated_time(std::string_view text) {
  text = trim_blanks(text);
  if (text.size() < 8 || text.size() > 64) {
    return {};
  }
  if (text.starts_with("/Date(")) {
    text.remove_prefix(6);
    return parse_count(text.substr(0, text.find_first_of(")+-")));
  }
  if (const auto ticks = parse_iso_ticks(text)) {
    return StatedTime{*ticks, states_zone(text)};
  }
  if (text.find('/') < 3) {
    return parse_slashed(text);
  }
  if (std::ranges::all_of(text, [](char letter) { return is_digit(letter) || letter == '.'; })) {
    return parse_count(text);
  }
  const std::string iso = without_blank_before_zone(text);
  const auto ticks = parse_iso_ticks(iso);
  return ticks ? std::optional(StatedTime{*ticks, states_zone(iso)}) : std::nullopt;
}

std::optional<Ticks> EventTimes::best() const {
  if (created && created->has_zone) {
    return created->ticks;
  }
  if (event && event->has_zone) {
    return event->ticks;
  }
  if (own) {
    return own->ticks;
  }
  if (const auto& local = created ? created : event) {
    const auto& receipt = received_local && !received_local->has_zone ? received_local : local;
    if (received_utc && received_utc->has_zone) {
      const TickSpan zone = to_quarter(received_utc->ticks - receipt->ticks);
      if (zone >= -14 * kTicksPerHour && zone <= 14 * kTicksPerHour) {
        return local->ticks + zone;
      }
    }
    return local->ticks;
  }
  for (const auto& time : {generated, received_utc, received_local}) {
    if (time) {
      return time->ticks;
    }
  }
  return {};
}

}  // namespace spoor::winlog
