// Flags and notes.

#include <algorithm>

#include "api/cursor.h"
#include "api/device_scope.h"
#include "api/handlers.h"
#include "api/recording.h"
#include "api/write_json.h"
#include "event/rows.h"
#include "investigate/event_detail.h"
#include "investigate/mark_rows.h"
#include "state/state.h"
#include "store/appender.h"

namespace spoor::api {
namespace {

using state::MarkKind;

constexpr std::string_view kList = "marks";
constexpr std::string_view kMyFlags = "my_flags";

void write_mark(json::Writer& writer, const state::Mark& mark) {
  writer.begin_object().key("DeviceId").string(mark.event.device_id);
  write_key(writer, "EventId", mark.event.event_id);
  write_time(writer, "Timestamp", mark.event.time);
  writer.key("kind").string(state::mark_kind_name(mark.kind)).key("version").number(mark.version);
  writer.key("value").string(mark.value).key("author").string(mark.author);
  write_time(writer, "set", mark.set);
  writer.end_object();
}

/// The event of the path as it is stored: it must be there, and the caller must see its device.
Result<state::MarkedEvent> event_of(const Services& services, Call& call) {
  const auto device = TRY(device_of(services, call));
  const auto event =
      TRY(investigate::event_detail(views_of(services, call), device, TRY(call.key("event_id"))));
  return state::MarkedEvent{event.row.device_id, event.row.event_id, event.row.time};
}

/// A change of a mark: on disk in the state with its audit entry, then mirrored for queries.
Result<Reply> change(const Services& services, Call& call, std::string_view action,
                     const std::function<Result<state::MarkChange>()>& effect) {
  state::MarkChange change;
  TRY_VOID(record_with(services, call, action, [&]() -> Result<void> {
    change = TRY(effect());
    return {};
  }));
  event::Rows rows;
  investigate::add_mark_rows(rows, change);
  if (rows.row_count() > 0) {
    TRY_VOID(services.appender.append(rows.batches()));
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("mark");
  write_mark(writer, change.mark);
  writer.key("replaced")
      .string(change.replaced)
      .key("changed")
      .boolean(change.changed)
      .end_object();
  return Reply::json(std::move(out));
}

void note_event(Call& call, std::string_view value) {
  std::string detail;
  json::Writer(detail)
      .begin_object()
      .key("event_id")
      .string(call.text("event_id"))
      .key("value")
      .string(value)
      .end_object();
  call.note(call.text("device_id"), std::move(detail));
}

Result<Reply> set(const Services& services, Call& call, MarkKind kind, std::string_view value,
                  std::string_view action) {
  note_event(call, value);
  const auto event = TRY(event_of(services, call));
  const auto* expected = call.body().find("expected");
  return change(services, call, action, [&] {
    return services.state.marks().set(
        event, kind, value, call.caller().actor(), now_ticks(),
        expected != nullptr ? std::optional(expected->int_or(0)) : std::nullopt);
  });
}

Result<Reply> undo(const Services& services, Call& call, MarkKind kind, std::string_view action) {
  const std::int64_t version = call.body()["version"].int_or(0);
  note_event(call, "version " + std::to_string(version));
  const auto event = TRY(event_of(services, call));
  return change(services, call, action, [&] {
    return services.state.marks().restore(event.device_id, event.event_id, kind, version,
                                          call.caller().actor(), now_ticks());
  });
}

Result<Reply> versions(const Services& services, Call& call, MarkKind kind) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto device = TRY(device_of(services, call));
  const std::int64_t event_id = TRY(call.key("event_id"));
  std::vector<state::Mark> found;
  for (const std::string& id : device.ids) {
    const auto of_id = TRY(services.state.marks().versions(id, event_id, kind));
    found.insert(found.end(), of_id.begin(), of_id.end());
  }
  return Reply::json(list_body(found, "", write_mark));
}

Result<Reply> list_marks(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto device = TRY(device_of(services, call));
  Ticks before_time = kMaxTicks;
  std::int64_t before_event = INT64_MAX;
  if (call.has("cursor")) {
    const auto parts = TRY(decode_cursor(kList, call.text("cursor"), 2));
    before_time = TRY(cursor_number(parts[0]));
    before_event = TRY(cursor_number(parts[1]));
  }
  const int limit = static_cast<int>(call.integer("limit"));
  const auto marks =
      TRY(services.state.marks().of_devices(device.ids, limit, before_time, before_event));
  std::string next;
  if (static_cast<int>(marks.size()) == limit) {
    next = encode_cursor(kList, {std::to_string(marks.back().event.time),
                                 std::to_string(marks.back().event.event_id)});
  }
  return Reply::json(list_body(marks, next, write_mark));
}

struct SeenFlag {
  state::Device device;
  state::Mark mark;
};

void write_flag(json::Writer& writer, const SeenFlag& flag) {
  writer.begin_object().key("device_id").string(flag.device.device_id);
  writer.key("device_name").string(flag.device.name).key("mark");
  write_mark(writer, flag.mark);
  writer.end_object();
}

/// The device of a mark, where the caller may see the rows that it is about.
Result<std::optional<state::Device>> seen_device(const Services& services, const Call& call,
                                                 const state::Mark& mark) {
  const auto key =
      investigate::find_device(services.state.devices(), call.caller().scope, mark.event.device_id);
  if (!key) {
    return key.error().code == ErrorCode::kNotFound ? Result<std::optional<state::Device>>()
                                                    : fail(key.error());
  }
  if (std::ranges::find(key->ids, mark.event.device_id) == key->ids.end()) {
    return std::nullopt;
  }
  return services.state.devices().get(key->id);
}

Result<Reply> list_my_flags(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  std::optional<state::Mark> last;
  if (call.has("cursor")) {
    auto parts = TRY(decode_cursor(kMyFlags, call.text("cursor"), 3));
    last.emplace();
    last->set = TRY(cursor_number(parts[0]));
    last->event.device_id = std::move(parts[1]);
    last->event.event_id = TRY(cursor_number(parts[2]));
  }
  const auto limit = static_cast<std::size_t>(call.integer("limit"));
  std::vector<SeenFlag> flags;
  std::string next;
  // One more than is asked for tells whether there is a next page; those of devices that are no
  // longer seen are passed over.
  std::vector<state::Mark> marks;
  do {
    marks = TRY(
        services.state.marks().flags_by(call.caller().actor(), static_cast<int>(limit) + 1, last));
    for (const state::Mark& mark : marks) {
      auto device = TRY(seen_device(services, call, mark));
      if (device && flags.size() == limit) {
        const state::Mark& place = flags.back().mark;
        next = encode_cursor(kMyFlags, {std::to_string(place.set), place.event.device_id,
                                        std::to_string(place.event.event_id)});
        break;
      }
      if (device) {
        flags.push_back({*std::move(device), mark});
      }
      last = mark;
    }
  } while (next.empty() && marks.size() > limit);
  return Reply::json(list_body(flags, next, write_flag));
}

Result<Reply> set_flag(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kFlagsWrite));
  return set(services, call, MarkKind::kFlag, call.body()["colour"].text_or(""), "flag.set");
}

