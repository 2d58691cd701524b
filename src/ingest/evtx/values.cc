#include "ingest/evtx/values.h"

#include <array>
#include <string>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "base/ticks.h"
#include "ingest/evtx/format.h"
#include "json/writer.h"

namespace spoor::evtx {

using event::Value;
using event::ValueKind;

namespace {

Value text_value(ValueKind kind, std::string_view text) {
  Value value;
  value.kind = kind;
  value.text = text;
  return value;
}

Value number_value(ValueKind kind, std::int64_t number) {
  Value value;
  value.kind = kind;
  value.number = number;
  return value;
}

Value real_value(double real) {
  Value value;
  value.kind = ValueKind::kReal;
  value.real = real;
  return value;
}

constexpr std::string_view kUpperHex = "0123456789ABCDEF";

void put_hex(char*& out, std::uint64_t number, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    *out++ = kUpperHex[number >> shift & 15];
  }
}

std::string_view guid_text(std::string_view bytes, Arena& arena) {
  char* start = arena.take(38);
  char* out = start;
  *out++ = '{';
  put_hex(out, load<std::uint32_t>(bytes, 0), 8);
  *out++ = '-';
  put_hex(out, load<std::uint16_t>(bytes, 4), 4);
  *out++ = '-';
  put_hex(out, load<std::uint16_t>(bytes, 6), 4);
  *out++ = '-';
  for (std::size_t at = 8; at < 16; ++at) {
    if (at == 10) {
      *out++ = '-';
    }
    put_hex(out, static_cast<unsigned char>(bytes[at]), 2);
  }
  *out = '}';
  return {start, 38};
}

/// S-revision-authority-subauthorities (MS-DTYP 2.4.2); empty where the bytes are no SID.
std::string_view sid_text(std::string_view bytes, Arena& arena) {
  if (bytes.size() < 8) {
    return {};
  }
  const auto count = static_cast<unsigned char>(bytes[1]);
  if (bytes.size() < 8 + count * 4u) {
    return {};
  }
  std::uint64_t authority = 0;
  for (std::size_t at = 2; at < 8; ++at) {
    authority = authority << 8 | static_cast<unsigned char>(bytes[at]);
  }
  std::string text = "S-";
  json::append_number(text, static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[0])));
  text += '-';
  json::append_number(text, authority);
  for (std::size_t index = 0; index < count; ++index) {
    text += '-';
    json::append_number(text,
                        static_cast<std::uint64_t>(load<std::uint32_t>(bytes, 8 + index * 4)));
  }
  return arena.keep(text);
}

