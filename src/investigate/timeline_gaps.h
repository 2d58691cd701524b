#pragma once
// How many rows a page leaves out, and where. Internal to the module.

#include <optional>
#include <vector>

#include "investigate/device_key.h"
#include "investigate/device_views.h"

namespace spoor::investigate {

struct GapRequest {
  std::vector<Views::Cursor> shown;    ///< rows of the page, the oldest first
  std::optional<Views::Cursor> after;  ///< rows up to this place do not count; nothing: unknown
  std::optional<Views::Cursor> before;
};

/// Rows of the device between the places: before the first shown row, between each two, after the
/// last. The outer ones are nothing where their end is unknown, all where more than two million
/// rows lie in the span.
Result<std::vector<std::optional<std::int64_t>>> count_gaps(const Views& views,
                                                            const DeviceKey& device,
                                                            const GapRequest& request);

}  // namespace spoor::investigate
