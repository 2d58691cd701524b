#include "ingest/evtx/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/hash.h"
#include "base/text.h"
#include "ingest/evtx/arena.h"
#include "ingest/evtx/format.h"
#include "ingest/evtx/template.h"
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
/// Records that a chunk has room for.
constexpr std::size_t kMaxRecords = (kChunkSize - kChunkHeaderSize) / (kRecordHeaderSize + 4);

/// One value of a template instance.
struct RawValue {
  std::uint8_t type = kNullType;
  std::string_view bytes;
};

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

/// Tells records of the chunk's present life from those that an earlier one left, by the numbers in
/// their headers. Asked only where the records no longer follow each other without a gap.
class Life {
 public:
  explicit Life(std::string_view chunk)
      : first_(load<std::uint64_t>(chunk, 24)), last_(load<std::uint64_t>(chunk, 32)) {
    // A chunk that is in use may have been written without its header: 0, or all ones.
    known_ = first_ != 0 && first_ <= last_ && last_ != ~std::uint64_t{0};
  }
  void add(std::uint64_t number) { newest_ = number; }
  [[nodiscard]] bool has(std::uint64_t number) const {
    if (number <= newest_) {
      return false;  // numbers rise through a chunk
    }
    return known_ ? first_ <= number && number <= last_
                  : newest_ != 0 && number - newest_ <= kMaxRecords;
  }

 private:
  std::uint64_t first_, last_;
  bool known_ = false;
  std::uint64_t newest_ = 0;
};

}  // namespace

bool looks_like_evtx(std::string_view first_bytes) { return first_bytes.starts_with(kFileMagic); }

Source Source::from_bytes(std::string name, std::string_view bytes) {
  return {std::move(name), bytes.size(),
          [bytes](std::uint64_t offset, char* out, std::size_t size) -> Result<std::size_t> {
            return offset >= bytes.size() ? 0 : bytes.copy(out, size, offset);
          }};
}

std::size_t Source::chunk_count() const {
  return size_ <= kFileHeaderSize ? 0 : (size_ - kFileHeaderSize + kChunkSize - 1) / kChunkSize;
}

Result<std::string_view> Source::read_chunk(std::size_t index, std::string& buffer) const {
  buffer.resize(kChunkSize);
  const std::uint64_t offset = kFileHeaderSize + static_cast<std::uint64_t>(index) * kChunkSize;
  const std::size_t got = TRY(read_at_(offset, buffer.data(), kChunkSize));
  if (got < std::min<std::uint64_t>(kChunkSize, size_ - offset)) {
    return fail(Error::make(ErrorCode::kTruncated, "the file became shorter while it was read")
                    .at(name_, static_cast<std::int64_t>(offset)));
  }
  return std::string_view(buffer).substr(0, got);
}

ReadStats& ReadStats::operator+=(const ReadStats& other) {
  records += other.records;
  carved += other.carved;
  chunks += other.chunks;
  problems += other.problems;
  return *this;
}

struct Decoder::Impl {
  std::string buffer;
  std::string_view chunk;
  Arena names;   // of the chunk: names and fixed texts of its templates
  Arena values;  // of the record
  std::unordered_map<std::uint64_t, Plan> plans;
  std::vector<Field> fields;
  std::vector<std::pair<std::uint64_t, Ticks>> live;  // before slack: ids and times
  std::vector<std::vector<RawValue>> value_stack;     // by nesting, reused
  std::size_t steps_left = 0;
  std::size_t plan_bytes = 0;
  std::uint64_t shape = 0;
  bool shape_known = true;

  void start_chunk() {
    plans.clear();
    plan_bytes = 0;
    names.reset();
  }

  static std::unexpected<Error> bad(std::string reason) {
    return fail(ErrorCode::kInvalidInput, std::move(reason));
  }

