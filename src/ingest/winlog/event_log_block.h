#pragma once
// Splunk's WinEventLog text: a line with the time, lines "key=value", and a message that goes on to
// the next event. Internal to the module.

#include <string_view>

#include "json/reader.h"

namespace spoor::winlog {

/// True for "08/01/2026 10:00:00 AM" alone on its line: an event begins.
bool is_block_time(std::string_view line);
/// True for the first "LogName=…": an event begins that has no line with its time.
bool is_block_name(std::string_view line);
/// The block as an object, its time as "_time".
json::Dynamic block_as_object(std::string_view block);

}  // namespace spoor::winlog
