#pragma once
// Writes what is known of the processes of an event into the columns that a table has for it.

#include <array>
#include <cstdint>

#include "enrich/process_table.h"
#include "event/batch.h"
#include "normalize/plan.h"
#include "schema/schema.h"

namespace spoor::normalize {

/// Ordinals of one table's process columns, kNone where it has none.
class ProcessColumns {
 public:
  explicit ProcessColumns(const schema::Table& table);

  /// Keys, ancestry and the InitiatingProcess* columns. `said` is what the record itself says,
  /// which goes first.
  void write_acting(event::Batch& batch, const enrich::ProcessView& process,
                    const enrich::ProcessEvidence& said) const;
  /// Key and creation time of the process the event is about; with `describe` also what is known of
  /// it.
  void write_subject(event::Batch& batch, const enrich::ProcessView& process, bool describe) const;

 private:
  std::uint16_t process_key, process_unique_id, process_creation_time, process_command_line;
  std::uint16_t sha1, sha256, md5;
  std::uint16_t acting_key, acting_unique_id, ancestors;
  std::uint16_t acting_id, acting_creation_time, acting_file_name, acting_folder_path,
      acting_command_line;
  std::uint16_t acting_domain, acting_account, acting_sid, acting_logon_id, acting_integrity,
      acting_elevation;
  std::uint16_t acting_sha1, acting_sha256, acting_md5;
  std::uint16_t parent_id, parent_file_name, parent_creation_time;
};

}  // namespace spoor::normalize
