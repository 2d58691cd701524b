#pragma once
// What of a plan need not be computed, as nobody reads it.

#include <set>
#include <span>
#include <utility>

#include "kql/plan/plan.h"

namespace spoor::kql {

/// Whether a row finds one row of `plan` at most by the right sides of `on`: a LEFT JOIN of it then
/// neither adds nor drops rows.
bool has_one_row_each(const NodePtr& plan, std::span<const std::pair<Sql, Sql>> on);

/// The grouping without the parts of its chosen rows (arg_max and its like) that neither `readers`
/// nor `wanted` read; any other plan as it is.
NodePtr without_unread_parts(const NodePtr& plan, std::span<const Definition> readers,
                             const std::set<ColumnId>& wanted);

}  // namespace spoor::kql
