#include "investigate/mark_rows.h"

#include <algorithm>

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

/// What an edit says, as kinds and values of rows.
std::vector<std::pair<std::string_view, std::string_view>> values_of(
    const state::DeviceEdit& edit) {
  std::vector<std::pair<std::string_view, std::string_view>> values;
  for (const std::string& tag : edit.tags) {
    values.emplace_back("tag", tag);
  }
  if (!edit.asset_value.empty()) {
    values.emplace_back("asset_value", edit.asset_value);
  }
  if (!edit.criticality.empty()) {
    values.emplace_back("criticality", edit.criticality);
  }
  return values;
}

void add_device_row(event::Batch& batch, const state::DeviceEdit& edit,
                    const std::pair<std::string_view, std::string_view>& value, bool removed) {
  namespace c = schema::device_marks;
  batch.begin_row();
  batch.set_text(c::kDeviceId, edit.device_id);
  batch.set_text(c::kKind, value.first);
  batch.set_text(c::kValue, value.second);
  batch.set_text(c::kSetBy, edit.author);
  batch.set_number(c::kSetTime, edit.set - (removed ? 1 : 0));
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

void add_device_edit_rows(event::Rows& rows, const state::DeviceEdit& before,
                          const state::DeviceEdit& after) {
  event::Batch& batch = rows[schema::TableId::kDeviceMarks];
  const auto standing = values_of(after);
  for (const auto& value : values_of(before)) {
    if (std::ranges::find(standing, value) == standing.end()) {
      add_device_row(batch, after, value, true);
    }
  }
  for (const auto& value : standing) {
    add_device_row(batch, after, value, false);
  }
}

}  // namespace spoor::investigate
