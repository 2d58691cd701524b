#include "normalize/evaluator.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "json/writer.h"

namespace spoor::normalize {
namespace {

/// Distinct shapes are few; a hostile file could make them many.
constexpr std::size_t kMaxShapes = 4096;

bool is_named(std::string_view full, std::string_view name) {
  if (full.size() == name.size()) {
    return full == name;
  }
  // UserData nests its fields under the name of its one element.
  return full.size() > name.size() && full.ends_with(name) &&
         full[full.size() - name.size() - 1] == '.';
}

}  // namespace

const Mapping* Evaluator::find_mapping(const event::Record& record) {
  const auto all = mappings();
  auto at = std::ranges::lower_bound(all, record.event_id, {}, &Mapping::event_id);
  for (; at != all.end() && at->event_id == record.event_id; ++at) {
    if (equals_ignoring_case(at->provider, record.provider) &&
        equals_ignoring_case(at->channel, record.channel)) {
      return &*at;
    }
  }
  return nullptr;
}

void Evaluator::find_slots(Slots& slots, const event::Record& record, const Mapping& mapping) {
  slots.assign(mapping.fields.size(), -1);
  const std::size_t count = std::min<std::size_t>(record.data.size(), INT16_MAX);
  for (std::size_t field = 0; field < mapping.fields.size(); ++field) {
    // "Data#1" is the second of the fields that are named Data.
    std::string_view name = mapping.fields[field];
    int skip = 0;
    if (const auto mark = name.find('#'); mark != std::string_view::npos) {
      skip = name[mark + 1] - '0';
      name = name.substr(0, mark);
    }
    for (std::size_t at = 0; at < count; ++at) {
      if (is_named(record.data[at].name, name) && skip-- == 0) {
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

const event::Value* Evaluator::value_at(std::uint8_t field) const {
  const std::int16_t slot = (*slots_)[field];
  return slot < 0 || static_cast<std::size_t>(slot) >= record_->data.size()
             ? nullptr
             : &record_->data[static_cast<std::size_t>(slot)].value;
}

const Plan* Evaluator::choose_plan() {
  for (const Plan& plan : mapping_->plans) {
    const bool holds = std::ranges::all_of(plan.when, [&](const Condition& condition) {
      const event::Value* const value = value_at(condition.field);
      return value != nullptr && equals_ignoring_case(text_of(*value, arena_), condition.text);
    });
    if (holds) {
      return &plan;
    }
  }
  return nullptr;
}

Cell Evaluator::field(const Expression& expression) {
  const event::Value* const value = value_at(expression.field);
  if (value == nullptr) {
    return {};
  }
  const Cell cell = apply(expression.as, *value, arena_);
  if (expression.lookup == 0 || cell.kind != Cell::Kind::kText) {
    return cell;
  }
  const std::string_view code = trim_blanks(cell.text);
  for (const LookupEntry& entry : lookups()[expression.lookup - 1u].entries) {
    if (equals_ignoring_case(entry.code, code)) {
      return Cell::of_text(entry.name);
    }
  }
  return cell;
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
        const Cell cell = field(part);
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
