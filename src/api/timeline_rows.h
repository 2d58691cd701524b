#pragma once
// A row of the timeline as a member of answers. Internal to the module.

#include "investigate/timeline.h"
#include "json/writer.h"

namespace spoor::api {

void write_timeline_row(json::Writer& writer, const investigate::TimelineRow& row);

}  // namespace spoor::api