Result<Reply> remove_flag(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kFlagsWrite));
  return set(services, call, MarkKind::kFlag, "", "flag.remove");
}

Result<Reply> undo_flag(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kFlagsWrite));
  return undo(services, call, MarkKind::kFlag, "flag.undo");
}

Result<Reply> set_note(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kNotesWrite));
  return set(services, call, MarkKind::kNote, call.body()["text"].text_or(""), "note.set");
}

Result<Reply> remove_note(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kNotesWrite));
  return set(services, call, MarkKind::kNote, "", "note.remove");
}

Result<Reply> undo_note(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kNotesWrite));
  return undo(services, call, MarkKind::kNote, "note.undo");
}

Result<Reply> list_flag_versions(const Services& services, Call& call) {
  return versions(services, call, MarkKind::kFlag);
}
Result<Reply> list_note_versions(const Services& services, Call& call) {
  return versions(services, call, MarkKind::kNote);
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListMarks, list_marks, ""},
    {OperationId::kListMyFlags, list_my_flags, ""},
    {OperationId::kListFlagVersions, list_flag_versions, ""},
    {OperationId::kListNoteVersions, list_note_versions, ""},
    {OperationId::kSetFlag, set_flag, "flag.set"},
    {OperationId::kRemoveFlag, remove_flag, "flag.remove"},
    {OperationId::kUndoFlag, undo_flag, "flag.undo"},
    {OperationId::kSetNote, set_note, "note.set"},
    {OperationId::kRemoveNote, remove_note, "note.remove"},
    {OperationId::kUndoNote, undo_note, "note.undo"},
};

}  // namespace

std::span<const HandlerEntry> mark_handlers() { return kHandlers; }

}  // namespace spoor::api
