#pragma once
// Devices and the names that lead to them. A device id never changes once given; what is learnt
// later (two devices are one, one is two) is kept beside it and can be taken back.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {

class Core;

/// A name by which sources speak of a device. Kinds are "fqdn", "netbios", "sid", "machine_guid",
/// "sensor", …
struct Alias {
  std::string kind;
  std::string value;  ///< compared and stored in lower case (ASCII)
  auto operator<=>(const Alias&) const = default;
};

/// A device as people see it: with the devices that were merged into it.
struct Device {
  std::string device_id;  ///< 40 lower-case hex digits
  std::string name;
  Ticks first_seen = 0;  ///< earliest of itself and what was merged into it
  Ticks last_seen = 0;
  Ticks created = 0;  ///< when it became known here
  std::vector<std::string>
      merged_ids;  ///< ids of the devices merged into it, sorted; rows of telemetry keep them
};

/// What `Devices::resolve` decided.
struct Resolution {
  std::string device_id;
  bool is_new = false;
  std::vector<Alias>
      conflicting;  ///< evidence that belongs to other devices already, and stays with them
};

/// Errors: kInvalidInput for an id that is not 40 lower-case hex digits or an empty kind or value,
/// kNotFound for a device that is not there.
class Devices {
 public:
  explicit Devices(Core& core) : core_(core) {}

  /// Adds the device, or widens the time in which it was seen and takes over the name where it was
  /// seen last.
  Result<void> see(std::string_view device_id, std::string_view name, Ticks first_seen,
                   Ticks last_seen);
  /// The device that the evidence speaks of: that of the first alias known (give the strongest
  /// first), else a new one with `new_device_id`. Aliases not yet known become its own; the time is
  /// noted. One transaction.
  Result<Resolution> resolve(std::span<const Alias> evidence, std::string_view new_device_id,
                             std::string_view name, Ticks first_seen, Ticks last_seen);

  /// kConflict where the alias belongs to another device.
  Result<void> add_alias(std::string_view device_id, const Alias& alias);
  /// The device that the alias leads to, past merges; nothing where it is not known.
  Result<std::optional<std::string>> find_by_alias(const Alias& alias);
  /// All names of the device and of those merged into it, sorted.
  Result<std::vector<Alias>> aliases(std::string_view device_id);

  /// The id of the device that this one is a part of now (itself where it was not merged).
  Result<std::string> current_id(std::string_view device_id);
  /// The device that this id is a part of now; nothing where the id is not known.
  Result<std::optional<Device>> get(std::string_view device_id);
  /// All devices, by id; those merged into others appear as parts of them.
  Result<std::vector<Device>> list();

  /// Makes the device `part` (and what is merged into it) a part of `whole`. kConflict where they
  /// are one already.
  Result<void> merge(std::string_view part, std::string_view whole);
  /// Takes a merge back: `part` is a device of its own again, with the names it came with.
  /// kConflict where it is not merged.
  Result<void> unmerge(std::string_view part);
  /// Makes a new device of some names of another: for evidence of two devices that was taken for
  /// one. kNotFound where a name is not one of `from`'s own, kConflict where `new_device_id`
  /// exists.
  Result<void> split(std::string_view from, std::span<const Alias> names,
                     std::string_view new_device_id, std::string_view name, Ticks first_seen,
                     Ticks last_seen);

 private:
  Core& core_;
};

}  // namespace spoor::state
