#pragma once
// Rows of DeviceCoverage as the services read them. Internal to the module.

#include <string_view>

#include "investigate/device_cards.h"
#include "kql/exec/executor.h"

namespace spoor::investigate {

/// Columns that read_gap takes, in their order.
inline constexpr std::string_view kGapColumns = "Kind, Source, Detail, Timestamp, EndTime, Lost";
CoverageGap read_gap(const kql::Row& cells);

}  // namespace spoor::investigate
