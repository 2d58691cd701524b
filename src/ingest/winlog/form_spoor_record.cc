// Records as `spoor records` prints them.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "ingest/winlog/forms.h"
#include "ingest/winlog/typed_value.h"

namespace spoor::winlog::forms {
namespace {

using event::Record;
using event::Value;
using event::ValueKind;
using json::Dynamic;

/// Kinds of source that a line may name.
constexpr std::string_view kKinds[] = {"evtx", "winlog", "hunting"};

std::unexpected<Error> bad(std::string reason) {
  return fail(ErrorCode::kInvalidInput, std::move(reason));
}

/// Sets a whole number where the line has one of that name.
template <class Number>
Result<void> set(Number& to, const Dynamic& line, std::string_view name) {
  const Dynamic* const given = line.find(name);
  if (given == nullptr || given->is_null()) {
    return {};
  }
  std::uint64_t number = 0;
  if (const auto* whole = given->as_int64(); whole != nullptr && *whole >= 0) {
    number = static_cast<std::uint64_t>(*whole);
  } else if (const auto* large = given->as_uint64()) {
    number = *large;
  } else {
    return bad(fmt::format("\"{}\" is no whole number", name));
  }
  if (number > std::numeric_limits<Number>::max()) {
    return bad(fmt::format("\"{}\" is too large", name));
  }
  to = static_cast<Number>(number);
  return {};
}

Result<void> set(std::string_view& to, const Dynamic& line, std::string_view name) {
  const Dynamic* const given = line.find(name);
  if (given == nullptr || given->is_null()) {
    return {};
  }
  if (given->as_string() == nullptr) {
    return bad(fmt::format("\"{}\" is no text", name));
  }
  to = *given->as_string();
  return {};
}

Result<void> set_keywords(Record& record, const Dynamic& line) {
  std::string_view text;
  TRY_VOID(set(text, line, "keywords"));
  if (text.empty()) {
    return {};
  }
  const std::string_view digits = text.starts_with("0x") ? text.substr(2) : "x";
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), record.keywords, 16);
  if (failure != std::errc() || end != digits.data() + digits.size()) {
    return bad("\"keywords\" is no hex number");
  }
  return {};
}

/// Values are typed already, but for those that JSON has only texts for.
Result<void> add(RecordDraft& draft, std::string_view name, const Dynamic& given) {
  if (given.is_null()) {
    return draft.add_value(name, {});
  }
  if (given.as_string() != nullptr) {
    return draft.add_value(name, typed_value(*given.as_string(), false));
  }
  if (given.as_array() != nullptr) {
    Value value;
    value.kind = ValueKind::kJson;
    value.text = draft.keep(given.dump());
    return draft.add_value(name, value);
  }
  return draft.add(name, given);
}

Result<void> take_data(const Dynamic& line, RecordDraft& draft) {
  const Dynamic* const data = line.find("data");
  if (data == nullptr) {
    return {};
  }
  if (data->as_object() == nullptr) {
    return bad("\"data\" is no object");
  }
  for (const json::Member& member : *data->as_object()) {
    // A name that was repeated is printed once, with an array of its values.
    const Dynamic::Array* const values = member.value.as_array();
    if (values != nullptr && values->size() > 1) {
      for (const Dynamic& value : *values) {
        TRY_VOID(add(draft, member.name, value));
      }
    } else {
      TRY_VOID(add(draft, member.name, member.value));
    }
  }
  return {};
}

}  // namespace

bool looks_like_spoor_record(const Dynamic& object) {
  return object.find("channel") != nullptr || object.find("provider") != nullptr ||
         object.find("time") != nullptr;
}

Result<void> read_spoor_record(const Dynamic& line, RecordDraft& draft) {
  Record& record = draft.header();
  std::string_view kind;
  TRY_VOID(set(kind, line, "source_kind"));
  record.source_kind = kKinds[0];
  if (!kind.empty()) {
    const auto* const known = std::ranges::find(kKinds, kind);
    if (known == std::end(kKinds)) {
      return bad("\"source_kind\" is not known");
    }
    record.source_kind = *known;
  }
  std::string_view time;
  TRY_VOID(set(time, line, "time"));
  const auto ticks = parse_iso_ticks(time);
  if (!ticks) {
    return bad("\"time\" is missing or no time");
  }
  draft.times().created = StatedTime{*ticks, true};
  TRY_VOID(set(record.channel, line, "channel"));
  TRY_VOID(set(record.provider, line, "provider"));
  if (record.channel.empty() && record.provider.empty()) {
    return bad("the line has neither \"channel\" nor \"provider\"");
  }
  TRY_VOID(set(record.computer, line, "computer"));
  TRY_VOID(set(record.user_sid, line, "user_sid"));
  TRY_VOID(set(record.activity_id, line, "activity_id"));
  TRY_VOID(set(record.event_id, line, "event_id"));
  TRY_VOID(set(record.version, line, "version"));
  TRY_VOID(set(record.level, line, "level"));
  TRY_VOID(set(record.task, line, "task"));
  TRY_VOID(set(record.opcode, line, "opcode"));
  TRY_VOID(set(record.record_id, line, "record_id"));
  TRY_VOID(set(record.process_id, line, "process_id"));
  TRY_VOID(set(record.thread_id, line, "thread_id"));
  TRY_VOID(set_keywords(record, line));
  if (const Dynamic* const carved = line.find("carved"); carved != nullptr) {
    if (carved->as_bool() == nullptr) {
      return bad("\"carved\" is neither true nor false");
    }
    record.carved = *carved->as_bool();
  }
  TRY_VOID(set(record.file, line, "file"));
  TRY_VOID(set(record.offset, line, "offset"));
  return take_data(line, draft);
}

}  // namespace spoor::winlog::forms