  /// The plan of the definition at `offset` for a place; compiled at first use.
  Result<const Plan*> plan_at(std::size_t offset, Role role, std::string_view prefix) {
    const std::uint64_t key = hash64(prefix, offset << 8 | static_cast<std::uint64_t>(role));
    const auto found = plans.find(key);
    if (found != plans.end()) {
      return &found->second;
    }
    constexpr std::size_t kDefinitionHeader = 24;
    if (offset < kChunkHeaderSize || offset + kDefinitionHeader > chunk.size()) {
      return bad("a template lies outside of the chunk");
    }
    const auto size = load<std::uint32_t>(chunk, offset + 20);
    if (size > chunk.size() - offset - kDefinitionHeader) {
      return bad("a template reaches beyond the chunk");
    }
    if (plan_bytes + names.taken() > kMaxPlanBytes) {
      return fail(ErrorCode::kLimit, "the templates of the chunk need more than 64 MiB");
    }
    Cursor cursor(chunk, offset + kDefinitionHeader, offset + kDefinitionHeader + size);
    Plan plan = TRY(compile_fragment(cursor, role, names.keep(prefix), true, names));
    plan_bytes += plan.ops.size() * sizeof(Op) + plan.pieces.size() * sizeof(Piece);
    return &plans.emplace(key, std::move(plan)).first->second;
  }

  /// A fragment: a template instance or plain elements. `cursor` ends where the fragment's bytes
  /// end.
  Result<void> fragment(Cursor& cursor, Role role, std::string_view prefix, Record& record,
                        int nesting) {
    if (nesting >= kMaxNesting) {
      return fail(ErrorCode::kLimit, "fragments are more than 16 levels deep");
    }
    TRY_VOID(spend(1));
    while (cursor.ok && cursor.left() > 0) {
      const auto token = static_cast<std::uint8_t>(chunk[cursor.at]) & ~kMoreBit;
      if (token == kFragmentHeader) {
        cursor.take_bytes(4);
      } else if (token == kTemplateInstance) {
        TRY_VOID(instance(cursor, role, prefix, record, nesting));
      } else if (token == kOpenStartElement) {
        TRY_VOID(spend(cursor.left() / 16));
        const Plan plan = TRY(compile_fragment(cursor, role, prefix, false, values));
        TRY_VOID(run(plan, {}, record, nesting));
        return {};
      } else {
        return {};
      }
    }
    return {};
  }

  Result<void> instance(Cursor& cursor, Role role, std::string_view prefix, Record& record,
                        int nesting) {
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
    if (value_stack.size() <= static_cast<std::size_t>(nesting)) {
      value_stack.resize(nesting + 1);
    }
    const std::size_t descriptors = cursor.at;
    cursor.at += count * 4u;
    {
      auto& found = value_stack[nesting];
      found.clear();
      for (std::size_t index = 0; index < count; ++index) {
        const auto size = load<std::uint16_t>(chunk, descriptors + index * 4);
        const auto type = load<std::uint8_t>(chunk, descriptors + index * 4 + 2);
        found.push_back({type, cursor.take_bytes(size)});
      }
    }
    if (!cursor.ok) {
      return bad("a value reaches beyond its record");
    }
    return run(plan, nesting, record, nesting);
  }

  /// Counts work against what one record may cost.
  Result<void> spend(std::size_t steps) {
    if (steps > steps_left) {
      return fail(ErrorCode::kLimit, "the record takes more than 200,000 steps");
    }
    if (values.taken() > kMaxRecordBytes) {
      return fail(ErrorCode::kLimit, "the texts of the record need more than 8 MiB");
    }
    steps_left -= steps;
    return {};
  }

  Result<void> run(const Plan& plan, std::optional<int> level, Record& record, int nesting) {
    if (plan.shape == 0) {
      shape_known = false;
    }
    shape = hash_combine(shape, plan.shape);
    for (const Op& op : plan.ops) {
      if (fields.size() > kMaxFields) {
        return fail(ErrorCode::kLimit, "the record has more than 20,000 fields");
      }
      TRY_VOID(spend(1 + op.content.count + op.dynamic_name.count));
      TRY_VOID(apply(plan, op, level, record, nesting));
    }
    return {};
  }

  /// Value stack entries move when deeper levels are added, so values are always asked for anew.
  [[nodiscard]] RawValue raw(const Piece& piece, std::optional<int> level) const {
    if (!level || static_cast<std::size_t>(piece.substitution) >= value_stack[*level].size()) {
      return {};
    }
    return value_stack[*level][piece.substitution];
  }

