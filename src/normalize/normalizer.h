#pragma once
// Records → rows of the hunting schema, by the mappings of schema/mappings/. One Normalizer a
// worker thread; the resolver and the process tables in its Context are shared.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/ticks.h"
#include "enrich/device_facts.h"
#include "enrich/device_identity.h"
#include "enrich/process_table.h"
#include "event/record.h"
#include "event/rows.h"

namespace spoor::normalize {

/// What all records of one job have in common.
struct Context {
  enrich::DeviceResolver& devices;
  enrich::ProcessTables& processes;
  std::string job_id;
  std::string reported_by;
  std::int64_t retention_class = 0;          ///< 0 imported evidence, 1 live telemetry
  std::function<Ticks()> clock = now_ticks;  ///< for IngestTime, and for what lies in the future
};

/// Who a record is. Views last until the normaliser is destroyed.
struct Identity {
  std::string_view device_id;
  std::string_view device_name;
  std::int64_t event_id = 0;
};

/// What became of a record.
struct Added {
  std::int64_t event_id = 0;
  bool is_mapped = false;  ///< a hunting table has a row of it
};

class Normalizer {
 public:
  explicit Normalizer(Context& context);
  ~Normalizer();

  /// Device and EventId of a record, for leaving out what is stored already; makes no rows.
  Identity identify(const event::Record& record);
  /// Adds the rows of a record: always one of DeviceSourceRecords, and those of its mapping where
  /// it has one.
  /// `data_json` is the record's data as append_data_json writes it.
  Added add(const event::Record& record, const Identity& identity, std::string_view data_json,
            event::Rows& rows);
  Added add(const event::Record& record, const Identity& identity, event::Rows& rows);
  Added add(const event::Record& record, event::Rows& rows) {
    return add(record, identify(record), rows);
  }

  /// What the records told of their devices; the caller merges those of all workers and emits them.
  [[nodiscard]] const enrich::DeviceFactTable& device_facts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// True for a time before 1990 or more than two years after `now`: such rows go to quarantine
/// (RetentionClass 2).
bool is_absurd_time(Ticks time, Ticks now);

}  // namespace spoor::normalize
