#pragma once
// Hashes for identity (not for secrets).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace spoor {

/// XXH3-64 of the bytes.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
/// Folds a value into a running hash; the order of calls matters.
std::uint64_t hash_combine(std::uint64_t seed, std::uint64_t value);
/// An id as it is stored: the hash with the sign bit cleared, never 0 (0 means "none").
std::int64_t id_from_hash(std::uint64_t hash);
/// SHA-1 in 40 lower-case hex digits.
std::string sha1_hex(std::string_view bytes);

}  // namespace spoor
