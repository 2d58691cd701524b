#pragma once
// parse_in_child, and what only tests ask of a child. Internal to the module.

#include "ingest/sandbox/frames.h"
#include "ingest/sandbox/parse_in_child.h"

namespace spoor::ingest::sandbox {

Result<ParseTotals> run_child(int descriptor, const std::string& name, const ParseLimits& limits,
                              const ParseEvents& events, std::stop_token stop, Mode mode);

}  // namespace spoor::ingest::sandbox
