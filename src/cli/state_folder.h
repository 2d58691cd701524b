#pragma once
// The state database of a data folder, opened by itself: a server or an import may have it open
// too.

#include <memory>
#include <string>

#include "base/result.h"
#include "state/state.h"

namespace spoor::cli {

/// kNotFound where the folder holds none, unless `make` says that one is to be made.
Result<std::unique_ptr<state::State>> open_state(const std::string& folder, bool make = false);

}  // namespace spoor::cli
