#include "base/hash.h"

#include <openssl/sha.h>
#include <xxhash.h>

#include "base/text.h"

namespace spoor {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t hash_combine(std::uint64_t seed, std::uint64_t value) {
  return XXH3_64bits_withSeed(&value, sizeof value, seed);
}

std::int64_t id_from_hash(std::uint64_t hash) {
  const auto id = static_cast<std::int64_t>(hash & 0x7fff'ffff'ffff'ffffULL);
  return id == 0 ? 1 : id;
}

std::string sha1_hex(std::string_view bytes) {
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return hex_lower({reinterpret_cast<const char*>(digest), sizeof digest});
}

}  // namespace spoor
