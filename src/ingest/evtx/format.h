#pragma once
// Constants and byte access of the EVTX format (MS-EVEN6 2.2.12; the libevtx project's format
// documentation).

#include <cstdint>
#include <cstring>
#include <string_view>

namespace spoor::evtx {

inline constexpr std::size_t kFileHeaderSize = 4096;
inline constexpr std::size_t kChunkSize = 65536;
inline constexpr std::size_t kChunkHeaderSize = 512;
inline constexpr std::size_t kRecordHeaderSize = 24;
inline constexpr std::string_view kFileMagic{"ElfFile\0", 8};
inline constexpr std::string_view kChunkMagic{"ElfChnk\0", 8};
inline constexpr std::uint32_t kRecordMagic = 0x00002a2a;

/// Tokens of binary XML; 0x40 is set where more follows (attributes, further values).
enum Token : std::uint8_t {
  kEndOfFragment = 0x00,
  kOpenStartElement = 0x01,
  kCloseStartElement = 0x02,
  kCloseEmptyElement = 0x03,
  kEndElement = 0x04,
  kValueText = 0x05,
  kAttribute = 0x06,
  kCdata = 0x07,
  kCharReference = 0x08,
  kEntityReference = 0x09,
  kPiTarget = 0x0a,
  kPiData = 0x0b,
  kTemplateInstance = 0x0c,
  kNormalSubstitution = 0x0d,
  kOptionalSubstitution = 0x0e,
  kFragmentHeader = 0x0f,
};
inline constexpr std::uint8_t kMoreBit = 0x40;

enum ValueType : std::uint8_t {
  kNullType = 0x00,
  kStringType = 0x01,
  kAnsiType = 0x02,
  kInt8Type = 0x03,
  kUInt8Type = 0x04,
  kInt16Type = 0x05,
  kUInt16Type = 0x06,
  kInt32Type = 0x07,
  kUInt32Type = 0x08,
  kInt64Type = 0x09,
  kUInt64Type = 0x0a,
  kFloatType = 0x0b,
  kDoubleType = 0x0c,
  kBoolType = 0x0d,
  kBinaryType = 0x0e,
  kGuidType = 0x0f,
  kSizeType = 0x10,
  kFiletimeType = 0x11,
  kSystemtimeType = 0x12,
  kSidType = 0x13,
  kHex32Type = 0x14,
  kHex64Type = 0x15,
  kEvtHandleType = 0x20,
  kBinXmlType = 0x21,
  kEvtXmlType = 0x23,
};
inline constexpr std::uint8_t kArrayBit = 0x80;

/// Little-endian integer at `at`; the caller has checked that it is there.
template <class T>
T load(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// Reads forward within bounds. A read that does not fit fails for good: `ok` turns false and zeros
/// come.
struct Cursor {
  std::string_view bytes;
  std::size_t at = 0;
  std::size_t end = 0;
  bool ok = true;

  Cursor(std::string_view all, std::size_t from, std::size_t to)
      : bytes(all), at(from), end(to < all.size() ? to : all.size()) {
    ok = at <= end;
  }
  [[nodiscard]] std::size_t left() const { return ok ? end - at : 0; }
  bool need(std::size_t size) {
    ok = ok && size <= end - at;
    return ok;
  }
  template <class T>
  T take() {
    if (!need(sizeof(T))) {
      return T{};
    }
    at += sizeof(T);
    return load<T>(bytes, at - sizeof(T));
  }
  std::string_view take_bytes(std::size_t size) {
    if (!need(size)) {
      return {};
    }
    at += size;
    return bytes.substr(at - size, size);
  }
};

}  // namespace spoor::evtx
