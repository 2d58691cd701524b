#include "event/record_codec.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>
#include <unordered_map>

#include "base/hash.h"
#include "base/text.h"
#include "event/native_format.h"
#include "json/reader.h"

namespace spoor::event {
namespace {

constexpr std::string_view kMagic = "SPRB";
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kCarvedFlag = 1;
/// Least bytes that a text, a field and a record take: bounds counts before anything is made.
constexpr std::size_t kLeastText = 1;
constexpr std::size_t kLeastField = 2;
constexpr std::size_t kLeastRecord = 20;

std::uint64_t zigzag(std::int64_t number) {
  return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
}

std::int64_t unzigzag(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

/// Shapes of one process must not be guessed by those who send names: look-ups are kept by them.
std::uint64_t shape_seed() {
  static const std::uint64_t seed = [] {
    std::random_device random;
    return static_cast<std::uint64_t>(random()) << 32 | random();
  }();
  return seed;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};

}  // namespace

struct RecordBlockWriter::Impl {
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> numbers;
  std::string texts;
  std::string body;
  std::size_t records = 0;

  std::uint64_t number_of(std::string_view text) {
    if (text.empty()) {
      return 0;
    }
    const auto found = numbers.find(text);
    if (found != numbers.end()) {
      return found->second;
    }
    native::append_text(texts, text);
    return numbers.emplace(std::string(text), numbers.size() + 1).first->second;
  }
  void put(std::uint64_t number) { native::append_varint(body, number); }
  void put_value(const Value& value);
};

void RecordBlockWriter::Impl::put_value(const Value& value) {
  body += static_cast<char>(value.kind);
  switch (value.kind) {
    case ValueKind::kNull:
      return;
    case ValueKind::kText:
    case ValueKind::kGuid:
    case ValueKind::kSid:
    case ValueKind::kBinary:
    case ValueKind::kJson:
      native::append_text(body, value.text);
      return;
    case ValueKind::kInt:
    case ValueKind::kTime:
      put(zigzag(value.number));
      return;
    case ValueKind::kUInt:
    case ValueKind::kHex:
    case ValueKind::kBool:
      put(static_cast<std::uint64_t>(value.number));
      return;
    case ValueKind::kReal: {
      char bytes[sizeof value.real];
      std::memcpy(bytes, &value.real, sizeof bytes);
      body.append(bytes, sizeof bytes);
      return;
    }
  }
}

RecordBlockWriter::RecordBlockWriter() : impl_(std::make_unique<Impl>()) {}
RecordBlockWriter::~RecordBlockWriter() = default;
RecordBlockWriter::RecordBlockWriter(RecordBlockWriter&&) noexcept = default;
RecordBlockWriter& RecordBlockWriter::operator=(RecordBlockWriter&&) noexcept = default;

void RecordBlockWriter::add(const Record& record) {
  Impl& to = *impl_;
  to.body += static_cast<char>(record.carved ? kCarvedFlag : 0);
  for (const std::string_view text :
       {record.source_kind, record.channel, record.provider, record.computer, record.user_sid,
        record.activity_id, record.file}) {
    to.put(to.number_of(text));
  }
  for (const std::uint64_t number :
       {std::uint64_t{record.event_id}, std::uint64_t{record.version}, std::uint64_t{record.level},
        std::uint64_t{record.opcode}, std::uint64_t{record.task}, record.keywords, record.record_id,
        zigzag(record.time), std::uint64_t{record.process_id}, std::uint64_t{record.thread_id},
        record.offset, std::uint64_t{record.data.size()}}) {
    to.put(number);
  }
  for (const Field& field : record.data) {
    to.put(to.number_of(field.name));
    to.put_value(field.value);
  }
  ++to.records;
}

std::size_t RecordBlockWriter::records() const { return impl_->records; }

std::size_t RecordBlockWriter::bytes() const {
  constexpr std::size_t kMostHead = 35;
  return kMostHead + impl_->texts.size() + impl_->body.size();
}

void RecordBlockWriter::finish(std::string& out) {
  out += kMagic;
  out += static_cast<char>(kVersion);
  native::append_varint(out, impl_->numbers.size());
  native::append_varint(out, impl_->records);
  out += impl_->texts;
  out += impl_->body;
  impl_->numbers.clear();
  impl_->texts.clear();
  impl_->body.clear();
  impl_->records = 0;
}

/// Reads with every bound checked; after a failure all reads give nothing and `failure` stays.
struct RecordBlockReader::Cursor {
  std::string_view bytes;
  std::size_t at = 0;
  const char* failure = nullptr;
  bool is_cut = false;

