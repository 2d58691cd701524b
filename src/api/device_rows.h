#pragma once
// Devices as members of answers. Internal to the module.

#include "investigate/device_list.h"
#include "json/writer.h"
#include "state/device_edits.h"
#include "state/devices.h"

namespace spoor::api {

void write_device_row(json::Writer& writer, const investigate::DeviceRow& row);
void write_device_edit(json::Writer& writer, const state::DeviceEdit& edit);
void write_gap(json::Writer& writer, const investigate::CoverageGap& gap);
void write_alias(json::Writer& writer, const state::Alias& alias);

}  // namespace spoor::api
