#include "state/marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "json/writer.h"
#include "state/core.h"

namespace spoor::state {
namespace {

constexpr std::array<std::string_view, 4> kColours = {"red", "yellow", "green", "blue"};

Result<void> check(const MarkedEvent& event, MarkKind kind, std::string_view value) {
  if (event.event_id == 0 || event.device_id.empty()) {
    return fail(ErrorCode::kInvalidInput, "a mark is put on an event of a device");
  }
  if (kind == MarkKind::kFlag && !value.empty() &&
      std::ranges::find(kColours, value) == kColours.end()) {
    return fail(
        Error::make(ErrorCode::kInvalidInput, fmt::format("'{}' is no colour of a flag", value))
            .with_hint("red, yellow, green or blue"));
  }
  if (value.size() > kMaxNoteBytes) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a note has at most {} bytes", kMaxNoteBytes));
  }
  if (!is_valid_utf8(value)) {
    return fail(ErrorCode::kInvalidInput, "a note is text in UTF-8");
  }
  return {};
}

constexpr std::string_view kColumns =
    "device_id, event_id, event_time, kind, version, value, author, set_time";

Mark read_mark(const Statement& row) {
  Mark mark;
  mark.event = {row.text(0), row.integer(1), row.integer(2)};
  mark.kind = row.text(3) == "note" ? MarkKind::kNote : MarkKind::kFlag;
  mark.version = row.integer(4);
  mark.value = row.text(5);
  mark.author = row.text(6);
  mark.set = row.integer(7);
  return mark;
}

Result<std::vector<Mark>> read_all(Statement& rows) {
  std::vector<Mark> marks;
  while (TRY(rows.step())) {
    marks.push_back(read_mark(rows));
  }
  return marks;
}

Result<std::optional<Mark>> version_of(Database& database, std::string_view device_id,
                                       std::int64_t event_id, MarkKind kind, std::int64_t at_most) {
  static const std::string kSql = fmt::format(
      "SELECT {} FROM marks WHERE device_id = ? AND event_id = ? AND kind = ? AND version <= ?"
      " ORDER BY version DESC LIMIT 1",
      kColumns);
  Statement row = TRY(database.prepare(kSql));
  row.bind(device_id).bind(event_id).bind(mark_kind_name(kind)).bind(at_most);
  if (!TRY(row.step())) {
    return std::nullopt;
  }
  return read_mark(row);
}

Result<MarkChange> add_version(Database& database, const MarkedEvent& event, MarkKind kind,
                               std::string_view value, std::string_view author, Ticks now,
                               const std::optional<Mark>& last) {
  MarkChange change;
  change.replaced = last ? last->value : "";
  if (change.replaced == value) {
    change.changed = false;
    change.mark = last ? *last : Mark{event, kind, 0, "", std::string(author), now};
    return change;
  }
  change.mark = {event, kind, 1, std::string(value), std::string(author), now};
  if (last) {
    // Two instants apart: what a version replaces is noted one instant before it.
    change.mark.version = last->version + 1;
    change.mark.set = std::max(now, last->set + 2);
  }
  Statement row =
      TRY(database.prepare("INSERT INTO marks(device_id, event_id, event_time, kind, version, "
                           "value, author, set_time) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  row.bind(event.device_id).bind(event.event_id).bind(event.time).bind(mark_kind_name(kind));
  row.bind(change.mark.version).bind(value).bind(author).bind(change.mark.set);
  TRY_VOID(row.run());
  return change;
}

std::string json_of(std::span<const std::string> texts) {
  std::string json;
  json::Writer list(json);
  list.begin_array();
  for (const std::string& text : texts) {
    list.string(text);
  }
  list.end_array();
  return json;
}

}  // namespace

std::string_view mark_kind_name(MarkKind kind) { return kind == MarkKind::kFlag ? "flag" : "note"; }

Result<MarkChange> Marks::set(const MarkedEvent& event, MarkKind kind, std::string_view value,
                              std::string_view author, Ticks now,
                              std::optional<std::int64_t> expected) {
  TRY_VOID(check(event, kind, value));
  return core_.write([&](Database& database) -> Result<MarkChange> {
    const auto last = TRY(version_of(database, event.device_id, event.event_id, kind, INT64_MAX));
    const std::int64_t version = last ? last->version : 0;
    if (expected && *expected != version) {
      return fail(Error::make(ErrorCode::kConflict,
                              fmt::format("the {} was changed by {}", mark_kind_name(kind),
                                          last ? last->author : "somebody"))
                      .with_hint("read it again"));
    }
    return add_version(database, event, kind, value, author, now, last);
  });
}

Result<MarkChange> Marks::restore(std::string_view device_id, std::int64_t event_id, MarkKind kind,
                                  std::int64_t version, std::string_view author, Ticks now) {
  return core_.write([&](Database& database) -> Result<MarkChange> {
    const auto last = TRY(version_of(database, device_id, event_id, kind, INT64_MAX));
    const auto wanted = TRY(version_of(database, device_id, event_id, kind, version));
    if (!last || version < 0 || (version > 0 && (!wanted || wanted->version != version))) {
      return fail(ErrorCode::kNotFound,
                  fmt::format("the {} has no version {}", mark_kind_name(kind), version));
    }
    return add_version(database, last->event, kind, version == 0 ? "" : wanted->value, author, now,
                       last);
  });
}

Result<std::vector<Mark>> Marks::versions(std::string_view device_id, std::int64_t event_id,
                                          MarkKind kind) {
  return core_.read([&](Database& database) -> Result<std::vector<Mark>> {
    static const std::string kSql = fmt::format(
        "SELECT {} FROM marks WHERE device_id = ? AND event_id = ? AND kind = ?"
        " ORDER BY version DESC",
        kColumns);
    Statement rows = TRY(database.prepare(kSql));
    rows.bind(device_id).bind(event_id).bind(mark_kind_name(kind));
    return read_all(rows);
  });
}

Result<std::vector<Mark>> Marks::of_events(std::span<const std::string> device_ids,
                                           std::span<const std::int64_t> event_ids) {
  return core_.read([&](Database& database) -> Result<std::vector<Mark>> {
    static const std::string kSql = fmt::format(
        "SELECT {} FROM marks AS m WHERE device_id IN (SELECT value FROM json_each(?))"
        " AND event_id IN (SELECT value FROM json_each(?)) AND value <> '' AND version ="
        " (SELECT max(version) FROM marks AS n WHERE n.device_id = m.device_id AND n.event_id ="
        " m.event_id AND n.kind = m.kind) ORDER BY event_id, kind",
        kColumns);
    Statement rows = TRY(database.prepare(kSql));
    rows.bind(json_of(device_ids)).bind(fmt::format("[{}]", fmt::join(event_ids, ",")));
    return read_all(rows);
  });
}

Result<std::vector<Mark>> Marks::of_devices(std::span<const std::string> device_ids, int limit,
                                            Ticks before_time, std::int64_t before_event) {
  return core_.read([&](Database& database) -> Result<std::vector<Mark>> {
    static const std::string kSql = fmt::format(
        "SELECT {} FROM marks AS m WHERE device_id IN (SELECT value FROM json_each(?1))"
        " AND value <> '' AND (event_time, event_id) < (?2, ?3) AND version ="
        " (SELECT max(version) FROM marks AS n WHERE n.device_id = m.device_id AND n.event_id ="
        " m.event_id AND n.kind = m.kind) ORDER BY event_time DESC, event_id DESC, kind LIMIT ?4",
        kColumns);
    Statement rows = TRY(database.prepare(kSql));
    rows.bind(json_of(device_ids)).bind(before_time).bind(before_event);
    rows.bind(static_cast<std::int64_t>(limit));
    return read_all(rows);
  });
}

Result<std::vector<Mark>> Marks::flags_by(std::string_view author, int limit,
                                          const std::optional<Mark>& before) {
  return core_.read([&](Database& database) -> Result<std::vector<Mark>> {
    static const std::string kSql = fmt::format(
        "SELECT {} FROM marks AS m WHERE author = ?1 AND kind = 'flag' AND value <> ''"
        " AND (set_time, device_id, event_id) < (?2, ?3, ?4) AND version ="
        " (SELECT max(version) FROM marks AS n WHERE n.device_id = m.device_id AND n.event_id ="
        " m.event_id AND n.kind = m.kind)"
        " ORDER BY set_time DESC, device_id DESC, event_id DESC LIMIT ?5",
        kColumns);
    Statement rows = TRY(database.prepare(kSql));
    rows.bind(author).bind(before ? before->set : kMaxTicks);
    rows.bind(before ? std::string_view(before->event.device_id) : std::string_view());
    rows.bind(before ? before->event.event_id : 0).bind(static_cast<std::int64_t>(limit));
    return read_all(rows);
  });
}

}  // namespace spoor::state
