#pragma once
// Which records the store has already.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "store/client.h"

namespace spoor::store {

/// Of `event_ids`, those that DeviceSourceRecords holds for the device with a time in [first,
/// last]; each once, in no order.
Result<std::vector<std::int64_t>> existing_event_ids(const Client& client,
                                                     const std::string& device_id, Ticks first,
                                                     Ticks last,
                                                     const std::vector<std::int64_t>& event_ids);

}  // namespace spoor::store
