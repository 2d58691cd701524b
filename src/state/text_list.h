#pragma once
// Lists of texts in one column, as a JSON array. Internal to the module.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor::state {

std::string texts_to_json(const std::vector<std::string>& texts);
/// Elements that are no texts become "".
Result<std::vector<std::string>> texts_from_json(std::string_view json);

}  // namespace spoor::state
