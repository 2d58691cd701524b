// Rows of the hunting schema: lines, the portal's CSV, an API's answer, and the streaming export
// with "category" and "properties".

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/winlog/forms.h"
#include "ingest/winlog/hunting_table.h"
#include "ingest/winlog/json_path.h"
#include "ingest/winlog/typed_value.h"

namespace spoor::winlog::forms {
namespace {

using event::Value;
using event::ValueKind;
using json::Dynamic;

constexpr std::string_view kTimes[] = {"Timestamp", "Timestamp [UTC]", "Timestamp_datetime",
                                       "TimeGenerated", "TimeGenerated [UTC]"};

const Dynamic* time_of(const Dynamic& row) {
  for (const std::string_view name : kTimes) {
    if (const Dynamic* const time = row.find(name)) {
      return time;
    }
  }
  return nullptr;
}

bool is_streamed(const Dynamic& object) {
  return object["properties"].as_object() != nullptr &&
         object["category"].text_or("").starts_with("AdvancedHunting-");
}

const schema::Column* column_of(const schema::Table& table, std::string_view name) {
  const auto ordinal = table.find(name);
  return ordinal ? &table.columns[*ordinal] : nullptr;
}

Value typed(ValueKind kind, std::int64_t number) {
  Value value;
  value.kind = kind;
  value.number = number;
  return value;
}

/// A value as its column has it; texts of a CSV are told by the column alone.
Result<void> add_column(RecordDraft& draft, const schema::Column* column, std::string_view name,
                        const Dynamic& value) {
  const std::string* const text = value.as_string();
  if (column == nullptr || text == nullptr) {
    return draft.add(name, value);
  }
  switch (column->type) {
    case schema::Type::kInt:
    case schema::Type::kLong:
      if (const auto number = parse_int(*text)) {
        return draft.add_value(name, typed(ValueKind::kInt, *number));
      }
      break;
    case schema::Type::kBool:
      if (equals_ignoring_case(*text, "true") || equals_ignoring_case(*text, "false") ||
          *text == "1" || *text == "0") {
        return draft.add_value(
            name, typed(ValueKind::kBool, *text == "1" || ascii_lower((*text)[0]) == 't' ? 1 : 0));
      }
      break;
    case schema::Type::kDateTime:
      if (const auto time = parse_stated_time(*text)) {
        return draft.add_value(name, typed(ValueKind::kTime, time->ticks));
      }
      break;
    default:
      break;
  }
  Value as_is;
  as_is.kind = ValueKind::kText;
  as_is.text = *text;
  return draft.add_value(name, as_is);
}

Result<void> read_row(const Dynamic& row, const schema::Table& table, RecordDraft& draft) {
  event::Record& record = draft.header();
  record.source_kind = "hunting";
  record.provider = "AdvancedHunting";
  record.channel = draft.keep(fmt::format("AdvancedHunting-{}", table.name));
  if (const Dynamic* const time = time_of(row)) {
    TRY_VOID(draft.set(Slot::kTimeCreated, *time));
  }
  for (const json::Member& member : *row.as_object()) {
    const std::string_view name = plain_column(member.name);
    const std::string* const text = member.value.as_string();
    if (member.value.is_null() || (text != nullptr && text->empty())) {
      continue;
    }
    if (name == "ReportId") {
      TRY_VOID(draft.set(Slot::kRecordId, member.value));
    } else if (name == "DeviceName") {
      TRY_VOID(draft.set(Slot::kComputer, member.value));
    }
    TRY_VOID(add_column(draft, column_of(table, name), name, member.value));
  }
  if (record.computer.empty()) {
    TRY_VOID(draft.set(Slot::kComputer, row["DeviceId"]));
  }
  return {};
}

}  // namespace

bool looks_like_hunting_row(const Dynamic& object) {
  if (is_streamed(object)) {
    return true;
  }
  const auto has = [&](std::string_view name) { return object.find(name) != nullptr; };
  const bool is_of_someone = has("DeviceId") || has("DeviceName") || has("AlertId");
  return time_of(object) != nullptr && is_of_someone && !has("EventID") && !has("EventId") &&
         (has("ReportId") || has("ReportId_long") || has("ActionType") || has("AlertId") ||
          table_of_row(object) != nullptr);
}

Result<void> read_hunting_row(const Dynamic& object, RecordDraft& draft) {
  const Dynamic& row = is_streamed(object) ? object["properties"] : object;
  const schema::Table* const table =
      is_streamed(object) ? table_named(object["category"].text_or("")) : table_of_row(object);
  if (table == nullptr) {
    return fail(ErrorCode::kInvalidInput, "the row is of no table that Spoor has");
  }
  if (is_streamed(object) && time_of(row) == nullptr) {
    TRY_VOID(draft.set(Slot::kTimeCreated, object["time"]));
  }
  return read_row(row, *table, draft);
}

}  // namespace spoor::winlog::forms
