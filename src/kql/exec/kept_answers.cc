#include "kql/exec/kept_answers.h"

#include <utility>

namespace spoor::kql {
namespace {

/// Answers larger than this part of all room are not kept.
constexpr std::size_t kLargestPart = 8;

/// Lengths stand before the pieces, so that two statements never have one name.
std::string name_of(const EngineStatement& statement) {
  std::string name;
  const auto add = [&name](std::string_view piece) {
    name += std::to_string(piece.size());
    name += ':';
    name += piece;
  };
  add(statement.sql);
  for (const BoundParameter& each : statement.parameters) {
    add(each.name);
    add(each.type);
    add(each.value);
  }
  for (const auto& [setting, value] : statement.settings) {
    add(setting);
    add(value);
  }
  return name;
}

}  // namespace

Runner KeptAnswers::over(Runner runner) {
  return [this, runner = std::move(runner)](
             const EngineStatement& statement,
             const std::function<Result<void>(std::string_view)>& sink) -> Result<void> {
    // Asked before the statement runs: what changes from now on makes the answer old.
    const auto state = statement.may_be_kept ? state_of_(statement.tables) : std::nullopt;
    if (!state) {
      return runner(statement, sink);
    }
    Answer answer{name_of(statement), {}, *state};
    if (const auto kept = find(answer.name, *state)) {
      return sink(*kept);
    }
    const std::size_t most = most_bytes_ / kLargestPart;
    bool is_small = true;
    TRY_VOID(runner(statement, [&](std::string_view part) -> Result<void> {
      is_small = is_small && answer.bytes.size() + part.size() <= most;
      if (is_small) {
        answer.bytes += part;
      }
      return sink(part);
    }));
    if (is_small && state_of_(statement.tables) == state) {
      keep(std::move(answer));
    }
    return {};
  };
}

std::size_t KeptAnswers::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::optional<std::string> KeptAnswers::find(const std::string& name, std::uint64_t state) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    return std::nullopt;
  }
  const auto answer = found->second;
  if (answer->state != state) {
    drop(answer);
    return std::nullopt;
  }
  answers_.splice(answers_.begin(), answers_, answer);
  return answer->bytes;
}

void KeptAnswers::keep(Answer answer) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_name_.find(answer.name); found != by_name_.end()) {
    drop(found->second);
  }
  bytes_ += answer.size();
  answers_.push_front(std::move(answer));
  by_name_[answers_.front().name] = answers_.begin();
  while (bytes_ > most_bytes_) {
    drop(std::prev(answers_.end()));
  }
}

void KeptAnswers::drop(std::list<Answer>::iterator answer) {
  bytes_ -= answer->size();
  by_name_.erase(answer->name);
  answers_.erase(answer);
}

}  // namespace spoor::kql
