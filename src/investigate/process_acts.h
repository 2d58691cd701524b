#pragma once
// What the processes of a tree did, and when they ended, from the timeline. Internal to the module.

#include <span>

#include "base/result.h"
#include "investigate/device_key.h"
#include "investigate/device_views.h"
#include "investigate/process_tree.h"

namespace spoor::investigate {

/// Fills in `acts` of all the nodes: two scans of the device's timeline for every 2,000 of them.
Result<void> add_process_acts(const Views& views, const DeviceKey& device,
                              std::span<ProcessNode> nodes);

}  // namespace spoor::investigate
