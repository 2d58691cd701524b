#include "investigate/device_key.h"

#include <algorithm>

namespace spoor::investigate {
namespace {

std::unexpected<Error> no_such_device(std::string_view device_id) {
  return fail(
      Error::make(ErrorCode::kNotFound, "there is no such device").at(std::string(device_id)));
}

bool may_read(const kql::AccessScope& scope, std::string_view device_id) {
  return scope.all || std::ranges::find(scope.device_ids_or_groups, device_id) !=
                          scope.device_ids_or_groups.end();
}

}  // namespace

Result<DeviceKey> find_device(state::Devices& devices, const kql::AccessScope& scope,
                              std::string_view device_id) {
  const auto device = TRY(devices.get(device_id));
  if (!device) {
    return no_such_device(device_id);
  }
  DeviceKey key{device->device_id, {}, device->first_seen, device->last_seen};
  if (may_read(scope, device->device_id)) {
    key.ids.push_back(device->device_id);
  }
  for (const std::string& part : device->merged_ids) {
    if (may_read(scope, part)) {
      key.ids.push_back(part);
    }
  }
  if (key.ids.empty()) {
    return no_such_device(device_id);
  }
  return key;
}

Result<DeviceKey> device_key(const kql::AccessScope& scope, std::string_view device_id) {
  if (!may_read(scope, device_id)) {
    return no_such_device(device_id);
  }
  DeviceKey key;
  key.id = device_id;
  key.ids.emplace_back(device_id);
  return key;
}

}  // namespace spoor::investigate
