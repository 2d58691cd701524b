#include "ingest/evtx/record_decoder.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "ingest/evtx/values.h"

namespace spoor::evtx {

using event::Field;
using event::Record;
using event::Value;
using event::ValueKind;

namespace {

constexpr int kMaxNesting = 16;
constexpr std::size_t kMaxFields = 20'000;
/// Steps of one record: values that are named often, or nest, could else multiply without end.
constexpr std::size_t kMaxSteps = 200'000;
/// Bytes of one record's texts. A record has 64 KiB at most; as JSON or hex it grows some times.
constexpr std::size_t kMaxRecordBytes = 8 << 20;
/// Bytes of the plans and names that one chunk may need: damaged offsets make many of one template.
constexpr std::size_t kMaxPlanBytes = 64 << 20;
constexpr std::size_t kMaxValues = 8192;

std::unexpected<Error> bad(std::string reason) {
  return fail(ErrorCode::kInvalidInput, std::move(reason));
}

std::uint64_t as_number(const Value& value) {
  switch (value.kind) {
    case ValueKind::kText:
      return static_cast<std::uint64_t>(parse_int(value.text).value_or(0));
    case ValueKind::kReal:
    case ValueKind::kNull:
      return 0;
    default:
      return static_cast<std::uint64_t>(value.number);
  }
}

void set_slot(Record& record, Slot slot, const Value& value) {
  // Raw bytes (a value of a wrong type) are no text that a header may hold.
  if (value.kind == ValueKind::kNull || value.kind == ValueKind::kBinary) {
    return;
  }
  switch (slot) {
    case Slot::kProvider:
      record.provider = value.text;
      return;
    case Slot::kEventSource:
      if (record.provider.empty()) {
        record.provider = value.text;
      }
      return;
    case Slot::kEventId:
      record.event_id = static_cast<std::uint32_t>(as_number(value));
      return;
    case Slot::kVersion:
      record.version = static_cast<std::uint8_t>(as_number(value));
      return;
    case Slot::kLevel:
      record.level = static_cast<std::uint8_t>(as_number(value));
      return;
    case Slot::kTask:
      record.task = static_cast<std::uint16_t>(as_number(value));
      return;
    case Slot::kOpcode:
      record.opcode = static_cast<std::uint8_t>(as_number(value));
      return;
    case Slot::kKeywords:
      record.keywords = as_number(value);
      return;
    case Slot::kTime:
      if (value.kind == ValueKind::kTime) {
        record.time = value.number;
      } else if (const auto ticks = parse_iso_ticks(value.text)) {
        record.time = *ticks;
      }
      return;
    case Slot::kRecordId:
      record.record_id = as_number(value);
      return;
    case Slot::kActivityId:
      record.activity_id = value.text;
      return;
    case Slot::kProcessId:
      record.process_id = static_cast<std::uint32_t>(as_number(value));
      return;
    case Slot::kThreadId:
      record.thread_id = static_cast<std::uint32_t>(as_number(value));
      return;
    case Slot::kChannel:
      record.channel = value.text;
      return;
    case Slot::kComputer:
      record.computer = value.text;
      return;
    case Slot::kUserId:
      record.user_sid = value.text;
      return;
    case Slot::kNone:
      return;
  }
}

}  // namespace

/// The plan of the definition at `offset` for a place; compiled at first use.
Result<const Plan*> RecordDecoder::plan_at(std::size_t offset, Role role, std::string_view prefix) {
  const std::uint64_t key = hash64(prefix, offset << 8 | static_cast<std::uint64_t>(role));
  const auto found = plans_.find(key);
  if (found != plans_.end()) {
    return &found->second;
  }
  constexpr std::size_t kDefinitionHeader = 24;
  if (offset < kChunkHeaderSize || offset + kDefinitionHeader > chunk_.size()) {
    return bad("a template lies outside of the chunk");
  }
  const auto size = load<std::uint32_t>(chunk_, offset + 20);
  if (size > chunk_.size() - offset - kDefinitionHeader) {
    return bad("a template reaches beyond the chunk");
  }
  if (plan_bytes_ + names_.taken() > kMaxPlanBytes) {
    return fail(ErrorCode::kLimit, "the templates of the chunk need more than 64 MiB");
  }
  Cursor cursor(chunk_, offset + kDefinitionHeader, offset + kDefinitionHeader + size);
  Plan plan = TRY(compile_fragment(cursor, role, names_.keep(prefix), true, names_));
  plan_bytes_ += plan.ops.size() * sizeof(Op) + plan.pieces.size() * sizeof(Piece);
  return &plans_.emplace(key, std::move(plan)).first->second;
}

/// A fragment: a template instance or plain elements. `cursor` ends where the fragment's bytes
/// end.
Result<void> RecordDecoder::fragment(Cursor& cursor, Role role, std::string_view prefix,
                                     Record& record, int nesting) {
  if (nesting >= kMaxNesting) {
    return fail(ErrorCode::kLimit, "fragments are more than 16 levels deep");
  }
  TRY_VOID(spend(1));
  while (cursor.ok && cursor.left() > 0) {
    const auto token = static_cast<std::uint8_t>(chunk_[cursor.at]) & ~kMoreBit;
    if (token == kFragmentHeader) {
      cursor.take_bytes(4);
    } else if (token == kTemplateInstance) {
      TRY_VOID(instance(cursor, role, prefix, record, nesting));
    } else if (token == kOpenStartElement) {
      TRY_VOID(spend(cursor.left() / 16));
      const Plan plan = TRY(compile_fragment(cursor, role, prefix, false, values_));
      TRY_VOID(run(plan, {}, record, nesting));
      return {};
    } else {
      return {};
    }
  }
  return {};
}

Result<void> RecordDecoder::instance(Cursor& cursor, Role role, std::string_view prefix,
                                     Record& record, int nesting) {
  cursor.take_bytes(2);
  cursor.take<std::uint32_t>();
  const auto definition = cursor.take<std::uint32_t>();
  if (!cursor.ok) {
    return bad("a template instance is cut short");
  }
  if (definition == cursor.at) {
    cursor.take_bytes(20);
    const auto size = cursor.take<std::uint32_t>();
    cursor.take_bytes(size);
  }
  const auto count = cursor.take<std::uint32_t>();
  if (!cursor.ok || count > kMaxValues || !cursor.need(count * 4u)) {
    return bad("the values of a template instance are cut short");
  }
  const Plan& plan = *TRY(plan_at(definition, role, prefix));
  if (value_stack_.size() <= static_cast<std::size_t>(nesting)) {
    value_stack_.resize(nesting + 1);
  }
  const std::size_t descriptors = cursor.at;
  cursor.at += count * 4u;
  {
    auto& found = value_stack_[nesting];
    found.clear();
    for (std::size_t index = 0; index < count; ++index) {
      const auto size = load<std::uint16_t>(chunk_, descriptors + index * 4);
      const auto type = load<std::uint8_t>(chunk_, descriptors + index * 4 + 2);
      found.push_back({type, cursor.take_bytes(size)});
    }
  }
  if (!cursor.ok) {
    return bad("a value reaches beyond its record");
  }
  return run(plan, nesting, record, nesting);
}

/// Counts work against what one record may cost.
Result<void> RecordDecoder::spend(std::size_t steps) {
  if (steps > steps_left_) {
    return fail(ErrorCode::kLimit, "the record takes more than 200,000 steps");
  }
  if (values_.taken() > kMaxRecordBytes) {
    return fail(ErrorCode::kLimit, "the texts of the record need more than 8 MiB");
  }
  steps_left_ -= steps;
  return {};
}

Result<void> RecordDecoder::run(const Plan& plan, std::optional<int> level, Record& record,
                                int nesting) {
  if (plan.shape == 0) {
    shape_known_ = false;
  }
  shape_ = hash_combine(shape_, plan.shape);
  for (const Op& op : plan.ops) {
    if (fields_.size() > kMaxFields) {
      return fail(ErrorCode::kLimit, "the record has more than 20,000 fields");
    }
    TRY_VOID(spend(1 + op.content.count + op.dynamic_name.count));
    TRY_VOID(apply(plan, op, level, record, nesting));
  }
  return {};
}

/// Value stack entries move when deeper levels are added, so values are always asked for anew.
RecordDecoder::RawValue RecordDecoder::raw(const Piece& piece, std::optional<int> level) const {
  if (!level || static_cast<std::size_t>(piece.substitution) >= value_stack_[*level].size()) {
    return {};
  }
  return value_stack_[*level][piece.substitution];
}

Value RecordDecoder::text_of(const Plan& plan, PieceRange range, std::optional<int> level) {
  std::string text;
  for (std::uint32_t index = range.first; index < range.first + range.count; ++index) {
    const Piece& piece = plan.pieces[index];
    if (text.size() > kMaxRecordBytes) {
      break;  // keep() below takes it beyond the limit, so that the record fails at its next step
    }
    if (piece.substitution < 0) {
      text += piece.text;
    } else if (const RawValue value = raw(piece, level); value.type != kBinXmlType) {
      event::append_text(text, decode_value(value.type, value.bytes, values_));
    }
  }
  Value value;
  value.kind = ValueKind::kText;
  value.text = values_.keep(text);
  return value;
}

Result<void> RecordDecoder::nested(std::string_view bytes, const Op& op, Record& record,
                                   int nesting) {
  const auto start = static_cast<std::size_t>(bytes.data() - chunk_.data());
  Cursor cursor(chunk_, start, start + bytes.size());
  return fragment(cursor, op.nested_role, op.nested_prefix, record, nesting + 1);
}

Result<void> RecordDecoder::apply(const Plan& plan, const Op& op, std::optional<int> level,
                                  Record& record, int nesting) {
  bool all_nested = op.content.count > 0;
  for (std::uint32_t index = op.content.first; index < op.content.first + op.content.count;
       ++index) {
    const Piece& piece = plan.pieces[index];
    const RawValue value = piece.substitution >= 0 ? raw(piece, level) : RawValue{};
    if (piece.substitution >= 0 && value.type == kBinXmlType) {
      shape_ = hash_combine(shape_, index);
      TRY_VOID(nested(value.bytes, op, record, nesting));
    } else {
      all_nested = false;
    }
  }
  if (all_nested || op.only_nested) {
    return {};
  }
  Value value;
  const Piece* single = op.content.count == 1 ? &plan.pieces[op.content.first] : nullptr;
  if (single != nullptr && single->substitution >= 0) {
    const RawValue given = raw(*single, level);
    if (op.repeats && given.type == (kStringType | kArrayBit)) {
      shape_known_ = false;
      each_array_text(given.bytes, [&](std::string_view text) {
        Value item;
        item.kind = ValueKind::kText;
        item.text = utf16_text(text, values_);
        fields_.push_back({op.name, item});
      });
      return {};
    }
    value = decode_value(given.type, given.bytes, values_);
  } else if (single != nullptr) {
    value.kind = ValueKind::kText;
    value.text = single->text;
  } else if (op.content.count > 1) {
    value = text_of(plan, op.content, level);
  }
  if (op.slot != Slot::kNone) {
    set_slot(record, op.slot, value);
    return {};
  }
  std::string_view name = op.name;
  if (op.dynamic_name.count != 0) {
    name = text_of(plan, op.dynamic_name, level).text;
  }
  fields_.push_back({name, value});
  return {};
}

Result<void> RecordDecoder::decode(std::size_t offset, std::uint32_t size, Record& record) {
  values_.reset();
  fields_.clear();
  steps_left_ = kMaxSteps;
  shape_ = 0;
  shape_known_ = true;
  record = Record{};
  record.record_id = load<std::uint64_t>(chunk_, offset + 8);
  record.time = ticks_from_filetime(load<std::uint64_t>(chunk_, offset + 16));
  Cursor cursor(chunk_, offset + kRecordHeaderSize, offset + size - 4);
  const std::uint64_t numbered = record.record_id;
  TRY_VOID(fragment(cursor, Role::kDocument, {}, record, 0));
  if (record.provider.empty() && record.channel.empty() && record.event_id == 0 &&
      fields_.empty()) {
    return bad("there is no event in it");
  }
  if (record.record_id == 0) {
    record.record_id = numbered;
  }
  record.data = fields_;
  record.shape = shape_known_ ? std::max<std::uint64_t>(shape_, 1) : 0;
  return {};
}

void RecordDecoder::end_chunk() {
  constexpr std::size_t kKeptEntries = 2048;
  plans_.clear();
  if (plans_.bucket_count() > kKeptEntries) {
    plans_ = {};
  }
  plan_bytes_ = 0;
  names_.reset();
  values_.reset();
  if (fields_.capacity() > kKeptEntries) {
    fields_ = {};
  }
  for (auto& level : value_stack_) {
    if (level.capacity() > kKeptEntries) {
      level = {};
    }
  }
  chunk_ = {};
}

std::size_t RecordDecoder::retained() const {
  std::size_t sum = names_.retained() + values_.retained() + plans_.bucket_count() * sizeof(void*) +
                    fields_.capacity() * sizeof(Field) +
                    value_stack_.capacity() * sizeof value_stack_[0];
  for (const auto& level : value_stack_) {
    sum += level.capacity() * sizeof level[0];
  }
  return sum;
}

}  // namespace spoor::evtx
