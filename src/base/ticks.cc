#include "base/ticks.h"

#include <fmt/format.h>

#include <chrono>

namespace spoor {
namespace {

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

void put_digits(char* out, int width, std::int64_t value) {
  for (int place = width - 1; place >= 0; --place) {
    out[place] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

/// Reads exactly `width` digits at `at`; -1 if they are not there.
int take_digits(std::string_view text, std::size_t& at, std::size_t width) {
  if (at + width > text.size()) {
    return -1;
  }
  int value = 0;
  for (std::size_t index = at; index < at + width; ++index) {
    if (text[index] < '0' || text[index] > '9') {
      return -1;
    }
    value = value * 10 + (text[index] - '0');
  }
  at += width;
  return value;
}

bool take_char(std::string_view text, std::size_t& at, char wanted) {
  if (at < text.size() && text[at] == wanted) {
    ++at;
    return true;
  }
  return false;
}

}  // namespace

Ticks ticks_from_filetime(std::uint64_t filetime) {
  constexpr auto kLast = static_cast<std::uint64_t>(kMaxTicks - kFiletimeEpoch);
  if (filetime > kLast) {
    return kMaxTicks;
  }
  return static_cast<Ticks>(filetime) + kFiletimeEpoch;
}

CivilTime civil_from_ticks(Ticks time) {
  const std::int64_t days = floor_div(time, kTicksPerDay);
  std::int64_t rest = time - days * kTicksPerDay;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  CivilTime civil;
  civil.year = static_cast<int>(date.year());
  civil.month = static_cast<int>(static_cast<unsigned>(date.month()));
  civil.day = static_cast<int>(static_cast<unsigned>(date.day()));
  civil.hour = static_cast<int>(rest / kTicksPerHour);
  rest %= kTicksPerHour;
  civil.minute = static_cast<int>(rest / kTicksPerMinute);
  rest %= kTicksPerMinute;
  civil.second = static_cast<int>(rest / kTicksPerSecond);
  civil.fraction = static_cast<std::int32_t>(rest % kTicksPerSecond);
  return civil;
}

std::optional<Ticks> ticks_from_civil(const CivilTime& civil) {
  const std::chrono::year_month_day date{std::chrono::year{civil.year},
                                         std::chrono::month{static_cast<unsigned>(civil.month)},
                                         std::chrono::day{static_cast<unsigned>(civil.day)}};
  if (civil.year < 1 || civil.year > 9999 || civil.month < 1 || civil.day < 1 || !date.ok() ||
      civil.hour < 0 || civil.hour > 23 || civil.minute < 0 || civil.minute > 59 ||
      civil.second < 0 || civil.second > 59 || civil.fraction < 0 ||
      civil.fraction >= kTicksPerSecond) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return days * kTicksPerDay + civil.hour * kTicksPerHour + civil.minute * kTicksPerMinute +
         civil.second * kTicksPerSecond + civil.fraction;
}

void format_ticks_to(Ticks time, char* out) {
  const CivilTime civil = civil_from_ticks(time);
  put_digits(out, 4, civil.year);
  out[4] = '-';
  put_digits(out + 5, 2, civil.month);
  out[7] = '-';
  put_digits(out + 8, 2, civil.day);
  out[10] = 'T';
  put_digits(out + 11, 2, civil.hour);
  out[13] = ':';
  put_digits(out + 14, 2, civil.minute);
  out[16] = ':';
  put_digits(out + 17, 2, civil.second);
  out[19] = '.';
  put_digits(out + 20, 7, civil.fraction);
  out[27] = 'Z';
}

std::string format_ticks(Ticks time) {
  std::string text(28, '\0');
  format_ticks_to(time, text.data());
  return text;
}

std::string format_ticks_sql(Ticks time) {
  std::string text = format_ticks(time);
  text[10] = ' ';
  text.pop_back();
  return text;
}

std::optional<Ticks> parse_iso_ticks(std::string_view text) {
  std::size_t at = 0;
  CivilTime civil;
  civil.year = take_digits(text, at, 4);
  if (civil.year < 1 || !take_char(text, at, '-')) {
    return std::nullopt;
  }
  civil.month = take_digits(text, at, 2);
  if (!take_char(text, at, '-')) {
    return std::nullopt;
  }
  civil.day = take_digits(text, at, 2);
  std::int64_t offset = 0;
  if (at < text.size()) {
    if (text[at] != 'T' && text[at] != ' ' && text[at] != 't') {
      return std::nullopt;
    }
    ++at;
    civil.hour = take_digits(text, at, 2);
    if (!take_char(text, at, ':')) {
      return std::nullopt;
    }
    civil.minute = take_digits(text, at, 2);
    if (take_char(text, at, ':')) {
      civil.second = take_digits(text, at, 2);
      if (take_char(text, at, '.') || take_char(text, at, ',')) {
        int digits = 0;
        std::int32_t fraction = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 9;
             ++at, ++digits) {
          if (digits < 7) {
            fraction = fraction * 10 + (text[at] - '0');
          }
        }
        if (digits == 0) {
          return std::nullopt;
        }
        for (int place = digits; place < 7; ++place) {
          fraction *= 10;
        }
        civil.fraction = fraction;
      }
    }
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
      const int sign = text[at] == '-' ? -1 : 1;
      ++at;
      const int hours = take_digits(text, at, 2);
      take_char(text, at, ':');
      const int minutes = take_digits(text, at, 2);
      if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) {
        return std::nullopt;
      }
      offset = sign * (hours * kTicksPerHour + minutes * kTicksPerMinute);
    } else if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
      ++at;
    }
  }
  if (at != text.size()) {
    return std::nullopt;
  }
  const auto ticks = ticks_from_civil(civil);
  if (!ticks || *ticks - offset < kYearOne || *ticks - offset > kMaxTicks) {
    return std::nullopt;
  }
  return *ticks - offset;
}

std::string format_timespan(TickSpan span) {
  const bool negative = span < 0;
  const auto size =
      negative ? 0 - static_cast<std::uint64_t>(span) : static_cast<std::uint64_t>(span);
  std::string text = negative ? "-" : "";
  const std::uint64_t days = size / kTicksPerDay;
  if (days > 0) {
    text += fmt::format("{}.", days);
  }
  text += fmt::format("{:02}:{:02}:{:02}", size / kTicksPerHour % 24, size / kTicksPerMinute % 60,
                      size / kTicksPerSecond % 60);
  if (size % kTicksPerSecond != 0) {
    text += fmt::format(".{:07}", size % kTicksPerSecond);
  }
  return text;
}

Ticks now_ticks() {
  return std::chrono::duration_cast<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace spoor
