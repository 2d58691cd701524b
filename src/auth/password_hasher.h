#pragma once
// Argon2id, bounded: a hash takes 64 MiB and a good part of a second, so that only few may run, and
// few may wait. Thread-safe; calls block.

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "auth/secret.h"
#include "base/result.h"

namespace spoor::auth {

struct HashCost {
  std::uint64_t passes = 3;
  std::size_t memory_bytes = 64UL << 20;
  int at_once = 2;
  int waiting = 16;  ///< more than these are refused at once
};

class PasswordHasher {
 public:
  explicit PasswordHasher(HashCost cost = {}) : cost_(cost) {}

  /// Makes the hash that stands for nobody, so that the first unknown name costs no more than the
  /// next.
  Result<void> prepare();
  /// kTooMany where too many wait already, kLimit where the memory is not to be had.
  Result<std::string> hash(const Secret& password);
  /// True where the password is that of the hash. An empty hash stands for nobody: it costs the
  /// same, and is never right.
  Result<bool> verify(std::string_view hash, const Secret& password);
  /// True where the hash was made at another cost than ours, and should be made anew.
  [[nodiscard]] bool is_outdated(std::string_view hash) const;

  /// Hashes computed so far, for metrics and tests.
  [[nodiscard]] std::uint64_t runs() const { return runs_; }
  /// Most hashes that ever ran at the same time.
  [[nodiscard]] int peak() const { return peak_; }

 private:
  class Turn;
  Result<void> enter();
  void leave();
  Result<std::string> nobodys_hash();

  HashCost cost_;
  std::mutex mutex_;
  std::condition_variable freed_;
  int running_ = 0;
  int waiting_ = 0;
  std::string nobody_;  ///< hash of a random password, made when first needed
  std::atomic<std::uint64_t> runs_ = 0;
  std::atomic<int> peak_ = 0;
};

}  // namespace spoor::auth
