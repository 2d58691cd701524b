#pragma once
// Marks as rows of DeviceMarks, so that plans can filter by them.

#include "event/rows.h"
#include "state/marks.h"

namespace spoor::investigate {

/// Adds the rows that bring DeviceMarks to what `change` says; none where nothing changed. The
/// caller stores them (store::Appender::append) after the change is on disk in state.
void add_mark_rows(event::Rows& rows, const state::MarkChange& change);

}  // namespace spoor::investigate
