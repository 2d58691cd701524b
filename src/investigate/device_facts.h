#pragma once
// What is known of the devices of a page. Internal to the module.

#include <span>
#include <string>
#include <vector>

#include "investigate/device_list.h"

namespace spoor::investigate {

/// Rows of the devices `ids`, in their order; one that is gone meanwhile is left out. The facts of
/// all devices are one answer that may be kept, where they are few: whatever a list is filtered and
/// sorted by, they are planned and read once. `now` is what silence is told against.
Result<std::vector<DeviceRow>> device_rows(const Views& views, const MergedDevices& merged,
                                           std::span<const std::string> ids, Ticks now);

}  // namespace spoor::investigate
