#pragma once
// What people decide about devices: tags, value and criticality. Every change is a version that
// stays; a change of many devices has one id and is taken back as a whole.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {

class Core;

/// One version of what is decided about a device.
struct DeviceEdit {
  std::string device_id;
  std::int64_t version = 0;       ///< from 1 on; 0: nothing was decided yet
  std::vector<std::string> tags;  ///< sorted; no two are alike whatever the case (ASCII)
  std::string asset_value;        ///< Low, Normal, High; empty: not decided
  std::string criticality;        ///< Low, Medium, High, VeryHigh; empty: not decided
  std::string author;
  Ticks set = 0;  ///< rises with the version
  std::string change_id;
};

/// What is to be changed; the rest stays as it is.
struct DeviceChange {
  std::vector<std::string> add_tags;
  std::vector<std::string> remove_tags;  ///< those that it does not have are passed over
  std::optional<std::string> asset_value;
  std::optional<std::string> criticality;
};

/// Who changes, when, and the id by which the change is taken back.
struct ChangeOrigin {
  std::string author;
  Ticks now = 0;
  std::string change_id;  ///< 16 lower-case hex digits
};

struct DeviceEditChange {
  DeviceEdit before;
  DeviceEdit after;
  bool changed = true;  ///< false: it was so already, and no version was made
};

struct UndoneChange {
  std::vector<DeviceEditChange> restored;
  std::int64_t skipped = 0;  ///< devices that somebody has changed since
};

inline constexpr std::size_t kMaxTagsADevice = 100;
inline constexpr std::size_t kMaxTagBytes = 800;

/// Ids of devices are those of the device as it is now: the caller follows merges. Errors:
/// kInvalidInput for an id that is none, a tag or a value that is none.
class DeviceEdits {
 public:
  explicit DeviceEdits(Core& core) : core_(core) {}

  /// What stands; version 0 where nothing was decided.
  Result<DeviceEdit> newest(std::string_view device_id);
  /// The newest first.
  Result<std::vector<DeviceEdit>> versions(std::string_view device_id, int limit);

  /// `expected`, where given, is the version that the author saw: kConflict where there is a newer
  /// one. kLimit where the device would have too many tags.
  Result<DeviceEditChange> change(std::string_view device_id, const DeviceChange& change,
                                  const ChangeOrigin& origin,
                                  std::optional<std::int64_t> expected = {});
  /// Makes what an earlier version said the newest again; 0 is the state before the first.
  /// kNotFound where there is no such version.
  Result<DeviceEditChange> restore(std::string_view device_id, std::int64_t version,
                                   const ChangeOrigin& origin);
  /// Takes a change back on those of its devices that `is_seen` lets through and whose newest
  /// version it still is. kNotFound where it touched none that is seen.
  Result<UndoneChange> undo(std::string_view change_id,
                            const std::function<bool(std::string_view device_id)>& is_seen,
                            const ChangeOrigin& origin);

 private:
  Core& core_;
};

}  // namespace spoor::state
