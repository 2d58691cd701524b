#include "auth/failures.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace spoor::auth {

Failures WaitRule::after_failure(Failures before, Ticks now) const {
  Failures after = before;
  if (now - before.last > memory) {
    after = {};
  }
  ++after.tries;
  after.last = now;
  if (after.tries >= tries) {
    // Past this many doublings every wait is the longest one.
    const std::int64_t doublings = std::min<std::int64_t>(after.tries - tries, 20);
    after.locked_until = now + std::min(first_wait << doublings, longest_wait);
  }
  return after;
}

Ticks FailureTable::locked_until(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(std::string(key));
  return found == by_key_.end() ? 0 : found->second.locked_until;
}

Failures FailureTable::count(std::string_view key, Ticks now) {
  const std::lock_guard lock(mutex_);
  const std::string text(key);
  if (!by_key_.contains(text) && by_key_.size() >= most_keys_) {
    make_room(now);
  }
  Failures& failures = by_key_[text];
  failures = rule_.after_failure(failures, now);
  return failures;
}

std::size_t FailureTable::size() {
  const std::lock_guard lock(mutex_);
  return by_key_.size();
}

void FailureTable::make_room(Ticks now) {
  std::erase_if(by_key_, [&](const auto& entry) {
    return now - entry.second.last > rule_.memory && entry.second.locked_until <= now;
  });
  if (by_key_.size() >= most_keys_) {
    by_key_.erase(
        std::ranges::min_element(by_key_, {}, [](const auto& entry) { return entry.second.last; }));
  }
}

std::string address_key(std::string_view address) {
  constexpr std::size_t kMaxKey = 64;
  const std::string text(address.substr(0, kMaxKey));
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) {
    return text;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(v6.s6_addr), sizeof v6.s6_addr);
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    std::array<char, INET_ADDRSTRLEN> v4{};
    return inet_ntop(AF_INET, bytes.data() + 12, v4.data(), v4.size()) != nullptr ? v4.data()
                                                                                  : text;
  }
  return hex_lower(bytes.substr(0, 8)) + "/64";
}

std::string wait_text(Ticks now, Ticks until) {
  const TickSpan left = std::max<TickSpan>(until - now, 0);
  const std::int64_t seconds = (left + kTicksPerSecond - 1) / kTicksPerSecond;
  if (seconds < 60) {
    return fmt::format("{} s", seconds);
  }
  return seconds % 60 == 0 ? fmt::format("{} min", seconds / 60)
                           : fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

}  // namespace spoor::auth
