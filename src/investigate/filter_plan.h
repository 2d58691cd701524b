#pragma once
// Conditions of single terms. Internal to the module.

#include <string>
#include <vector>

#include "investigate/filter.h"
#include "investigate/plan_text.h"

namespace spoor::investigate {

/// One condition for each term, in their order; see plan_filter. `is_wide` is set where one reads
/// hunting tables.
std::vector<std::string> term_conditions(const Filter& filter, Arguments& arguments,
                                         const std::vector<std::string>& device_ids, Ticks from,
                                         Ticks to, bool& is_wide);

/// The same with values written out as literals, for people; of filters on devices.
std::vector<std::string> device_term_texts(const Filter& filter);

}  // namespace spoor::investigate
