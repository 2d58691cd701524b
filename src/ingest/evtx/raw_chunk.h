#pragma once
// Builds chunks token by token, for tests: also what no writer would write. Names always stand
// inline.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "ingest/evtx/format.h"
#include "ingest/evtx/writer.h"

namespace spoor::evtx {

/// One chunk under construction. Offsets in binary XML count from the chunk's start, so all parts
/// are appended where they stay.
class RawChunk {
 public:
  using Body = std::function<void(RawChunk&)>;

  RawChunk() {
    bytes_.assign(kChunkHeaderSize, '\0');
    bytes_.replace(0, kChunkMagic.size(), kChunkMagic);
  }

  template <class T>
  void put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put_text(std::string_view text) {
    const std::string utf16 = to_utf16le(text);
    put<std::uint16_t>(static_cast<std::uint16_t>(utf16.size() / 2));
    bytes_ += utf16;
  }
  void name(std::string_view text) {
    put<std::uint32_t>(static_cast<std::uint32_t>(bytes_.size() + 4));
    put<std::uint32_t>(0);
    put<std::uint16_t>(0);
    put_text(text);
    put<std::uint16_t>(0);
  }
  /// An element; `attributes` writes attribute() calls, `content` what stands inside.
  void element(std::string_view text, const Body& content, const Body& attributes = {}) {
    put<std::uint8_t>(kOpenStartElement | (attributes ? kMoreBit : 0));
    put<std::uint16_t>(0xffff);
    const std::size_t size_at = bytes_.size();
    put<std::uint32_t>(0);
    name(text);
    if (attributes) {
      const std::size_t list_at = bytes_.size();
      put<std::uint32_t>(0);
      attributes(*this);
      set_size(list_at);
    }
    if (content) {
      put<std::uint8_t>(kCloseStartElement);
      content(*this);
      put<std::uint8_t>(kEndElement);
    } else {
      put<std::uint8_t>(kCloseEmptyElement);
    }
    set_size(size_at);
  }
  void attribute(std::string_view text) {
    put<std::uint8_t>(kAttribute);
    name(text);
  }
  void fixed(std::string_view text) {
    put<std::uint8_t>(kValueText);
    put<std::uint8_t>(kStringType);
    put_text(text);
  }
  void value(std::uint16_t index, std::uint8_t type = kStringType) {
    put<std::uint8_t>(kOptionalSubstitution);
    put<std::uint16_t>(index);
    put<std::uint8_t>(type);
  }
  void entity(std::string_view text) {
    put<std::uint8_t>(kEntityReference);
    name(text);
  }
  void character(std::uint16_t letter) {
    put<std::uint8_t>(kCharReference);
    put(letter);
  }
  void cdata(std::string_view text) {
    put<std::uint8_t>(kCdata);
    put_text(text);
  }

  /// A template instance with its definition inline.
  void instance(const Body& definition, const std::vector<WriteValue>& values) {
    begin_instance(definition);
    put<std::uint32_t>(static_cast<std::uint32_t>(values.size()));
    for (const WriteValue& each : values) {
      descriptor(each.bytes.size(), each.type);
    }
    for (const WriteValue& each : values) {
      bytes_ += each.bytes;
    }
    put<std::uint8_t>(kEndOfFragment);
  }
  /// The same with one value that is itself a fragment, written by `inner`.
  void instance_around(const Body& definition, const Body& inner) {
    begin_instance(definition);
    put<std::uint32_t>(1);
    const std::size_t size_at = bytes_.size();
    descriptor(0, kBinXmlType);
    const std::size_t start = bytes_.size();
    header();
    inner(*this);
    const auto size = static_cast<std::uint16_t>(bytes_.size() - start);
    bytes_.replace(size_at, sizeof size, reinterpret_cast<const char*>(&size), sizeof size);
    put<std::uint8_t>(kEndOfFragment);
  }

  /// A record whose fragment `body` writes; returns its offset in the chunk.
  std::size_t record(std::uint64_t id, const Body& body) {
    constexpr std::uint64_t kFiletime = 133'000'000'000'000'000;
    const std::size_t start = bytes_.size();
    put(kRecordMagic);
    put<std::uint32_t>(0);
    put(id);
    put(kFiletime + id);
    header();
    body(*this);
    const auto size = static_cast<std::uint32_t>(bytes_.size() - start + 4);
    put(size);
    bytes_.replace(start + 4, sizeof size, reinterpret_cast<const char*>(&size), sizeof size);
    return start;
  }
  /// The chunk, and with `file` a header before it. What follows now is slack.
  std::string finish(bool file = true) {
    const auto free_space = static_cast<std::uint32_t>(bytes_.size());
    bytes_.replace(48, sizeof free_space, reinterpret_cast<const char*>(&free_space),
                   sizeof free_space);
    bytes_.resize(kChunkSize, '\0');
    std::string head;
    if (file) {
      head.assign(kFileHeaderSize, '\0');
      head.replace(0, kFileMagic.size(), kFileMagic);
    }
    return head + bytes_;
  }

 private:
  void header() { bytes_.append("\x0f\x01\x01\x00", 4); }
  void descriptor(std::size_t size, std::uint8_t type) {
    put<std::uint16_t>(static_cast<std::uint16_t>(size));
    put<std::uint16_t>(type);
  }
  void set_size(std::size_t at) {
    const auto size = static_cast<std::uint32_t>(bytes_.size() - at - 4);
    bytes_.replace(at, sizeof size, reinterpret_cast<const char*>(&size), sizeof size);
  }
  void begin_instance(const Body& definition) {
    put<std::uint8_t>(kTemplateInstance);
    put<std::uint8_t>(1);
    put<std::uint32_t>(0);
    put<std::uint32_t>(static_cast<std::uint32_t>(bytes_.size() + 4));
    bytes_.append(20, '\0');
    const std::size_t size_at = bytes_.size();
    put<std::uint32_t>(0);
    header();
    definition(*this);
    put<std::uint8_t>(kEndOfFragment);
    set_size(size_at);
  }

  std::string bytes_;
};

}  // namespace spoor::evtx
