#pragma once
// The strip above a timeline as an answer. Internal to the module.

#include <string>

#include "investigate/timeline_overview.h"

namespace spoor::api {

std::string overview_body(const investigate::TimelineOverview& overview);

}  // namespace spoor::api