  [[nodiscard]] std::size_t left() const { return bytes.size() - at; }
  void refuse(const char* why) {
    if (failure == nullptr) {
      failure = why;
    }
  }
  void cut() {
    is_cut = failure == nullptr;
    refuse("it ends too early");
  }

  std::uint8_t byte() {
    if (failure != nullptr || left() == 0) {
      cut();
      return 0;
    }
    return static_cast<std::uint8_t>(bytes[at++]);
  }
  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      if (shift == 63 && next > 1) {
        break;
      }
      number |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) {
        return number;
      }
    }
    refuse("a number is too long");
    return 0;
  }
  std::uint64_t varint_below(std::uint64_t limit, const char* why) {
    const std::uint64_t number = varint();
    if (number >= limit) {
      refuse(why);
      return 0;
    }
    return number;
  }
  template <class Integer>
  Integer integer() {
    const std::uint64_t number = varint();
    if (number > std::numeric_limits<Integer>::max()) {
      refuse("a number is out of its range");
      return 0;
    }
    return static_cast<Integer>(number);
  }
  Ticks time() {
    const std::int64_t ticks = unzigzag(varint());
    if (ticks < kYearOne || ticks > kMaxTicks) {
      refuse("a time is out of range");
      return 0;
    }
    return ticks;
  }
  std::string_view raw(std::uint64_t size) {
    if (failure != nullptr || size > left()) {
      cut();
      return {};
    }
    const std::string_view taken = bytes.substr(at, size);
    at += size;
    return taken;
  }
  std::string_view text() {
    const std::string_view taken = raw(varint());
    if (!is_valid_utf8(taken)) {
      refuse("a text is no UTF-8");
      return {};
    }
    return taken;
  }
  /// The failure, where there is one.
  [[nodiscard]] Result<void> check() const {
    if (failure == nullptr) {
      return {};
    }
    return fail(Error::make(is_cut ? ErrorCode::kTruncated : ErrorCode::kInvalidInput,
                            std::string("the block of records is bad: ") + failure)
                    .at("", static_cast<std::int64_t>(at)));
  }

  Value value();
};

Value RecordBlockReader::Cursor::value() {
  Value value;
  const std::uint8_t kind = byte();
  if (kind > static_cast<std::uint8_t>(ValueKind::kJson)) {
    refuse("a value is of no known kind");
    return value;
  }
  value.kind = static_cast<ValueKind>(kind);
  switch (value.kind) {
    case ValueKind::kNull:
      break;
    case ValueKind::kText:
    case ValueKind::kGuid:
    case ValueKind::kSid:
      value.text = text();
      break;
    case ValueKind::kJson:
      value.text = text();
      // It is put into the record's own JSON as it stands.
      if (failure == nullptr && !json::parse(value.text)) {
        refuse("a JSON value is no JSON");
      }
      break;
    case ValueKind::kBinary:
      value.text = raw(varint());
      break;
    case ValueKind::kInt:
      value.number = unzigzag(varint());
      break;
    case ValueKind::kTime:
      value.number = time();
      break;
    case ValueKind::kUInt:
    case ValueKind::kHex:
      value.number = static_cast<std::int64_t>(varint());
      break;
    case ValueKind::kBool:
      value.number = static_cast<std::int64_t>(varint_below(2, "a truth value is neither"));
      break;
    case ValueKind::kReal: {
      const std::string_view taken = raw(sizeof value.real);
      if (!taken.empty()) {
        std::memcpy(&value.real, taken.data(), sizeof value.real);
      }
      break;
    }
  }
  return value;
}

