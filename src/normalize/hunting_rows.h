#pragma once
// Records that are rows of the hunting schema already, handed over by another product: each column
// goes to the column of its name.

#include <cstdint>
#include <span>

#include "base/ticks.h"
#include "enrich/process_table.h"
#include "event/record.h"
#include "event/rows.h"
#include "normalize/process_columns.h"

namespace spoor::normalize {

struct Identity;

/// True for a record of source kind "hunting".
bool is_hunting_row(const event::Record& record);

/// What the normaliser knows beside the record.
struct HuntingContext {
  const Identity& identity;
  Ticks ingest_time = 0;
  std::int64_t retention_class = 0;
  enrich::ProcessTable& processes;
  std::span<const ProcessColumns> process_columns;  ///< by table
};

/// Adds the rows: one of the table that the channel names ("AdvancedHunting-DeviceFileEvents"), and
/// of events one of DeviceTimeline; "AdvancedHunting-Alert" is one of AlertInfo and one of
/// AlertEvidence. The device is Spoor's own, whatever id the row came with. False where the table
/// is none of ours.
bool add_hunting_rows(const event::Record& record, const HuntingContext& context,
                      event::Rows& rows);

}  // namespace spoor::normalize
