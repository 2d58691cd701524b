#pragma once
// The plan that all views of devices begin with. Internal to the module.

#include <string>

#include "investigate/device_list.h"
#include "investigate/plan_text.h"

namespace spoor::investigate {

/// A table of devices with the fields of FilterSubject::kDevices, one row each; devices that were
/// merged are one.
std::string device_table(const MergedDevices& merged, Arguments& arguments);

inline constexpr std::string_view kDeviceColumns =
    "DeviceId, DeviceName, OSPlatform, OSVersion, Domain, Address, DeviceType, Health, Tags, "
    "FirstSeen, LastSeen, Parts";
DeviceRow read_device(const kql::Row& cells);

}  // namespace spoor::investigate
