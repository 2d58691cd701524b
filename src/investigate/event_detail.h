#pragma once
// One event with all that is stored of it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_key.h"
#include "investigate/timeline.h"
#include "kql/exec/executor.h"

namespace spoor::investigate {

struct EventField {
  kql::ResultColumn column;
  kql::Constant value;     ///< null where absent
  bool is_hidden = false;  ///< ours beside the hunting schema (EventId, keys, …)
};

struct EventRow {
  std::string table;
  std::vector<EventField> fields;  ///< in the order of the schema, absent ones too
};

struct EventDetail {
  TimelineRow row;               ///< as the timeline shows it
  std::vector<EventRow> tables;  ///< rows of hunting tables, by table; several at times
  std::vector<EventRow> techniques;
  std::vector<EventRow> evidence;    ///< of alerts
  std::optional<EventRow> original;  ///< of DeviceSourceRecords; nothing where it was removed
};

/// `time`, where known, makes the look-up cheaper; an event at another time is still found.
/// kNotFound where the device has no such event.
Result<EventDetail> event_detail(const Views& views, const DeviceKey& device, std::int64_t event_id,
                                 std::optional<Ticks> time = {});

}  // namespace spoor::investigate
