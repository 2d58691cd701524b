#include "investigate/mark_rows.h"

namespace spoor::investigate {
namespace {

void add_row(event::Batch& batch, const state::Mark& mark, std::string_view value, Ticks set,
             bool removed) {
  namespace c = schema::device_marks;
  batch.begin_row();
  batch.set_text(c::kDeviceId, mark.event.device_id);
  batch.set_number(c::kEventId, mark.event.event_id);
  batch.set_number(c::kTimestamp, mark.event.time);
  batch.set_text(c::kKind, state::mark_kind_name(mark.kind));
  batch.set_text(c::kValue, value);
  batch.set_text(c::kSetBy, mark.author);
  batch.set_number(c::kSetTime, set);
  batch.set_number(c::kRemoved, removed ? 1 : 0);
}

}  // namespace

void add_mark_rows(event::Rows& rows, const state::MarkChange& change) {
  if (!change.changed) {
    return;
  }
  event::Batch& batch = rows[schema::TableId::kDeviceMarks];
  // A value is part of the row's key, so the one before is taken away by a row of its own, an
  // instant earlier: the newest row of an event tells of its mark.
  if (!change.replaced.empty()) {
    add_row(batch, change.mark, change.replaced, change.mark.set - 1, true);
  }
  if (!change.mark.value.empty()) {
    add_row(batch, change.mark, change.mark.value, change.mark.set, false);
  }
}

}  // namespace spoor::investigate
