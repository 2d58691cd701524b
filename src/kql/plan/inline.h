#pragma once
// What may be computed in another place than it was written.

#include <span>

#include "kql/plan/plan.h"

namespace spoor::kql {

/// Whether an expression gives one answer for one row wherever it stands.
bool is_pure(const Sql& sql);

/// Whether `definitions` can be put in the place of their columns in `readers`: what is more than a
/// stored column is read once at most, and is pure.
bool can_inline(std::span<const Definition> definitions, std::span<const Sql> readers);

}  // namespace spoor::kql
