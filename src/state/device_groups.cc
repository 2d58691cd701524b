#include "state/device_groups.h"

#include "state/core.h"

namespace spoor::state {

Result<std::vector<DeviceGroup>> DeviceGroups::list() {
  return core_.read([&](Database& database) -> Result<std::vector<DeviceGroup>> {
    Statement statement = TRY(database.prepare("SELECT id, name FROM device_groups ORDER BY id"));
    std::vector<DeviceGroup> groups;
    while (TRY(statement.step())) {
      groups.push_back({statement.text(0), statement.text(1)});
    }
    return groups;
  });
}

}  // namespace spoor::state
