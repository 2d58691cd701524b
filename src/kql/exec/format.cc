#include "kql/exec/format.h"

#include <charconv>
#include <cmath>

#include "json/writer.h"

namespace spoor::kql {
namespace {

constexpr std::int64_t kExact = 1LL << 53;

std::string csv_field(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += '"';
    }
  }
  return out + '"';
}

}  // namespace

std::string format_real(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-Infinity" : "Infinity";
  }
  char buffer[40];
  const double size = std::abs(value);
  const bool plain = value == 0 || (size >= 1e-5 && size < 1e15);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr);
  for (auto& c : text) {
    c = c == 'e' ? 'E' : c;
  }
  return text;
}

std::string format_value(Type type, const Constant& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    return {};
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    return *flag ? "true" : "false";
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return format_real(*real);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return type == Type::kDateTime   ? format_ticks(*number)
           : type == Type::kTimespan ? format_timespan(*number)
                                     : std::to_string(*number);
  }
  return std::get<std::string>(value);
}

void append_json(std::string& out, Type type, const Constant& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    out += "null";
  } else if (const auto* real = std::get_if<double>(&value)) {
    if (std::isfinite(*real)) {
      char buffer[40];
      out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, *real).ptr);
    } else {
      json::append_string(out, format_real(*real));
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    const bool exact = *number >= -kExact && *number <= kExact;
    if ((type == Type::kInt || type == Type::kLong) && exact) {
      out += std::to_string(*number);
    } else {
      json::append_string(out, format_value(type, value));
    }
  } else if (type == Type::kDynamic) {
    out += std::get<std::string>(value);
  } else if (std::holds_alternative<bool>(value)) {
    out += std::get<bool>(value) ? "true" : "false";
  } else {
    json::append_string(out, std::get<std::string>(value));
  }
}

std::string csv_header(const std::vector<ResultColumn>& columns) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    line += i == 0 ? "" : ",";
    line += csv_field(columns[i].name);
  }
  return line;
}

std::string csv_line(const std::vector<ResultColumn>& columns, const Row& row) {
  std::string line;
  for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
    line += i == 0 ? "" : ",";
    line += csv_field(format_value(columns[i].type, row[i]));
  }
  return line;
}

}  // namespace spoor::kql
