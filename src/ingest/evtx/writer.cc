#include "ingest/evtx/writer.h"

#include <fmt/format.h>
#include <zlib.h>

#include "base/hash.h"
#include "base/text.h"
#include "ingest/evtx/format.h"

namespace spoor::evtx {
namespace {

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
void put_at(std::string& out, std::size_t at, T value) {
  out.replace(at, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
WriteValue fixed(std::uint8_t type, T number) {
  WriteValue value{type, {}};
  put(value.bytes, number);
  return value;
}

std::uint32_t checksum(std::string_view bytes, std::uint32_t start = 0) {
  return static_cast<std::uint32_t>(
      crc32(start, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// Hash of a name in the chunk's string table.
std::uint16_t name_hash(std::string_view utf16) {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at + 1 < utf16.size(); at += 2) {
    hash = hash * 65599 + load<std::uint16_t>(utf16, at);
  }
  return static_cast<std::uint16_t>(hash);
}

constexpr std::size_t kNameTable = 128;
constexpr std::size_t kTemplateTable = 384;
constexpr std::size_t kSystemValues = 14;
/// Bytes of a record with its template. libevtx passes over one that ends with its chunk, so eight
/// stay free.
constexpr std::size_t kLargestRecord = kChunkSize - kChunkHeaderSize - 8;

/// Values of the System element, in the order that put_template numbers them.
std::vector<WriteValue> system_values(const WriteEvent& event, std::uint64_t record_id) {
  return {WriteValue::text(event.provider),    WriteValue::uint16(event.event_id),
          WriteValue::uint8(event.version),    WriteValue::uint8(event.level),
          WriteValue::uint16(event.task),      WriteValue::uint8(event.opcode),
          WriteValue::hex64(event.keywords),   WriteValue::time(event.time),
          WriteValue::uint64(record_id),       WriteValue::uint32(event.process_id),
          WriteValue::uint32(event.thread_id), WriteValue::text(event.channel),
          WriteValue::text(event.computer),    WriteValue::sid(event.user_sid)};
}

std::string shape_of(const WriteEvent& event) {
  std::string key;
  for (const auto& [name, value] : event.data) {
    key += name;
    key += '\0';
    key += static_cast<char>(value.type);
  }
  return key;
}

}  // namespace

WriteValue WriteValue::text(std::string_view utf8) { return {kStringType, to_utf16le(utf8)}; }
WriteValue WriteValue::int32(std::int32_t number) { return fixed(kInt32Type, number); }
WriteValue WriteValue::uint8(std::uint8_t number) { return fixed(kUInt8Type, number); }
WriteValue WriteValue::uint16(std::uint16_t number) { return fixed(kUInt16Type, number); }
WriteValue WriteValue::uint32(std::uint32_t number) { return fixed(kUInt32Type, number); }
WriteValue WriteValue::uint64(std::uint64_t number) { return fixed(kUInt64Type, number); }
WriteValue WriteValue::hex64(std::uint64_t number) { return fixed(kHex64Type, number); }
WriteValue WriteValue::boolean(bool flag) { return fixed<std::uint32_t>(kBoolType, flag ? 1 : 0); }
WriteValue WriteValue::time(Ticks time) {
  return fixed<std::uint64_t>(kFiletimeType, static_cast<std::uint64_t>(time - kFiletimeEpoch));
}

WriteValue WriteValue::guid(std::string_view text) {
  std::string digits;
  for (const char letter : text) {
    if (letter != '{' && letter != '}' && letter != '-') {
      digits += letter;
    }
  }
  const auto raw = digits.size() == 32 ? unhex(digits) : std::nullopt;
  if (!raw) {
    return {};
  }
  // The first three groups are numbers, the rest is bytes (RFC 4122 4.1.2 in little endian).
  std::string bytes = *raw;
  std::swap(bytes[0], bytes[3]);
  std::swap(bytes[1], bytes[2]);
  std::swap(bytes[4], bytes[5]);
  std::swap(bytes[6], bytes[7]);
  return {kGuidType, bytes};
}

WriteValue WriteValue::sid(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() < 3 || parts[0] != "S" || parts.size() > 18) {
    return {};
  }
  WriteValue value{kSidType, {}};
  value.bytes += static_cast<char>(parse_int(parts[1]).value_or(1));
  value.bytes += static_cast<char>(parts.size() - 3);
  const auto authority = static_cast<std::uint64_t>(parse_int(parts[2]).value_or(0));
  for (int shift = 40; shift >= 0; shift -= 8) {
    value.bytes += static_cast<char>(authority >> shift);
  }
  for (std::size_t index = 3; index < parts.size(); ++index) {
    put(value.bytes, static_cast<std::uint32_t>(parse_int(parts[index]).value_or(0)));
  }
  return value;
}

void Writer::start_chunk() {
  chunk_.assign(kChunkHeaderSize, '\0');
  names_.clear();
  templates_.clear();
  first_number_ = number_ + 1;
  first_id_ = 0;
}

void Writer::end_chunk() {
  const auto free_space = static_cast<std::uint32_t>(chunk_.size());
  chunk_.replace(0, kChunkMagic.size(), kChunkMagic);
  put_at<std::uint64_t>(chunk_, 8, first_number_);
  put_at<std::uint64_t>(chunk_, 16, number_);
  put_at<std::uint64_t>(chunk_, 24, first_id_);
  put_at<std::uint64_t>(chunk_, 32, last_id_);
  put_at<std::uint32_t>(chunk_, 40, 128);
  put_at<std::uint32_t>(chunk_, 44, last_offset_);
  put_at<std::uint32_t>(chunk_, 48, free_space);
  put_at<std::uint32_t>(chunk_, 52, checksum(std::string_view(chunk_).substr(kChunkHeaderSize)));
  const std::string_view header(chunk_);
  put_at<std::uint32_t>(
      chunk_, 124,
      checksum(header.substr(128, kChunkHeaderSize - 128), checksum(header.substr(0, 120))));
  chunk_.resize(kChunkSize, '\0');
  file_ += chunk_;
  chunk_.clear();
  ++chunks_;
}

void Writer::put_name(std::string_view name) {
  const auto known = names_.find(std::string(name));
  if (known != names_.end()) {
    put<std::uint32_t>(chunk_, known->second);
    return;
  }
  const auto offset = static_cast<std::uint32_t>(chunk_.size() + 4);
  put<std::uint32_t>(chunk_, offset);
  const std::string utf16 = to_utf16le(name);
  const std::uint16_t hash = name_hash(utf16);
  const std::size_t bucket = kNameTable + hash % 64 * 4;
  put<std::uint32_t>(chunk_, load<std::uint32_t>(chunk_, bucket));
  put_at<std::uint32_t>(chunk_, bucket, offset);
  put<std::uint16_t>(chunk_, hash);
  put<std::uint16_t>(chunk_, static_cast<std::uint16_t>(utf16.size() / 2));
  chunk_ += utf16;
  put<std::uint16_t>(chunk_, 0);
  names_.emplace(name, offset);
}

void Writer::put_template(const WriteEvent& event) {
  const std::string shape = shape_of(event);
  const auto offset = static_cast<std::uint32_t>(chunk_.size());
  templates_.emplace(shape, offset);
  const std::uint64_t id = hash64(shape);
  const std::size_t bucket = kTemplateTable + id % 32 * 4;
  put<std::uint32_t>(chunk_, load<std::uint32_t>(chunk_, bucket));
  put_at<std::uint32_t>(chunk_, bucket, offset);
  put<std::uint64_t>(chunk_, id);
  put<std::uint64_t>(chunk_, id ^ 0x5bd1e995);
  const std::size_t size_at = chunk_.size();
  put<std::uint32_t>(chunk_, 0);

  chunk_.append("\x0f\x01\x01\x00", 4);
  /// Opens an element; its size is put in by close().
  const auto open = [&](std::string_view name, bool has_attributes) {
    put<std::uint8_t>(chunk_, kOpenStartElement | (has_attributes ? kMoreBit : 0));
    put<std::uint16_t>(chunk_, 0xffff);
    const std::size_t at = chunk_.size();
    put<std::uint32_t>(chunk_, 0);
    put_name(name);
    return at;
  };
  const auto close = [&](std::size_t at) {
    put<std::uint8_t>(chunk_, kEndElement);
    put_at<std::uint32_t>(chunk_, at, static_cast<std::uint32_t>(chunk_.size() - at - 4));
  };
  const auto close_empty = [&](std::size_t at) {
    put<std::uint8_t>(chunk_, kCloseEmptyElement);
    put_at<std::uint32_t>(chunk_, at, static_cast<std::uint32_t>(chunk_.size() - at - 4));
  };
  const auto begin_attributes = [&] {
    const std::size_t at = chunk_.size();
    put<std::uint32_t>(chunk_, 0);
    return at;
  };
  const auto end_attributes = [&](std::size_t at) {
    put_at<std::uint32_t>(chunk_, at, static_cast<std::uint32_t>(chunk_.size() - at - 4));
  };
  const auto attribute = [&](std::string_view name, bool more) {
    put<std::uint8_t>(chunk_, kAttribute | (more ? kMoreBit : 0));
    put_name(name);
  };
  const auto fixed_text = [&](std::string_view text) {
    put<std::uint8_t>(chunk_, kValueText);
    put<std::uint8_t>(chunk_, kStringType);
    const std::string utf16 = to_utf16le(text);
    put<std::uint16_t>(chunk_, static_cast<std::uint16_t>(utf16.size() / 2));
    chunk_ += utf16;
  };
  const auto substitution = [&](std::size_t index, std::uint8_t type) {
    put<std::uint8_t>(chunk_, kOptionalSubstitution);
    put<std::uint16_t>(chunk_, static_cast<std::uint16_t>(index));
    put<std::uint8_t>(chunk_, type);
  };
  const auto text_element = [&](std::string_view name, std::size_t index, std::uint8_t type) {
    const std::size_t element = open(name, false);
    put<std::uint8_t>(chunk_, kCloseStartElement);
    substitution(index, type);
    close(element);
  };
  const auto attribute_element =
      [&](std::string_view name,
          std::vector<std::tuple<std::string_view, std::size_t, std::uint8_t>> attributes) {
        const std::size_t element = open(name, true);
        const std::size_t list = begin_attributes();
        for (std::size_t at = 0; at < attributes.size(); ++at) {
          attribute(std::get<0>(attributes[at]), at + 1 < attributes.size());
          substitution(std::get<1>(attributes[at]), std::get<2>(attributes[at]));
        }
        end_attributes(list);
        close_empty(element);
      };

  const std::size_t root = open("Event", true);
  const std::size_t root_attributes = begin_attributes();
  attribute("xmlns", false);
  fixed_text("http://schemas.microsoft.com/win/2004/08/events/event");
  end_attributes(root_attributes);
  put<std::uint8_t>(chunk_, kCloseStartElement);

  const std::size_t system = open("System", false);
  put<std::uint8_t>(chunk_, kCloseStartElement);
  attribute_element("Provider", {{"Name", 0, kStringType}});
  text_element("EventID", 1, kUInt16Type);
  text_element("Version", 2, kUInt8Type);
  text_element("Level", 3, kUInt8Type);
  text_element("Task", 4, kUInt16Type);
  text_element("Opcode", 5, kUInt8Type);
  text_element("Keywords", 6, kHex64Type);
  attribute_element("TimeCreated", {{"SystemTime", 7, kFiletimeType}});
  text_element("EventRecordID", 8, kUInt64Type);
  attribute_element("Execution", {{"ProcessID", 9, kUInt32Type}, {"ThreadID", 10, kUInt32Type}});
  text_element("Channel", 11, kStringType);
  text_element("Computer", 12, kStringType);
  attribute_element("Security", {{"UserID", 13, kSidType}});
  close(system);

  const std::size_t data = open("EventData", false);
  put<std::uint8_t>(chunk_, kCloseStartElement);
  for (std::size_t index = 0; index < event.data.size(); ++index) {
    const bool is_named = !event.data[index].first.empty();
    const std::size_t element = open("Data", is_named);
    if (is_named) {
      const std::size_t list = begin_attributes();
      attribute("Name", false);
      fixed_text(event.data[index].first);
      end_attributes(list);
    }
    put<std::uint8_t>(chunk_, kCloseStartElement);
    substitution(kSystemValues + index, event.data[index].second.type);
    close(element);
  }
  close(data);
  close(root);
  put<std::uint8_t>(chunk_, kEndOfFragment);
  put_at<std::uint32_t>(chunk_, size_at, static_cast<std::uint32_t>(chunk_.size() - size_at - 4));
}

void Writer::put_record(const WriteEvent& event, std::uint64_t record_id, const std::string& shape,
                        const std::vector<WriteValue>& values) {
  const std::size_t start = chunk_.size();
  put<std::uint32_t>(chunk_, kRecordMagic);
  put<std::uint32_t>(chunk_, 0);
  put<std::uint64_t>(chunk_, record_id);
  put<std::uint64_t>(chunk_, static_cast<std::uint64_t>(event.time - kFiletimeEpoch));
  chunk_.append("\x0f\x01\x01\x00", 4);
  put<std::uint8_t>(chunk_, kTemplateInstance);
  put<std::uint8_t>(chunk_, 1);
  put<std::uint32_t>(chunk_, static_cast<std::uint32_t>(hash64(shape)));
  const auto known = templates_.find(shape);
  if (known != templates_.end()) {
    put<std::uint32_t>(chunk_, known->second);
  } else {
    put<std::uint32_t>(chunk_, static_cast<std::uint32_t>(chunk_.size() + 4));
    put_template(event);
  }
  put<std::uint32_t>(chunk_, static_cast<std::uint32_t>(values.size()));
  for (const WriteValue& value : values) {
    put<std::uint16_t>(chunk_, static_cast<std::uint16_t>(value.bytes.size()));
    put<std::uint8_t>(chunk_, value.type);
    put<std::uint8_t>(chunk_, 0);
  }
  for (const WriteValue& value : values) {
    chunk_ += value.bytes;
  }
  put<std::uint8_t>(chunk_, kEndOfFragment);
  while ((chunk_.size() - start + 4) % 8 != 0) {
    chunk_ += '\0';
  }
  put<std::uint32_t>(chunk_, static_cast<std::uint32_t>(chunk_.size() - start + 4));
  put_at<std::uint32_t>(chunk_, start + 4, static_cast<std::uint32_t>(chunk_.size() - start));
}

Result<void> Writer::add(const WriteEvent& event) {
  const std::uint64_t record_id = event.record_id != 0 ? event.record_id : next_record_;
  std::vector<WriteValue> values = system_values(event, record_id);
  std::size_t bound = 256;
  std::size_t definition = 4096;
  for (const auto& [name, value] : event.data) {
    values.push_back(value);
    definition += 96 + name.size() * 6;
  }
  for (const WriteValue& value : values) {
    bound += value.bytes.size() + 4;
  }
  const std::string shape = shape_of(event);
  const auto needed = [&] { return bound + (templates_.contains(shape) ? 0 : definition); };
  if (!chunk_.empty() && chunk_.size() + needed() > kChunkSize) {
    end_chunk();
  }
  if (chunk_.empty()) {
    start_chunk();
  }
  // Only the first record of a chunk can be too large here: others were held against the bound.
  const std::size_t start = chunk_.size();
  put_record(event, record_id, shape, values);
  const std::size_t size = chunk_.size() - start;
  if (size > kLargestRecord) {
    chunk_.clear();
    return fail(ErrorCode::kLimit,
                fmt::format("the event needs {} bytes in the log, a chunk has room for {}", size,
                            kLargestRecord));
  }

  ++number_;
  last_offset_ = static_cast<std::uint32_t>(start);
  last_id_ = record_id;
  first_id_ = first_id_ == 0 ? record_id : first_id_;
  next_record_ = record_id + 1;
  return {};
}

std::string Writer::finish() {
  if (!chunk_.empty()) {
    end_chunk();
  }
  std::string header(kFileHeaderSize, '\0');
  header.replace(0, kFileMagic.size(), kFileMagic);
  put_at<std::uint64_t>(header, 16, chunks_ == 0 ? 0 : chunks_ - 1);
  put_at<std::uint64_t>(header, 24, next_record_);
  put_at<std::uint32_t>(header, 32, 128);
  put_at<std::uint16_t>(header, 36, 1);
  put_at<std::uint16_t>(header, 38, 3);
  put_at<std::uint16_t>(header, 40, kFileHeaderSize);
  put_at<std::uint16_t>(header, 42, chunks_);
  put_at<std::uint32_t>(header, 124, checksum(std::string_view(header).substr(0, 120)));
  std::string file = header + file_;
  *this = Writer{};
  return file;
}

}  // namespace spoor::evtx
