#pragma once
// Names for values that are only told in their order. Internal to the module.

#include <cstddef>
#include <span>
#include <string_view>

#include "event/record.h"

namespace spoor::winlog {

bool is_sysmon(const event::Record& record);

/// The names of the event's data, in the order of the log, where an event of that provider, id and
/// number of values is known; else nothing.
std::span<const std::string_view> event_string_names(const event::Record& record,
                                                     std::size_t count);

}  // namespace spoor::winlog
