#pragma once
// Answers of statements that are asked again and again, kept until what they read changes.

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kql/exec/executor.h"

namespace spoor::kql {

/// Thread-safe; must outlive the runners that it makes. A statement's text and values are its name:
/// what its caller may read is among them, so no answer reaches another's eyes.
class KeptAnswers {
 public:
  /// Says the state of tables: another value after each change, nothing while one is under way.
  using StateOf = std::function<std::optional<std::uint64_t>(std::span<const std::string> tables)>;

  /// `most_bytes` bounds names and answers together; the least recently used go first.
  explicit KeptAnswers(StateOf state_of, std::size_t most_bytes = 16U << 20U)
      : state_of_(std::move(state_of)), most_bytes_(most_bytes) {}

  /// The runner, with answers of statements that may be kept given again where nothing that they
  /// read has changed since before they ran.
  Runner over(Runner runner);

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Answer {
    std::string name, bytes;
    std::uint64_t state = 0;
    [[nodiscard]] std::size_t size() const { return name.size() + bytes.size() + sizeof(Answer); }
  };
  std::optional<std::string> find(const std::string& name, std::uint64_t state);
  void keep(Answer answer);
  void drop(std::list<Answer>::iterator answer);

  StateOf state_of_;
  std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::list<Answer> answers_;  // the last used first
  std::unordered_map<std::string_view, std::list<Answer>::iterator> by_name_;
  std::size_t bytes_ = 0;
};

}  // namespace spoor::kql
