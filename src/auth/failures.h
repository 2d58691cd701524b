#pragma once
// Failed sign-ins and the waits that they lead to. Internal to the module.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/ticks.h"

namespace spoor::auth {

struct Failures {
  std::int64_t tries = 0;
  Ticks last = 0;
  Ticks locked_until = 0;
};

/// After `tries` failures comes a wait, doubled with each failure after it.
struct WaitRule {
  std::int64_t tries = 0;
  TickSpan first_wait = 0;
  TickSpan longest_wait = 0;
  TickSpan memory = 0;  ///< so long after the last failure counting starts anew

  [[nodiscard]] Failures after_failure(Failures before, Ticks now) const;
};

/// Failures by key, in memory: of addresses, and of names that no user has. Thread-safe and
/// bounded: when it is full, the key that failed longest ago is forgotten.
class FailureTable {
 public:
  explicit FailureTable(WaitRule rule, std::size_t most_keys = 10'000)
      : rule_(rule), most_keys_(most_keys) {}

  /// 0 where there is no wait.
  Ticks locked_until(std::string_view key);
  /// What the key's failures are with this one.
  Failures count(std::string_view key, Ticks now);
  std::size_t size();

 private:
  void make_room(Ticks now);
  WaitRule rule_;
  std::size_t most_keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, Failures> by_key_;
};

/// What failures of an address are counted under: an IPv4 address itself, the /64 of an IPv6
/// address (one site has all of it), other text cut short.
std::string address_key(std::string_view address);

/// "4 min 12 s", "7 s", "5 min": the time up to `until`, in whole seconds, rounded up.
std::string wait_text(Ticks now, Ticks until);

}  // namespace spoor::auth
