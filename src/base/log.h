#pragma once
// Structured log lines: an event's name and its fields, each with a type. Modules write through
// this; the program decides once where lines go and how they look (server/log_lines.h). Until it
// has, nothing is written. Thread-safe.

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace spoor::log {

enum class Level : std::uint8_t { kDebug = 1, kInfo = 2, kWarning = 3, kError = 4 };

/// "debug", "info", "warning", "error".
std::string_view level_name(Level level);

/// One field. Only texts, numbers and truth values can be one: types that hold secrets have no way
/// into a line.
struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  Field(std::string_view field, std::string_view text) : name(field), value(text) {}
  Field(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
  template <std::same_as<bool> T>
  Field(std::string_view field, T truth) : name(field), value(truth) {}
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  Field(std::string_view field, T number) : name(field), value(static_cast<std::int64_t>(number)) {}
  template <std::floating_point T>
  Field(std::string_view field, T number) : name(field), value(static_cast<double>(number)) {}
};

/// Receives each line; called under a lock, one at a time.
using Sink = std::function<void(Level, std::string_view event, std::span<const Field> fields)>;

/// Sends lines of `least` and above to `sink`; an empty sink ends logging.
void set_sink(Level least, Sink sink);

/// `event` names what happened, in lower case with dots ("engine.ended"); what varies goes into
/// fields.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kDebug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kInfo, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kWarning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kError, event, fields);
}
/// An error with its text as the field "error".
void error(std::string_view event, const Error& problem);

}  // namespace spoor::log
