#include "api/cursor.h"

#include <array>
#include <charconv>

#include "base/hash.h"

namespace spoor::api {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kSumBytes = 8;
constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t at = 0; at < kLetters.size(); ++at) {
    values[static_cast<unsigned char>(kLetters[at])] = static_cast<std::int8_t>(at);
  }
  return values;
}();

std::string encode(std::string_view bytes) {
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char byte : bytes) {
    held = (held << 8) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) {
      text += kLetters[(held >> (bits - 6)) & 63];
    }
  }
  if (bits > 0) {
    text += kLetters[(held << (6 - bits)) & 63];
  }
  return text;
}

/// Nothing but what encode() writes: bits that are left over must be zero.
bool decode(std::string_view text, std::string& bytes) {
  std::uint32_t held = 0;
  int bits = 0;
  for (const char letter : text) {
    const int value = kValues[static_cast<unsigned char>(letter)];
    if (value < 0) {
      return false;
    }
    held = (held << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((held >> bits) & 0xFF);
    }
  }
  return bits < 6 && (held & ((1U << bits) - 1)) == 0;
}

std::string check_sum(std::string_view list, std::string_view bytes) {
  const std::uint64_t sum = hash64(bytes, hash64(list));
  std::string text;
  for (std::size_t at = 0; at < kSumBytes; ++at) {
    text += static_cast<char>((sum >> (8 * at)) & 0xFF);
  }
  return text;
}

std::unexpected<Error> not_ours() {
  return fail(Error::make(ErrorCode::kInvalidInput, "the cursor is not one of this list")
                  .with_hint("begin again without a cursor"));
}

}  // namespace

std::string encode_cursor(std::string_view list, const std::vector<std::string>& parts) {
  std::string bytes(1, kVersion);
  for (const std::string& part : parts) {
    bytes += static_cast<char>((part.size() >> 8) & 0xFF);
    bytes += static_cast<char>(part.size() & 0xFF);
    bytes += part;
  }
  return encode(bytes + check_sum(list, bytes));
}

Result<std::vector<std::string>> decode_cursor(std::string_view list, std::string_view text,
                                               std::size_t count) {
  std::string bytes;
  if (text.size() > kMaxCursorLetters || !decode(text, bytes) || bytes.size() < 1 + kSumBytes ||
      bytes[0] != kVersion) {
    return not_ours();
  }
  const std::string_view body(bytes.data(), bytes.size() - kSumBytes);
  if (std::string_view(bytes).substr(body.size()) != check_sum(list, body)) {
    return not_ours();
  }
  std::vector<std::string> parts;
  std::string_view left = body.substr(1);
  while (!left.empty()) {
    if (left.size() < 2) {
      return not_ours();
    }
    const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(left[0])) << 8 |
                             static_cast<unsigned char>(left[1]);
    left.remove_prefix(2);
    if (size > left.size()) {
      return not_ours();
    }
    parts.emplace_back(left.substr(0, size));
    left.remove_prefix(size);
  }
  return parts.size() == count ? Result<std::vector<std::string>>(std::move(parts)) : not_ours();
}

Result<std::int64_t> cursor_number(std::string_view part) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), number);
  if (problem != std::errc() || end != part.data() + part.size()) {
    return not_ours();
  }
  return number;
}

}  // namespace spoor::api
