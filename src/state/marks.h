#pragma once
// What people put on events: a flag in one of four colours, and a note. Every change is a version
// that stays; taking one back makes an earlier version the newest again.

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

enum class MarkKind : std::uint8_t { kFlag = 1, kNote = 2 };

/// "flag", "note".
std::string_view mark_kind_name(MarkKind kind);

/// What a mark is on.
struct MarkedEvent {
  std::string device_id;  ///< the id that the event's row has in telemetry
  std::int64_t event_id = 0;
  Ticks time = 0;  ///< of the event
};

/// One version of a mark.
struct Mark {
  MarkedEvent event;
  MarkKind kind = MarkKind::kFlag;
  std::int64_t version = 0;  ///< from 1 on
  std::string value;         ///< red, yellow, green, blue; text of a note; empty: taken away
  std::string author;
  Ticks set = 0;  ///< rises with the version
};

/// The version that a call made, and the value it replaced (for the mirror in telemetry).
struct MarkChange {
  Mark mark;
  std::string replaced;  ///< empty: there was none
  bool changed = true;   ///< false: it had this value already, and no version was made
};

inline constexpr std::size_t kMaxNoteBytes = 10'000;

class Marks {
 public:
  explicit Marks(Core& core) : core_(core) {}

  /// Sets a flag or a note; an empty value takes it away. `expected`, where given, is the version
  /// that the author saw (0: none): kConflict where there is a newer one. kInvalidInput for an
  /// unknown colour, a note that is too long or not UTF-8, an event id of 0.
  Result<MarkChange> set(const MarkedEvent& event, MarkKind kind, std::string_view value,
                         std::string_view author, Ticks now,
                         std::optional<std::int64_t> expected = {});
  /// Makes the value of an earlier version the newest again; version 0 is the state before the
  /// first. kNotFound where there is no such version.
  Result<MarkChange> restore(std::string_view device_id, std::int64_t event_id, MarkKind kind,
                             std::int64_t version, std::string_view author, Ticks now);

  /// All versions of a mark, the newest first.
  Result<std::vector<Mark>> versions(std::string_view device_id, std::int64_t event_id,
                                     MarkKind kind);
  /// The marks that stand on these events of a device, by event and kind.
  Result<std::vector<Mark>> of_events(std::span<const std::string> device_ids,
                                      std::span<const std::int64_t> event_ids);
  /// The marks that stand on events of these devices, by time of the event, the latest first; up to
  /// `limit` of those before the place given.
  Result<std::vector<Mark>> of_devices(std::span<const std::string> device_ids, int limit,
                                       Ticks before_time = kMaxTicks,
                                       std::int64_t before_event = INT64_MAX);
  /// The flags that stand and were set by this author last, the last set first; up to `limit` of
  /// those before the place given, which is that of an earlier answer's last.
  Result<std::vector<Mark>> flags_by(std::string_view author, int limit,
                                     const std::optional<Mark>& before = {});

 private:
  Core& core_;
};

}  // namespace spoor::state
