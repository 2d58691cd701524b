#include "investigate/filter_values.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace spoor::investigate {

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string address(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  const auto bits = digits.size() <= 3 ? parse_int(digits) : std::nullopt;
  unsigned char bytes[sizeof(in6_addr)];
  const bool is_v6 = address.find(':') != std::string::npos;
  if (!bits || *bits < 0 || *bits > (is_v6 ? 128 : 32) || digits.starts_with("0x") ||
      ::inet_pton(is_v6 ? AF_INET6 : AF_INET, address.c_str(), bytes) != 1) {
    return std::nullopt;
  }
  return Network{is_v6, fmt::format("{}/{}", address, *bits)};
}

std::optional<std::pair<Ticks, Ticks>> parse_time_value(std::string_view text) {
  const auto time = parse_iso_ticks(text);
  if (!time) {
    return std::nullopt;
  }
  const bool is_day = text.size() == std::string_view("2026-03-02").size();
  return std::pair(*time, is_day ? *time + kTicksPerDay - 1 : *time);
}

std::optional<double> parse_real(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

std::optional<bool> parse_bool(std::string_view text) {
  for (const auto& [word, value] : {std::pair("true", true),
                                    {"yes", true},
                                    {"1", true},
                                    {"false", false},
                                    {"no", false},
                                    {"0", false}}) {
    if (equals_ignoring_case(text, word)) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_value(const Field& field, std::string_view value,
                                       bool is_pattern) {
  using kql::Type;
  const Type type = field.shown.type;
  if (type == Type::kString || type == Type::kDynamic) {
    if (field.is_address && value.find('/') != std::string_view::npos && !parse_network(value)) {
      return fmt::format("'{}' is no network such as 10.0.0.0/8", value);
    }
    return std::nullopt;
  }
  if (is_pattern && value != "*") {
    return fmt::format("{} is no text, so it takes no wildcard but * alone", field.shown.name);
  }
  if (is_pattern || value.empty()) {
    return std::nullopt;
  }
  switch (type) {
    case Type::kInt:
    case Type::kLong:
      if (!parse_int(value)) {
        return fmt::format("{} is a whole number, '{}' is none", field.shown.name, value);
      }
      break;
    case Type::kReal:
      if (!parse_real(value)) {
        return fmt::format("{} is a number, '{}' is none", field.shown.name, value);
      }
      break;
    case Type::kBool:
      if (!parse_bool(value)) {
        return fmt::format("{} is true or false, not '{}'", field.shown.name, value);
      }
      break;
    case Type::kDateTime:
      if (!parse_time_value(value)) {
        return fmt::format("{} is a time such as 2026-03-02T09:00:00Z, '{}' is none",
                           field.shown.name, value);
      }
      break;
    default:
      break;
  }
  return std::nullopt;
}

}  // namespace spoor::investigate
