#pragma once
// Which devices a call asks for. Internal to the module.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "investigate/device_list.h"
#include "json/reader.h"

namespace spoor::api {

/// From `q` and `leave_out`, whatever they are members of.
Result<investigate::DeviceSelection> read_device_selection(
    const std::function<const json::Dynamic&(std::string_view)>& value);
/// Fields, a - before those that fall.
std::vector<investigate::DeviceSort> read_device_sort(const std::vector<std::string>& fields);

}  // namespace spoor::api