/// Windows-1252 as UTF-8.
std::string_view ansi_text(std::string_view bytes, Arena& arena) {
  static constexpr std::array<std::uint16_t, 32> kHigh = {
      0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
      0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
      0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
  while (bytes.ends_with('\0')) {
    bytes.remove_suffix(1);
  }
  std::string text;
  for (const char letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    append_utf8(text, byte >= 0x80 && byte < 0xa0 ? kHigh[byte - 0x80] : byte);
  }
  return arena.keep(text);
}

Value systemtime(std::string_view bytes) {
  CivilTime civil;
  const auto part = [&](std::size_t index) {
    return static_cast<int>(load<std::uint16_t>(bytes, index * 2));
  };
  civil.year = part(0);
  civil.month = part(1);
  civil.day = part(3);
  civil.hour = part(4);
  civil.minute = part(5);
  civil.second = part(6);
  civil.fraction = part(7) * static_cast<int>(kTicksPerMillisecond);
  const auto ticks = ticks_from_civil(civil);
  return ticks ? number_value(ValueKind::kTime, *ticks) : Value{};
}

std::size_t fixed_size(std::uint8_t type, std::size_t whole) {
  switch (type) {
    case kInt8Type:
    case kUInt8Type:
      return 1;
    case kInt16Type:
    case kUInt16Type:
      return 2;
    case kInt32Type:
    case kUInt32Type:
    case kFloatType:
    case kBoolType:
    case kHex32Type:
      return 4;
    case kInt64Type:
    case kUInt64Type:
    case kDoubleType:
    case kFiletimeType:
    case kHex64Type:
      return 8;
    case kGuidType:
    case kSystemtimeType:
      return 16;
    case kSizeType:
      return whole == 4 ? 4 : 8;
    default:
      return 0;
  }
}

Value decode_array(std::uint8_t type, std::string_view bytes, Arena& arena);

Value decode_single(std::uint8_t type, std::string_view bytes, Arena& arena) {
  if (bytes.size() < fixed_size(type, bytes.size())) {
    return bytes.empty() ? Value{} : text_value(ValueKind::kBinary, bytes);
  }
  switch (type) {
    case kNullType:
      return {};
    case kStringType:
      return text_value(ValueKind::kText, utf16_text(bytes, arena));
    case kAnsiType:
      return text_value(ValueKind::kText, ansi_text(bytes, arena));
    case kInt8Type:
      return number_value(ValueKind::kInt, load<std::int8_t>(bytes, 0));
    case kUInt8Type:
      return number_value(ValueKind::kUInt, load<std::uint8_t>(bytes, 0));
    case kInt16Type:
      return number_value(ValueKind::kInt, load<std::int16_t>(bytes, 0));
    case kUInt16Type:
      return number_value(ValueKind::kUInt, load<std::uint16_t>(bytes, 0));
    case kInt32Type:
      return number_value(ValueKind::kInt, load<std::int32_t>(bytes, 0));
    case kUInt32Type:
      return number_value(ValueKind::kUInt, load<std::uint32_t>(bytes, 0));
    case kInt64Type:
      return number_value(ValueKind::kInt, load<std::int64_t>(bytes, 0));
    case kUInt64Type:
      return number_value(ValueKind::kUInt, load<std::int64_t>(bytes, 0));
    case kFloatType:
      return real_value(load<float>(bytes, 0));
    case kDoubleType:
      return real_value(load<double>(bytes, 0));
    case kBoolType:
      return number_value(ValueKind::kBool, load<std::uint32_t>(bytes, 0) != 0);
    case kBinaryType:
      return text_value(ValueKind::kBinary, bytes);
    case kGuidType:
      return text_value(ValueKind::kGuid, guid_text(bytes, arena));
    case kSizeType:
      return number_value(ValueKind::kHex, bytes.size() == 4 ? load<std::uint32_t>(bytes, 0)
                                                             : load<std::int64_t>(bytes, 0));
    case kFiletimeType:
      return number_value(ValueKind::kTime, ticks_from_filetime(load<std::uint64_t>(bytes, 0)));
    case kSystemtimeType:
      return systemtime(bytes);
    case kSidType: {
      const std::string_view sid = sid_text(bytes, arena);
      return sid.empty() ? text_value(ValueKind::kBinary, bytes) : text_value(ValueKind::kSid, sid);
    }
    case kHex32Type:
      return number_value(ValueKind::kHex, load<std::uint32_t>(bytes, 0));
    case kHex64Type:
      return number_value(ValueKind::kHex, load<std::int64_t>(bytes, 0));
    default:
      return text_value(ValueKind::kBinary, bytes);
  }
}

void append_json(std::string& out, const Value& value) {
  switch (value.kind) {
    case ValueKind::kNull:
      out += "null";
      return;
    case ValueKind::kInt:
      json::append_number(out, value.number);
      return;
    case ValueKind::kUInt:
      json::append_number(out, static_cast<std::uint64_t>(value.number));
      return;
    case ValueKind::kReal:
      json::append_real(out, value.real);
      return;
    case ValueKind::kBool:
      out += value.number != 0 ? "true" : "false";
      return;
    default: {
      std::string text;
      event::append_text(text, value);
      json::append_string(out, text);
    }
  }
}

Value decode_array(std::uint8_t type, std::string_view bytes, Arena& arena) {
  std::string out = "[";
  const auto add = [&](const Value& value) {
    if (out.size() > 1) {
      out += ',';
    }
    append_json(out, value);
  };
  if (type == kStringType) {
    each_array_text(bytes, [&](std::string_view text) { add(decode_single(type, text, arena)); });
  } else if (type == kSidType) {
    while (bytes.size() >= 8) {
      const std::size_t size = 8 + static_cast<unsigned char>(bytes[1]) * 4u;
      if (size > bytes.size()) {
        break;
      }
      add(decode_single(type, bytes.substr(0, size), arena));
      bytes.remove_prefix(size);
    }
  } else if (const std::size_t size = fixed_size(type, 8); size != 0) {
    for (; bytes.size() >= size; bytes.remove_prefix(size)) {
      add(decode_single(type, bytes.substr(0, size), arena));
    }
  } else {
    return decode_single(type == kAnsiType ? kAnsiType : kBinaryType, bytes, arena);
  }
  out += ']';
  return text_value(ValueKind::kJson, arena.keep(out));
}

}  // namespace

std::string_view utf16_text(std::string_view bytes, Arena& arena) {
  std::size_t units = bytes.size() / 2;
  while (units > 0 && bytes[units * 2 - 2] == 0 && bytes[units * 2 - 1] == 0) {
    --units;
  }
  if (units == 0) {
    return {};
  }
  char* start = arena.take(units * 3);
  char* out = start;
  std::size_t at = 0;
#if defined(__SSE2__)
  const __m128i high_bits = _mm_set1_epi16(static_cast<short>(0xff80));
  for (; at + 8 <= units; at += 8) {
    const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at * 2));
    if (_mm_movemask_epi8(_mm_cmpeq_epi16(_mm_and_si128(eight, high_bits), _mm_setzero_si128())) !=
        0xffff) {
      break;
    }
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(eight, eight));
    out += 8;
  }
#endif
  for (; at < units; ++at) {
    const auto unit = load<std::uint16_t>(bytes, at * 2);
    if (unit >= 0x80) {
      break;
    }
    *out++ = static_cast<char>(unit);
  }
  if (at < units) {
    std::string rest;
    append_utf16le(rest, bytes.substr(at * 2, (units - at) * 2));
    rest.copy(out, rest.size());
    out += rest.size();
  }
  const auto size = static_cast<std::size_t>(out - start);
  arena.give_back(units * 3 - size);
  return {start, size};
}

Value decode_value(std::uint8_t type, std::string_view bytes, Arena& arena) {
  return (type & kArrayBit) != 0
             ? decode_array(type & static_cast<std::uint8_t>(~kArrayBit), bytes, arena)
             : decode_single(type, bytes, arena);
}

}  // namespace spoor::evtx
