#pragma once
// What is written to each table, so that an answer kept from before a write is known to be old.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spoor::store {

/// Thread-safe. Counts each write when it begins and when it has ended; one of which nobody knows
/// whether it was done stays begun.
class Changes {
 public:
  /// A table that stands for all: definitions and removals are counted as writes to each.
  static constexpr std::string_view kEveryTable = "*";

  void begin(std::string_view table);
  void end(std::string_view table);

  /// The state of the tables: equal as long as nothing was begun on one of them. Nothing while a
  /// write is under way, so that no answer of that time is kept.
  [[nodiscard]] std::optional<std::uint64_t> state_of(std::span<const std::string> tables) const;

 private:
  struct Count {
    std::uint64_t begun = 0, ended = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace spoor::store
