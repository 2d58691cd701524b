#pragma once
// Device groups: which devices a person may see is told by groups. There is one group so far,
// "all".

#include <string>
#include <vector>

#include "base/result.h"

namespace spoor::state {

class Core;

/// Id of the group that every device belongs to.
inline constexpr const char* kAllDevices = "all";

struct DeviceGroup {
  std::string id;
  std::string name;
};

class DeviceGroups {
 public:
  explicit DeviceGroups(Core& core) : core_(core) {}

  /// All groups, by id.
  Result<std::vector<DeviceGroup>> list();

 private:
  Core& core_;
};

}  // namespace spoor::state
