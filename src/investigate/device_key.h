#pragma once
// A device as a caller may see it. Rows of telemetry keep the id they were stored with, so a device
// that others were merged into is read under several ids.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "kql/kql.h"
#include "state/devices.h"

namespace spoor::investigate {

struct DeviceKey {
  std::string id;                ///< of the device as it is now
  std::vector<std::string> ids;  ///< under which its rows lie and the caller may read; never empty
  /// About when its events begin and end, as state tells: where to look first, never a bound. 0:
  /// unknown.
  Ticks first_seen = 0;
  Ticks last_seen = 0;
};

/// The device that this id (of its own, or of one merged into it) belongs to. kNotFound where there
/// is none, and in the same words where `scope` does not hold it: a caller cannot tell the two
/// apart.
Result<DeviceKey> find_device(state::Devices& devices, const kql::AccessScope& scope,
                              std::string_view device_id);

/// A key of one id for telemetry that state does not know of (command line, tests). kNotFound as
/// above where `scope` does not hold it.
Result<DeviceKey> device_key(const kql::AccessScope& scope, std::string_view device_id);

}  // namespace spoor::investigate
