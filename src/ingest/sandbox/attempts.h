#pragma once
// What the child does where tests ask for it instead of parsing. Internal to the module.

#include "ingest/sandbox/child_output.h"
#include "ingest/sandbox/frames.h"

namespace spoor::ingest::sandbox {

/// kAttempts reports "attempt: refused (name of the error)" or "attempt: possible", one problem
/// each.
void make_attempts(const Request& request, ChildOutput& out);

}  // namespace spoor::ingest::sandbox
