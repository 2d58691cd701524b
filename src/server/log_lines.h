#pragma once
// How log lines look, and where the server's go: standard error, one line an event.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/ticks.h"

namespace spoor::server {

enum class LogFormat : std::uint8_t { kLogfmt = 1, kJson = 2 };

/// Of the settings log.format and log.level.
LogFormat log_format_of(std::string_view name);
log::Level log_level_of(std::string_view name);

/// A line with its end. Texts can neither end it nor move a terminal's cursor: control characters
/// are escaped.
std::string log_line(LogFormat format, Ticks time, log::Level level, std::string_view event,
                     std::span<const log::Field> fields);

/// Sends the log of all modules to `descriptor`.
void log_to(int descriptor, LogFormat format, log::Level least);

}  // namespace spoor::server
