#pragma once
// The families of functions: each is one source file of this folder.

#include "kql/functions/registry.h"

namespace spoor::kql {

void add_conditional(Registry& registry);  ///< iff, case, coalesce, not

}  // namespace spoor::kql
