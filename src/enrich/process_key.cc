#include "enrich/process_key.h"

#include "base/hash.h"

namespace spoor::enrich {
namespace {

std::optional<std::uint32_t> hex_group(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char digit : digits) {
    const int nibble = digit >= '0' && digit <= '9'   ? digit - '0'
                       : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                       : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                      : -1;
    if (nibble < 0) {
      return std::nullopt;
    }
    value = value << 4 | static_cast<std::uint32_t>(nibble);
  }
  return value;
}

}  // namespace

std::int64_t process_key(std::string_view device_id, std::int64_t pid, std::int64_t unix_second) {
  std::uint64_t hash = hash64(device_id, 1);
  hash = hash_combine(hash, static_cast<std::uint64_t>(pid));
  return id_from_hash(hash_combine(hash, static_cast<std::uint64_t>(unix_second)));
}

std::int64_t inferred_process_key(std::string_view device_id, std::int64_t pid) {
  const std::uint64_t hash = hash64("inferred", hash64(device_id, 1));
  return id_from_hash(hash_combine(hash, static_cast<std::uint64_t>(pid)));
}

std::optional<std::int64_t> guid_second(std::string_view guid) {
  if (guid.size() >= 2 && guid.front() == '{' && guid.back() == '}') {
    guid = guid.substr(1, guid.size() - 2);
  }
  if (guid.size() != 36 || guid[8] != '-' || guid[13] != '-' || guid[18] != '-') {
    return std::nullopt;
  }
  const auto low = hex_group(guid.substr(9, 4));
  const auto high = hex_group(guid.substr(14, 4));
  if (!low || !high || (*low == 0 && *high == 0)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*high << 16 | *low);
}

std::int64_t floor_second(Ticks time) {
  return time >= 0 ? time / kTicksPerSecond : -((-time + kTicksPerSecond - 1) / kTicksPerSecond);
}

}  // namespace spoor::enrich
