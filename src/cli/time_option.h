#pragma once
// Options that are points in time.

#include <string>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::cli {

/// The time that the option --`name` gives, `otherwise` where it is empty; kInvalidInput for what
/// is no ISO 8601 time.
Result<Ticks> time_option(const std::string& text, Ticks otherwise, const char* name);

}  // namespace spoor::cli
