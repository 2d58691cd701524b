#pragma once
// Which rows of a timeline a call means. Internal to the module.

#include <functional>
#include <string_view>

#include "api/call.h"
#include "base/result.h"
#include "investigate/timeline.h"

namespace spoor::api {

/// Reads from, to, q, segment, groups, without_groups, action_types and flags by `value`, which
/// gives a parameter or a member of the body, null where it was not given. kInvalidInput names the
/// field.
Result<investigate::TimelineSelection> read_selection(
    investigate::DeviceKey device,
    const std::function<const json::Dynamic&(std::string_view)>& value);
/// The same of the call's parameters.
Result<investigate::TimelineSelection> read_selection(investigate::DeviceKey device,
                                                      const Call& call);

}  // namespace spoor::api
