#include "api/device_edit_mirror.h"

#include "event/rows.h"
#include "investigate/mark_rows.h"
#include "store/appender.h"

namespace spoor::api {

Result<void> mirror_edits(const Services& services,
                          std::span<const state::DeviceEditChange> changes) {
  event::Rows rows;
  for (const state::DeviceEditChange& change : changes) {
    if (change.changed) {
      investigate::add_device_edit_rows(rows, change.before, change.after);
    }
  }
  if (rows.row_count() > 0) {
    TRY(services.appender.append(rows.batches()));
  }
  return {};
}

}  // namespace spoor::api
