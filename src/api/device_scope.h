#pragma once
// The device of a call, as its caller may see it. Internal to the module.

#include "api/call.h"
#include "api/services.h"
#include "base/result.h"
#include "investigate/device_key.h"
#include "investigate/device_views.h"

namespace spoor::api {

/// The views, for this caller.
investigate::Views views_of(const Services& services, const Call& call);
/// The device of the path. kNotFound for one that is not there or not to be seen.
Result<investigate::DeviceKey> device_of(const Services& services, const Call& call);

/// Whether the caller may see the device itself, and not only devices that were merged into it:
/// what is decided about it is kept under its own id.
bool sees_whole(const investigate::DeviceKey& device);

}  // namespace spoor::api
