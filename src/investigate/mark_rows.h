#pragma once
// Marks as rows of DeviceMarks, so that plans can filter by them.

#include "event/rows.h"
#include "state/device_edits.h"
#include "state/marks.h"

namespace spoor::investigate {

/// Adds the rows that bring DeviceMarks to what `change` says; none where nothing changed. The
/// caller stores them (store::Appender::append) after the change is on disk in state.
void add_mark_rows(event::Rows& rows, const state::MarkChange& change);

/// The same for what people decided about a device: a row for each tag, for the value and the
/// criticality, with event id 0. All that stands is written anew, so that a row that was lost is
/// there again after the next change; `before` says what is to be taken away.
void add_device_edit_rows(event::Rows& rows, const state::DeviceEdit& before,
                          const state::DeviceEdit& after);

}  // namespace spoor::investigate
