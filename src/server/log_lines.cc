#include "server/log_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "json/writer.h"

namespace spoor::server {
namespace {

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return letter > ' ' && letter != '"' && letter != '=' && letter != '\\' && letter != 0x7f;
  });
}

/// A value as logfmt has it: bare where it can be, else as a JSON string.
void append_logfmt(std::string& out, const log::Field& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    if (is_plain(*text) && is_valid_utf8(*text)) {
      out += *text;
    } else {
      json::append_string(out, *text);
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    json::append_number(out, *number);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    json::append_real(out, *real);
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
}

void write_json(json::Writer& out, const log::Field& field) {
  out.key(field.name);
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    out.string(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    out.number(*number);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    out.real(*real);
  } else {
    out.boolean(std::get<bool>(field.value));
  }
}

}  // namespace

LogFormat log_format_of(std::string_view name) {
  return name == "json" ? LogFormat::kJson : LogFormat::kLogfmt;
}

log::Level log_level_of(std::string_view name) {
  for (const log::Level level : {log::Level::kDebug, log::Level::kInfo, log::Level::kWarning}) {
    if (log::level_name(level) == name) {
      return level;
    }
  }
  return log::Level::kError;
}

std::string log_line(LogFormat format, Ticks time, log::Level level, std::string_view event,
                     std::span<const log::Field> fields) {
  std::string line;
  if (format == LogFormat::kJson) {
    json::Writer out(line);
    out.begin_object();
    out.key("time").string(format_ticks(time));
    out.key("level").string(log::level_name(level));
    out.key("event").string(event);
    for (const log::Field& field : fields) {
      write_json(out, field);
    }
    out.end_object();
  } else {
    line =
        fmt::format("time={} level={} event={}", format_ticks(time), log::level_name(level), event);
    for (const log::Field& field : fields) {
      line += fmt::format(" {}=", field.name);
      append_logfmt(line, field);
    }
  }
  line += '\n';
  return line;
}

void log_to(int descriptor, LogFormat format, log::Level least) {
  log::set_sink(least, [descriptor, format](log::Level level, std::string_view event,
                                            std::span<const log::Field> fields) {
    // A log that cannot be written has nobody to tell.
    static_cast<void>(
        write_all(descriptor, log_line(format, now_ticks(), level, event, fields), "the log"));
  });
}

}  // namespace spoor::server
