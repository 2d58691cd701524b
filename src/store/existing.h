#pragma once
// Which records the store has already.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "store/client.h"

namespace spoor::store {

/// Records of one device that are looked for.
struct WantedRecords {
  std::string device_id;
  Ticks first = 0;  ///< earliest of their times
  Ticks last = 0;   ///< latest
  const std::vector<std::int64_t>* event_ids = nullptr;
};

/// Of the records of all devices, the ids of those that DeviceSourceRecords holds; each once, in no
/// order. One statement for up to a thousand devices.
Result<std::vector<std::int64_t>> existing_event_ids(const Client& client,
                                                     const std::vector<WantedRecords>& wanted);
/// Of `event_ids`, those that DeviceSourceRecords holds for the device with a time in [first,
/// last]; each once, in no order.
Result<std::vector<std::int64_t>> existing_event_ids(const Client& client,
                                                     const std::string& device_id, Ticks first,
                                                     Ticks last,
                                                     const std::vector<std::int64_t>& event_ids);

}  // namespace spoor::store