Result<void> RecordBlockReader::read_texts(Cursor& cursor, std::uint64_t count) {
  texts_.assign(1, {});
  text_hashes_.assign(1, shape_seed());
  for (std::uint64_t at = 0; at < count && cursor.failure == nullptr; ++at) {
    texts_.push_back(cursor.text());
    text_hashes_.push_back(hash64(texts_.back(), shape_seed()));
  }
  return cursor.check();
}

Result<void> RecordBlockReader::read_record(Cursor& cursor, Record& record) {
  const auto shared = [&] {
    return texts_[cursor.varint_below(texts_.size(), "a text's number is none")];
  };
  const std::uint8_t flags = cursor.byte();
  if (flags > kCarvedFlag) {
    cursor.refuse("a record has unknown flags");
  }
  record.carved = flags == kCarvedFlag;
  record.source_kind = shared();
  record.channel = shared();
  record.provider = shared();
  record.computer = shared();
  record.user_sid = shared();
  record.activity_id = shared();
  record.file = shared();
  record.event_id = cursor.integer<std::uint32_t>();
  record.version = cursor.integer<std::uint8_t>();
  record.level = cursor.integer<std::uint8_t>();
  record.opcode = cursor.integer<std::uint8_t>();
  record.task = cursor.integer<std::uint16_t>();
  record.keywords = cursor.varint();
  record.record_id = cursor.varint();
  record.time = cursor.time();
  record.process_id = cursor.integer<std::uint32_t>();
  record.thread_id = cursor.integer<std::uint32_t>();
  record.offset = cursor.varint();
  const std::uint64_t count = cursor.varint();
  if (count > limits_.fields) {
    return fail(ErrorCode::kLimit, "a record has too many fields");
  }
  if (count > cursor.left() / kLeastField) {
    cursor.cut();
  }
  fields_.clear();
  std::uint64_t shape = shape_seed();
  for (std::uint64_t at = 0; at < count && cursor.failure == nullptr; ++at) {
    const std::uint64_t name = cursor.varint_below(texts_.size(), "a text's number is none");
    shape = hash_combine(shape, text_hashes_[name]);
    Field field;
    field.name = texts_[name];
    field.value = cursor.value();
    fields_.push_back(field);
  }
  record.data = fields_;
  record.shape = std::max<std::uint64_t>(shape, 1);
  return cursor.check();
}

Result<void> RecordBlockReader::read(std::string_view block,
                                     const std::function<void(const Record&)>& on_record) {
  if (block.size() > limits_.bytes) {
    return fail(ErrorCode::kLimit, "a block of records is too large");
  }
  Cursor cursor{block};
  if (cursor.raw(kMagic.size()) != kMagic) {
    cursor.refuse("it does not start with its magic");
  }
  if (cursor.byte() != kVersion) {
    cursor.refuse("it is of another version");
  }
  const std::uint64_t texts = cursor.varint();
  const std::uint64_t records = cursor.varint();
  TRY_VOID(cursor.check());
  if (records > limits_.records) {
    return fail(ErrorCode::kLimit, "a block has too many records");
  }
  if (texts > cursor.left() / kLeastText || records > cursor.left() / kLeastRecord) {
    cursor.cut();
    return cursor.check();
  }
  TRY_VOID(read_texts(cursor, texts));
  for (std::uint64_t at = 0; at < records; ++at) {
    Record record;
    TRY_VOID(read_record(cursor, record));
    on_record(record);
  }
  if (cursor.left() != 0) {
    cursor.refuse("there is more behind its records");
  }
  return cursor.check();
}

}  // namespace spoor::event
