#include "auth/password_hasher.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "auth/sodium_ready.h"

namespace spoor::auth {
namespace {

constexpr const char* kNoMemory = "there is not enough memory to hash a password";

}  // namespace

/// One hash's place among those that run.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {}
  ~Turn() { hasher_.leave(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PasswordHasher& hasher_;
};

Result<void> PasswordHasher::enter() {
  std::unique_lock lock(mutex_);
  if (running_ >= cost_.at_once) {
    if (waiting_ >= cost_.waiting) {
      return fail(ErrorCode::kTooMany, "Too many people are signing in. Try again in a moment.");
    }
    ++waiting_;
    freed_.wait(lock, [&] { return running_ < cost_.at_once; });
    --waiting_;
  }
  ++running_;
  ++runs_;
  peak_ = std::max(peak_.load(), running_);
  return {};
}

void PasswordHasher::leave() {
  {
    const std::lock_guard lock(mutex_);
    --running_;
  }
  freed_.notify_one();
}

Result<std::string> PasswordHasher::hash(const Secret& password) {
  make_sodium_ready();
  TRY_VOID(enter());
  const Turn turn(*this);
  std::array<char, crypto_pwhash_argon2id_STRBYTES> text{};
  const std::string_view bytes = password.reveal();
  if (crypto_pwhash_argon2id_str(text.data(), bytes.data(), bytes.size(), cost_.passes,
                                 cost_.memory_bytes) != 0) {
    return fail(ErrorCode::kLimit, kNoMemory);
  }
  return std::string(text.data());
}

Result<bool> PasswordHasher::verify(std::string_view hash, const Secret& password) {
  make_sodium_ready();
  // The library reads up to the end of a C string.
  const std::string kept = hash.empty() ? TRY(nobodys_hash()) : std::string(hash);
  TRY_VOID(enter());
  const Turn turn(*this);
  const std::string_view bytes = password.reveal();
  errno = 0;
  const bool is_right =
      crypto_pwhash_argon2id_str_verify(kept.c_str(), bytes.data(), bytes.size()) == 0;
  // The library says EINVAL for a wrong password, and ENOMEM where it could not find out.
  if (!is_right && errno == ENOMEM) {
    return fail(ErrorCode::kLimit, kNoMemory);
  }
  return is_right && !hash.empty();
}

bool PasswordHasher::is_outdated(std::string_view hash) const {
  make_sodium_ready();
  return crypto_pwhash_argon2id_str_needs_rehash(std::string(hash).c_str(), cost_.passes,
                                                 cost_.memory_bytes) != 0;
}

Result<void> PasswordHasher::prepare() {
  TRY(nobodys_hash());
  return {};
}

Result<std::string> PasswordHasher::nobodys_hash() {
  {
    const std::lock_guard lock(mutex_);
    if (!nobody_.empty()) {
      return nobody_;
    }
  }
  std::string made = TRY(hash(Secret::random_password()));
  const std::lock_guard lock(mutex_);
  nobody_ = std::move(made);
  return nobody_;
}

}  // namespace spoor::auth
