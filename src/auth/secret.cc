#include "auth/secret.h"

#include <sodium.h>

#include <cstring>
#include <ostream>
#include <utility>

#include "auth/sodium_ready.h"

namespace spoor::auth {

Secret::Secret(std::string_view text)
    : bytes_(text.empty() ? nullptr : std::make_unique<char[]>(text.size())), size_(text.size()) {
  if (!text.empty()) {
    std::memcpy(bytes_.get(), text.data(), text.size());
  }
}

Secret Secret::take(std::string&& text) {
  Secret secret(text);
  sodium_memzero(text.data(), text.size());
  text.clear();
  return secret;
}

Secret Secret::random_password() {
  make_sodium_ready();
  // Without those that are taken for one another: 0 o, 1 l i.
  constexpr std::string_view kLetters = "23456789abcdefghjkmnpqrstuvwxyz";
  constexpr int kGroups = 4;
  constexpr int kGroupSize = 5;
  std::string text;
  text.reserve(static_cast<std::size_t>(kGroups) * (kGroupSize + 1));  // no copies left behind
  for (int at = 0; at < kGroups * kGroupSize; ++at) {
    if (at > 0 && at % kGroupSize == 0) {
      text += '-';
    }
    text += kLetters[randombytes_uniform(kLetters.size())];
  }
  return take(std::move(text));
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() {
  if (bytes_ != nullptr) {
    sodium_memzero(bytes_.get(), size_);
  }
}

void PrintTo(const Secret& /*secret*/, std::ostream* out) { *out << "(secret)"; }

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace spoor::auth
