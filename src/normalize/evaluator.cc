#include "normalize/evaluator.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "json/writer.h"
#include "normalize/code_list.h"
#include "normalize/text_parts.h"

namespace spoor::normalize {
namespace {

/// Distinct shapes are few; a hostile file could make them many.
constexpr std::size_t kMaxShapes = 4096;

/// Keywords that Windows gives to audits.
constexpr std::uint64_t kAuditFailure = 0x0010000000000000;
constexpr std::uint64_t kAuditSuccess = 0x0020000000000000;

bool is_named(std::string_view full, std::string_view name) {
  if (full.size() == name.size()) {
    return full == name;
  }
  // UserData nests its fields under the name of its one element.
  return full.size() > name.size() && full.ends_with(name) &&
         full[full.size() - name.size() - 1] == '.';
}

/// Equal to the pattern, or to its beginning where it ends with '*'.
bool fits(std::string_view pattern, std::string_view text) {
  return pattern.ends_with('*')
             ? starts_with_ignoring_case(text, pattern.substr(0, pattern.size() - 1))
             : equals_ignoring_case(pattern, text);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return !std::ranges::search(text, part, {}, ascii_lower, ascii_lower).empty();
}

event::Value text_value(std::string_view text) {
  event::Value value;
  if (!text.empty()) {
    value.kind = event::ValueKind::kText;
    value.text = text;
  }
  return value;
}

event::Value number_value(std::uint32_t number) {
  event::Value value;
  if (number != 0) {
    value.kind = event::ValueKind::kUInt;
    value.number = number;
  }
  return value;
}

event::Value header_value(const event::Record& record, Place place) {
  switch (place) {
    case Place::kEventId:
      return number_value(record.event_id);
    case Place::kProcessId:
      return number_value(record.process_id);
    case Place::kUserSid:
      return text_value(record.user_sid);
    case Place::kChannel:
      return text_value(record.channel);
    case Place::kProvider:
      return text_value(record.provider);
    case Place::kLevel:
      return number_value(record.level);
    case Place::kOutcome:
      return text_value((record.keywords & kAuditFailure) != 0   ? "failure"
                        : (record.keywords & kAuditSuccess) != 0 ? "success"
                                                                 : "");
    default:
      return {};
  }
}

}  // namespace

const Mapping* Evaluator::find_mapping(const event::Record& record) {
  const auto all = mappings();
  auto at = std::ranges::lower_bound(all, record.event_id, {}, &Mapping::event_id);
  for (; at != all.end() && at->event_id == record.event_id; ++at) {
    if (fits(at->provider, record.provider) && fits(at->channel, record.channel)) {
      return &*at;
    }
  }
  return nullptr;
}

void Evaluator::find_slots(Slots& slots, const event::Record& record, const Mapping& mapping) {
  slots.assign(mapping.fields.size(), -1);
  const std::size_t count = std::min<std::size_t>(record.data.size(), INT16_MAX);
  for (std::size_t field = 0; field < mapping.fields.size(); ++field) {
    const Source& source = mapping.fields[field];
    if (source.place != Place::kData) {
      continue;
    }
    int skip = source.nth;
    for (std::size_t at = 0; at < count; ++at) {
      if (is_named(record.data[at].name, source.name) && skip-- == 0) {
        slots[field] = static_cast<std::int16_t>(at);
        break;
      }
    }
  }
}

void Evaluator::bind(const event::Record& record, const Mapping& mapping) {
  arena_.clear();
  record_ = &record;
  mapping_ = &mapping;
  whole_ = {};
  if (record.shape == 0) {
    find_slots(unshared_slots_, record, mapping);
    slots_ = &unshared_slots_;
    return;
  }
  const std::uint64_t name =
      hash_combine(record.shape, static_cast<std::uint64_t>(&mapping - mappings().data()) + 1);
  const auto [place, added] = slots_by_shape_.try_emplace(name);
  slots_ = &place->second;
  if (!added) {
    return;
  }
  find_slots(place->second, record, mapping);
  if (slots_by_shape_.size() > kMaxShapes) {
    unshared_slots_ = std::move(place->second);
    slots_by_shape_.clear();
    slots_ = &unshared_slots_;
  }
}

event::Value Evaluator::value_at(std::uint8_t field) {
  const Source& source = mapping_->fields[field];
  if (source.place == Place::kWhole) {
    return text_value(whole_);
  }
  event::Value value;
  if (source.place != Place::kData) {
    value = header_value(*record_, source.place);
  } else if (const std::int16_t slot = (*slots_)[field];
             slot >= 0 && static_cast<std::size_t>(slot) < record_->data.size()) {
    value = record_->data[static_cast<std::size_t>(slot)].value;
  }
  if (source.cut == Cut::kAll || value.kind == event::ValueKind::kNull) {
    return value;
  }
  const std::string_view text = text_of(value, arena_);
  return text_value(source.cut == Cut::kMember ? member_of(text, source.from)
                                               : text_between(text, source.from, source.to));
}

bool Evaluator::holds(const Condition& condition) {
  const event::Value value = value_at(condition.field);
  const std::string_view text =
      value.kind == event::ValueKind::kNull ? std::string_view() : text_of(value, arena_);
  switch (condition.test) {
    case Test::kPresent:
      return !apply(Transform::kText, value, arena_).is_absent();
    case Test::kAbsent:
      return apply(Transform::kText, value, arena_).is_absent();
    case Test::kAnyBit: {
      const auto bits = static_cast<std::uint64_t>(apply(Transform::kInt, value, arena_).number);
      return std::ranges::any_of(condition.texts, [&](std::string_view wanted) {
        return (bits & static_cast<std::uint64_t>(parse_int(wanted).value_or(0))) != 0;
      });
    }
    default:
      break;
  }
  return value.kind != event::ValueKind::kNull &&
         std::ranges::any_of(condition.texts, [&](std::string_view wanted) {
           return condition.test == Test::kEquals   ? equals_ignoring_case(text, wanted)
                  : condition.test == Test::kBegins ? starts_with_ignoring_case(text, wanted)
                                                    : contains_ignoring_case(text, wanted);
         });
}

const Plan* Evaluator::choose_plan() {
  for (const Plan& plan : mapping_->plans) {
    if (std::ranges::all_of(plan.when,
                            [&](const Condition& condition) { return holds(condition); })) {
      return &plan;
    }
  }
  return nullptr;
}

Cell Evaluator::field(const Expression& expression) {
  const event::Value value = value_at(expression.field);
  if (value.kind == event::ValueKind::kNull) {
    return {};
  }
  const auto names = expression.lookup == 0 ? std::span<const LookupEntry>()
                                            : lookups()[expression.lookup - 1u].entries;
  switch (expression.as) {
    case Transform::kCodes:
      return Cell::of_text(arena_.keep(named_codes(text_of(value, arena_), names)));
    case Transform::kFlags:
      return Cell::of_text(
          arena_.keep(named_flags(apply(Transform::kInt, value, arena_).number, names)));
    default:
      break;
  }
  const Cell cell = apply(expression.as, value, arena_);
  return names.empty() || cell.kind != Cell::Kind::kText
             ? cell
             : Cell::of_text(name_of(trim_blanks(cell.text), cell.text, names));
}

/// Appends the parts of a template. False where nothing in it is present (or, with `all`, where
/// something is not).
bool Evaluator::join(std::string& out, const Expression& expression, bool all) {
  const std::size_t start = out.size();
  bool any = false;
  bool has_field = false;
  for (std::uint16_t child = 0; child < expression.children; ++child) {
    const Expression& part = mapping_->expressions[expression.first_child + child];
    switch (part.form) {
      case Form::kConstant:
        out += part.text;
        break;
      case Form::kSegment:
        any |= join(out, part, true);
        break;
      default: {
        const Cell cell = evaluate(static_cast<std::uint16_t>(expression.first_child + child));
        has_field = true;
        any |= !cell.is_absent();
        if (all && cell.is_absent()) {
          out.resize(start);
          return false;
        }
        append_cell_text(out, cell);
        break;
      }
    }
  }
  if (!any && has_field) {
    out.resize(start);
    return false;
  }
  return true;
}

Cell Evaluator::object(const Expression& expression) {
  std::string json;
  json::Writer writer(json);
  writer.begin_object();
  for (std::uint16_t child = 0; child < expression.children; ++child) {
    const auto at = static_cast<std::uint16_t>(expression.first_child + child);
    const Cell cell = evaluate(at);
    if (cell.is_absent()) {
      continue;
    }
    writer.key(mapping_->expressions[at].key);
    switch (cell.kind) {
      case Cell::Kind::kNumber:
        writer.number(cell.number);
        break;
      case Cell::Kind::kBool:
        writer.boolean(cell.number != 0);
        break;
      default: {
        std::string text;
        append_cell_text(text, cell);
        writer.string(text);
        break;
      }
    }
  }
  writer.end_object();
  return json == "{}" ? Cell{} : Cell::of_text(arena_.keep(json));
}

Cell Evaluator::evaluate(std::uint16_t index) {
  if (index == kNone) {
    return {};
  }
  const Expression& expression = mapping_->expressions[index];
  switch (expression.form) {
    case Form::kField:
      return field(expression);
    case Form::kConstant:
      return Cell::of_text(expression.text);
    case Form::kFirst:
      for (std::uint16_t child = 0; child < expression.children; ++child) {
        const Cell cell = evaluate(static_cast<std::uint16_t>(expression.first_child + child));
        if (!cell.is_absent()) {
          return cell;
        }
      }
      return {};
    case Form::kTemplate:
    case Form::kSegment:
      scratch_.clear();
      return join(scratch_, expression, expression.form == Form::kSegment)
                 ? Cell::of_text(arena_.keep(scratch_))
                 : Cell{};
    case Form::kObject:
      return object(expression);
  }
  return {};
}

std::string_view Evaluator::text(std::uint16_t index) {
  const Cell cell = evaluate(index);
  if (cell.kind == Cell::Kind::kText) {
    return cell.text;
  }
  std::string text;
  append_cell_text(text, cell);
  return arena_.keep(text);
}

}  // namespace spoor::normalize
