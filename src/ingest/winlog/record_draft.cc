#include "ingest/winlog/record_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/text.h"
#include "ingest/winlog/event_strings.h"
#include "ingest/winlog/json_form.h"
#include "ingest/winlog/message_fields.h"
#include "ingest/winlog/typed_value.h"

namespace spoor::winlog {
namespace {

using event::Field;
using event::Record;
using event::Value;
using event::ValueKind;
using json::Dynamic;

constexpr int kMostEnclosures = 4;
constexpr std::string_view kMessageField = "RenderingInfo.Message";

/// Elastic's answers give every value in an array of one.
const Dynamic& only(const Dynamic& value) {
  return value.as_array() != nullptr && value.size() == 1 ? value[0] : value;
}

bool says_nothing(std::string_view text) { return text.empty() || text == "-"; }

/// A whole number however it is written, its bits where it is negative.
std::optional<std::uint64_t> number_of(const Dynamic& value) {
  if (const auto* whole = value.as_int64()) {
    return static_cast<std::uint64_t>(*whole);
  }
  if (const auto* large = value.as_uint64()) {
    return *large;
  }
  if (const auto* real = value.as_double()) {
    return *real >= 0 && *real < 1.8e19 ? std::optional(static_cast<std::uint64_t>(*real))
                                        : std::nullopt;
  }
  std::string_view text = trim_blanks(value.text_or(""));
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  text.remove_prefix(is_hex ? 2 : 0);
  const char* const last = text.data() + text.size();
  std::uint64_t number = 0;
  if (const auto got = std::from_chars(text.data(), last, number, is_hex ? 16 : 10);
      got.ec == std::errc() && got.ptr == last) {
    return number;
  }
  std::int64_t negative = 0;
  if (const auto got = std::from_chars(text.data(), last, negative);
      got.ec == std::errc() && got.ptr == last && !is_hex) {
    return static_cast<std::uint64_t>(negative);
  }
  return {};
}

template <class Number>
void set_number(Number& to, const Dynamic& value) {
  const auto number = number_of(value);
  if (number && *number <= std::numeric_limits<Number>::max()) {
    to = static_cast<Number>(*number);
  }
}

/// Level and the like are names in some forms.
std::optional<std::uint8_t> level_named(std::string_view name) {
  constexpr std::string_view kLevels[] = {"LogAlways", "Critical",    "Error",
                                          "Warning",   "Information", "Verbose"};
  for (std::uint8_t at = 0; at < std::size(kLevels); ++at) {
    if (equals_ignoring_case(name, kLevels[at])) {
      return at;
    }
  }
  return equals_ignoring_case(name, "Info") ? std::optional<std::uint8_t>(4) : std::nullopt;
}

/// Names of fields that hold a GUID, which some forms write without braces.
bool names_a_guid(std::string_view name) {
  return name.ends_with("Guid") || name.ends_with("GUID") || name.ends_with("ActivityID");
}

bool is_scalar(const Dynamic& value) {
  return value.as_array() == nullptr && value.as_object() == nullptr;
}

}  // namespace

void RecordDraft::clear() {
  record_ = {};
  record_.source_kind = "winlog";
  times_ = {};
  fields_.clear();
  kept_.clear();
  kept_bytes_ = 0;
  trees_.clear();
  message_ = {};
  strings_ = nullptr;
  is_whole_ = false;
  enclosures_ = 0;
}

Result<void> RecordDraft::add_value(std::string_view name, const Value& value) {
  if (fields_.size() >= limits_.fields) {
    return fail(ErrorCode::kLimit, fmt::format("the line has more than {} fields", limits_.fields));
  }
  fields_.push_back({name, value});
  return {};
}

Result<void> RecordDraft::add_text(std::string_view name, std::string_view text) {
  if (text.size() == 36 && names_a_guid(name)) {
    std::string braced = fmt::format("{{{}}}", in_capitals(text));
    if (is_guid(braced)) {
      text = keep(std::move(braced));
    }
  }
  return add_value(name,
                   typed_text(text, [this](std::string kept) { return keep(std::move(kept)); }));
}

Result<void> RecordDraft::add(std::string_view name, const Dynamic& given) {
  Value value;
  switch (given.kind()) {
    case Dynamic::Kind::kNull:
      return {};
    case Dynamic::Kind::kBool:
      value.kind = ValueKind::kBool;
      value.number = *given.as_bool() ? 1 : 0;
      break;
    case Dynamic::Kind::kInt64:
      value.kind = *given.as_int64() < 0 ? ValueKind::kInt : ValueKind::kUInt;
      value.number = *given.as_int64();
      break;
    case Dynamic::Kind::kUint64:
      value.kind = ValueKind::kUInt;
      value.number = static_cast<std::int64_t>(*given.as_uint64());
      break;
    case Dynamic::Kind::kDouble:
      value.kind = ValueKind::kReal;
      value.real = *given.as_double();
      break;
    case Dynamic::Kind::kString:
      return add_text(name, *given.as_string());
    case Dynamic::Kind::kArray:
      if (given.size() != 0 && std::ranges::all_of(*given.as_array(), is_scalar)) {
        for (const Dynamic& each : *given.as_array()) {
          TRY_VOID(add(name, each));
        }
        return {};
      }
      [[fallthrough]];
    case Dynamic::Kind::kObject:
      value.kind = ValueKind::kJson;
      value.text = keep(given.dump());
      break;
  }
  return add_value(name, value);
}

Result<void> RecordDraft::add_data(const Dynamic& object) { return add_element({}, object, 1); }

Result<void> RecordDraft::add_element(std::string_view path, const Dynamic& element, int depth) {
  if (depth > limits_.depth) {
    return fail(ErrorCode::kLimit,
                fmt::format("elements are more than {} levels deep", limits_.depth));
  }
  // A path repeats the names of what it stands in, so that a long name with much inside it would
  // become many times the record.
  if (kept_bytes_ > 4 * limits_.event_bytes) {
    return fail(ErrorCode::kLimit, "the names of the event's fields are too long");
  }
  if (element.as_object() == nullptr) {
    return add(path, element);
  }
  for (const json::Member& member : *element.as_object()) {
    if (member.name == "#attributes") {
      continue;
    }
    if (member.name == "#text") {
      TRY_VOID(add(path.empty() ? "Data" : path, member.value));
      continue;
    }
    const std::string_view inside = path.empty() ? std::string_view(member.name)
                                                 : keep(fmt::format("{}.{}", path, member.name));
    // An array of elements that name themselves: [{"@Name": "Image", "#text": "…"}].
    const Dynamic::Array* const elements = member.value.as_array();
    const bool are_named =
        elements != nullptr && !elements->empty() &&
        std::ranges::all_of(*elements, [](const Dynamic& each) {
          return !each["@Name"].is_null() || !each["#attributes"]["Name"].is_null();
        });
    if (!are_named) {
      TRY_VOID(add_element(inside, member.value, depth + 1));
      continue;
    }
    for (const Dynamic& each : *elements) {
      const Dynamic& name = each["@Name"];
      TRY_VOID(add((name.is_null() ? each["#attributes"]["Name"] : name).text_or(inside),
                   each["#text"]));
    }
  }
  return {};
}

Result<void> RecordDraft::add_xml_data(std::string_view text) {
  std::string& element = kept_.emplace_back(text);
  const auto fields = TRY(xml_.read_data(element));
  for (const Field& field : fields) {
    TRY_VOID(add_value(field.name, field.value));
  }
  return {};
}

Result<void> RecordDraft::set_data(const Dynamic& value) {
  if (value.as_object() != nullptr) {
    return add_data(value);
  }
  if (value.as_array() != nullptr) {
    strings_ = &value;
    return {};
  }
  const std::string_view text = trim_blanks(value.text_or(""));
  if (text.starts_with('<')) {
    return add_xml_data(text);
  }
  if (text.starts_with('{') || text.starts_with('[')) {
    return set_data(keep(TRY(json::parse(text, {.max_bytes = limits_.event_bytes,
                                                .max_depth = limits_.depth,
                                                .max_values = 4 * limits_.fields + 100}))));
  }
  return text.empty() ? Result<void>{} : add_text("Data", text);
}

Result<void> RecordDraft::set(Slot slot, const Dynamic& given) {
  const Dynamic& value = only(given);
  const auto text = [&](std::string_view& to) {
    const std::string_view said = value.text_or("");
    if (!says_nothing(said)) {
      to = said;
    }
  };
  const auto time = [&](std::optional<StatedTime>& to) {
    const auto stated = parse_stated_time(value.as_string() != nullptr ? *value.as_string()
                                          : value.is_number()          ? value.dump()
                                                                       : "");
    to = stated ? stated : to;
  };
  switch (slot) {
    case Slot::kNothing:
      break;
    case Slot::kMessage:
      message_ = value.text_or(message_);
      break;
    case Slot::kStrings:
      strings_ = given.as_array() != nullptr ? &given : strings_;
      break;
    case Slot::kData:
      return set_data(given);
    case Slot::kXml:
      return value.text_or("").empty() ? Result<void>{} : enclosed_xml(value.text_or(""));
    case Slot::kChannel:
      text(record_.channel);
      break;
    case Slot::kProvider:
      text(record_.provider);
      break;
    case Slot::kComputer:
      text(record_.computer);
      break;
    case Slot::kUserSid:
      if (value.text_or("").starts_with("S-1-")) {
        record_.user_sid = *value.as_string();
      }
      break;
    case Slot::kActivityId:
      if (const std::string_view said = value.text_or(""); !said.empty()) {
        std::string braced =
            said.starts_with('{') ? in_capitals(said) : fmt::format("{{{}}}", in_capitals(said));
        record_.activity_id = is_guid(braced) ? keep(std::move(braced)) : record_.activity_id;
      }
      break;
    case Slot::kEventId: {
      // The numbers of old logs carry qualifiers above their 16 bits.
      std::uint64_t number = record_.event_id;
      set_number(number, value);
      record_.event_id = static_cast<std::uint32_t>(number & 0xffff);
      break;
    }
    case Slot::kVersion:
      set_number(record_.version, value);
      break;
    case Slot::kLevel:
      set_number(record_.level, value);
      record_.level = level_named(value.text_or("")).value_or(record_.level);
      break;
    case Slot::kTask:
      set_number(record_.task, value);
      break;
    case Slot::kOpcode:
      set_number(record_.opcode, value);
      break;
    case Slot::kKeywords:
      set_number(record_.keywords, value);
      break;
    case Slot::kRecordId:
      set_number(record_.record_id, value);
      break;
    case Slot::kProcessId:
      set_number(record_.process_id, value);
      break;
    case Slot::kThreadId:
      set_number(record_.thread_id, value);
      break;
    case Slot::kTimeCreated:
      time(times_.created);
      break;
    case Slot::kEventTime:
      time(times_.event);
      break;
    case Slot::kTimeGenerated:
      time(times_.generated);
      break;
    case Slot::kReceivedUtc:
      time(times_.received_utc);
      break;
    case Slot::kReceivedLocal:
      time(times_.received_local);
      break;
  }
  return {};
}

Result<void> RecordDraft::set_member(const json::Member& member, std::span<const NamedSlot> slots) {
  const auto known = std::ranges::find(slots, member.name, &NamedSlot::name);
  if (known != slots.end()) {
    return set(known->slot, member.value);
  }
  const std::string* const text = member.value.as_string();
  return text != nullptr && text->empty() ? Result<void>{} : add(member.name, member.value);
}

Result<void> RecordDraft::set_members(const Dynamic& object, std::span<const NamedSlot> slots) {
  for (const json::Member& member : *object.as_object()) {
    TRY_VOID(set_member(member, slots));
  }
  return {};
}

Result<void> RecordDraft::enclosed(const Dynamic& object) {
  if (++enclosures_ > kMostEnclosures) {
    return fail(ErrorCode::kLimit,
                fmt::format("events are enclosed more than {} times", kMostEnclosures));
  }
  const JsonForm* const form = find_form(object);
  if (form == nullptr) {
    return fail(ErrorCode::kInvalidInput, "what is enclosed is of no form that is known");
  }
  return form->read(object, *this);
}

Result<void> RecordDraft::enclosed_xml(std::string_view text) {
  std::string& element = kept_.emplace_back(trim_blanks(text));
  record_ = TRY(xml_.read(element));
  fields_.assign(record_.data.begin(), record_.data.end());
  is_whole_ = true;
  return {};
}

void RecordDraft::name_strings() {
  if (strings_ == nullptr) {
    return;
  }
  const Dynamic::Array& values = *strings_->as_array();
  const auto names = event_string_names(record_, values.size());
  for (std::size_t at = 0; at < values.size() && fields_.size() < limits_.fields; ++at) {
    // Within the limit, so that nothing can be refused.
    static_cast<void>(names.empty() ? add("Data", values[at]) : add(names[at], values[at]));
  }
}

Result<Record> RecordDraft::finish() {
  if (!is_whole_) {
    const bool from_message =
        !message_.empty() && needs_message_fields(record_, fields_) &&
        event_string_names(record_, strings_ == nullptr ? 0 : strings_->size()).empty() &&
        add_message_fields(*this, message_);
    if (!from_message) {
      name_strings();
    }
    if (!message_.empty()) {
      Value value;
      value.kind = ValueKind::kText;
      value.text = message_;
      TRY_VOID(add_value(kMessageField, value));
    }
    if (record_.time == 0) {
      if (const auto own = std::ranges::find(fields_, "UtcTime", &Field::name);
          own != fields_.end()) {
        times_.own = own->value.kind == ValueKind::kTime ? StatedTime{own->value.number, true}
                                                         : parse_stated_time(own->value.text);
      }
      const auto time = times_.best();
      if (!time) {
        return fail(ErrorCode::kInvalidInput, "the event states no time that can be read");
      }
      record_.time = *time;
    }
  }
  if (record_.provider.empty() && record_.channel.empty()) {
    return fail(ErrorCode::kInvalidInput, "the event has neither a provider nor a channel");
  }
  record_.data = fields_;
  return record_;
}

}  // namespace spoor::winlog