  Value text_of(const Plan& plan, PieceRange range, std::optional<int> level) {
    std::string text;
    for (std::uint32_t index = range.first; index < range.first + range.count; ++index) {
      const Piece& piece = plan.pieces[index];
      if (text.size() > kMaxRecordBytes) {
        break;  // keep() below takes it beyond the limit, so that the record fails at its next step
      }
      if (piece.substitution < 0) {
        text += piece.text;
      } else if (const RawValue value = raw(piece, level); value.type != kBinXmlType) {
        event::append_text(text, decode_value(value.type, value.bytes, values));
      }
    }
    Value value;
    value.kind = ValueKind::kText;
    value.text = values.keep(text);
    return value;
  }

  Result<void> nested(std::string_view bytes, const Op& op, Record& record, int nesting) {
    const auto start = static_cast<std::size_t>(bytes.data() - chunk.data());
    Cursor cursor(chunk, start, start + bytes.size());
    return fragment(cursor, op.nested_role, op.nested_prefix, record, nesting + 1);
  }

  Result<void> apply(const Plan& plan, const Op& op, std::optional<int> level, Record& record,
                     int nesting) {
    bool all_nested = op.content.count > 0;
    for (std::uint32_t index = op.content.first; index < op.content.first + op.content.count;
         ++index) {
      const Piece& piece = plan.pieces[index];
      const RawValue value = piece.substitution >= 0 ? raw(piece, level) : RawValue{};
      if (piece.substitution >= 0 && value.type == kBinXmlType) {
        shape = hash_combine(shape, index);
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
        shape_known = false;
        each_array_text(given.bytes, [&](std::string_view text) {
          Value item;
          item.kind = ValueKind::kText;
          item.text = utf16_text(text, values);
          fields.push_back({op.name, item});
        });
        return {};
      }
      value = decode_value(given.type, given.bytes, values);
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
    fields.push_back({name, value});
    return {};
  }

  /// Decodes the record at `offset` of the chunk, whose header was checked.
  Result<void> decode_record(const Source& source, std::size_t offset, std::uint32_t size,
                             std::uint64_t chunk_start, Record& record) {
    values.reset();
    fields.clear();
    steps_left = kMaxSteps;
    shape = 0;
    shape_known = true;
    record = Record{};
    record.source_kind = "evtx";
    record.file = source.name();
    record.offset = chunk_start + offset;
    record.record_id = load<std::uint64_t>(chunk, offset + 8);
    record.time = ticks_from_filetime(load<std::uint64_t>(chunk, offset + 16));
    Cursor cursor(chunk, offset + kRecordHeaderSize, offset + size - 4);
    const std::uint64_t numbered = record.record_id;
    TRY_VOID(fragment(cursor, Role::kDocument, {}, record, 0));
    if (record.provider.empty() && record.channel.empty() && record.event_id == 0 &&
        fields.empty()) {
      return bad("there is no event in it");
    }
    if (record.record_id == 0) {
      record.record_id = numbered;
    }
    record.data = fields;
    record.shape = shape_known ? std::max<std::uint64_t>(shape, 1) : 0;
    return {};
  }

  /// Size of the record whose header stands at `offset`, 0 where there is none that can be right.
  [[nodiscard]] std::uint32_t record_size_at(std::size_t offset, std::size_t end) const {
    if (offset + kRecordHeaderSize + 4 > end ||
        load<std::uint32_t>(chunk, offset) != kRecordMagic) {
      return 0;
    }
    const auto size = load<std::uint32_t>(chunk, offset + 4);
    if (size < kRecordHeaderSize + 4 || size > end - offset ||
        load<std::uint32_t>(chunk, offset + size - 4) != size) {
      return 0;
    }
    return size;
  }

  [[nodiscard]] std::size_t find_magic(std::size_t from, std::size_t end) const {
    const std::size_t found = chunk.substr(0, end).find(std::string_view("**\0\0", 4), from);
    return found == std::string_view::npos ? end : found;
  }

  /// Records up to the free space offset, which parts live ones from slack; where that offset
  /// cannot be right, up to the end. Says where slack begins.
  template <class OnBad>
  std::size_t read_live(const Source& source, std::uint64_t start, ReadStats& stats,
                        const OnRecord& on_record, const OnBad& problem) {
    live.clear();
    const auto free_space = load<std::uint32_t>(chunk, 48);
    const bool end_known = free_space >= kChunkHeaderSize && free_space <= kChunkSize;
    std::size_t end = end_known ? free_space : kChunkSize;
    if (chunk.size() < end) {
      problem(chunk.size(), "the file ends inside a chunk");
      end = chunk.size();
    }
    Life life(chunk);
    // Records that follow each other from the chunk's start are of its present life. Behind a gap
    // or an unknown end there may be others.
    bool in_row = true;
    Record record;
    for (std::size_t at = kChunkHeaderSize; at < end;) {
      const std::uint32_t size = record_size_at(at, end);
      if (size == 0) {
        if (chunk.substr(at, end - at).find_first_not_of('\0') == std::string_view::npos) {
          return end;
        }
        if (record_size_at(at, chunk.size()) != 0) {
          problem(at, "the free space begins inside this record, which is carved");
          return at;
        }
        problem(at, "no record starts here; the next one is searched for");
        in_row = false;
        at = find_magic(at + 1, end);
        continue;
      }
      const auto number = load<std::uint64_t>(chunk, at + 8);
      if (const auto decoded = decode_record(source, at, size, start, record)) {
        record.carved = !in_row && !life.has(number);
        ++(record.carved ? stats.carved : stats.records);
        live.emplace_back(record.record_id, record.time);
        if (!record.carved) {
          life.add(number);
        }
        on_record(record);
      } else {
        problem(at, "record: " + decoded.error().message);
      }
      in_row = in_row && end_known;
      at += size;
    }
    return end;
  }

  /// Records from `slack` on that are none of the live ones.
  void carve(const Source& source, std::uint64_t start, std::size_t slack, ReadStats& stats,
             const OnRecord& on_record) {
    std::ranges::sort(live);
    Record record;
    for (std::size_t at = find_magic(slack, chunk.size()); at < chunk.size();) {
      const std::uint32_t size = record_size_at(at, chunk.size());
      // What is broken in slack was overwritten: that is how it should be, and no problem of the
      // file.
      if (size != 0 && decode_record(source, at, size, start, record) &&
          !std::ranges::binary_search(live, std::pair(record.record_id, record.time))) {
        record.carved = true;
        ++stats.carved;
        on_record(record);
      }
      at = find_magic(at + (size != 0 ? size : 1), chunk.size());
    }
  }
};

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

ReadStats Decoder::decode_chunk(const Source& source, std::size_t index, const OnRecord& on_record,
                                const OnProblem& on_problem) {
  Impl& impl = *impl_;
  ReadStats stats;
  const std::uint64_t start = kFileHeaderSize + static_cast<std::uint64_t>(index) * kChunkSize;
  const auto problem = [&](std::uint64_t offset, std::string reason) {
    ++stats.problems;
    on_problem({start + offset, std::move(reason)});
  };
  auto chunk = source.read_chunk(index, impl.buffer);
  if (!chunk) {
    problem(0, chunk.error().message);
    return stats;
  }
  impl.chunk = *chunk;
  impl.start_chunk();
  if (chunk->size() < kChunkHeaderSize || !chunk->starts_with(kChunkMagic)) {
    if (chunk->find_first_not_of('\0') == std::string_view::npos) {
      return stats;  // Logs are grown by chunks that hold nothing yet.
    }
    problem(0, chunk->size() < kChunkHeaderSize
                   ? "the file ends inside a chunk's header"
                   : "a chunk does not start with its magic; its records are carved");
    impl.live.clear();
    impl.carve(source, start, kChunkHeaderSize, stats, on_record);
    return stats;
  }
  ++stats.chunks;
  const std::size_t slack = impl.read_live(source, start, stats, on_record, problem);
  impl.carve(source, start, slack, stats, on_record);
  return stats;
}

ReadStats read(const Source& source, const OnRecord& on_record, const OnProblem& on_problem) {
  ReadStats stats;
  Decoder decoder;
  for (std::size_t index = 0; index < source.chunk_count(); ++index) {
    stats += decoder.decode_chunk(source, index, on_record, on_problem);
  }
  return stats;
}

}  // namespace spoor::evtx
