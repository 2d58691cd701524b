#pragma once
// What people decided about devices, as telemetry knows it. Internal to the module.

#include <span>

#include "api/services.h"
#include "base/result.h"
#include "state/device_edits.h"

namespace spoor::api {

/// Brings the mirror in telemetry, which lists and queries read, to what the changes say. They are
/// on disk in the state already.
Result<void> mirror_edits(const Services& services,
                          std::span<const state::DeviceEditChange> changes);

}  // namespace spoor::api
