#include "api/device_scope.h"

#include <algorithm>

#include "kql/exec/kept_answers.h"
#include "kql/exec/store_runner.h"
#include "state/state.h"

namespace spoor::api {

investigate::Views views_of(const Services& services, const Call& call) {
  kql::Runner runner = kql::store_runner(services.hunter);
  if (services.answers != nullptr) {
    runner = services.answers->over(std::move(runner));
  }
  return {std::move(runner), call.caller().scope};
}

Result<investigate::DeviceKey> device_of(const Services& services, const Call& call) {
  return investigate::find_device(services.state.devices(), call.caller().scope,
                                  call.text("device_id"));
}

bool sees_whole(const investigate::DeviceKey& device) {
  return std::ranges::find(device.ids, device.id) != device.ids.end();
}

}  // namespace spoor::api
