#include "api/running_queries.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "base/hash.h"
#include "base/ticks.h"
#include "store/client.h"

namespace spoor::api {
namespace {

constexpr std::chrono::seconds kLongestEnd{30};
// The engine may begin a statement just after it was told to end it: it is told again.
constexpr std::chrono::milliseconds kTellAgain{200};

}  // namespace

RunningQueries::Entry::Entry(RunningQueries& owner, std::pair<std::string, std::string> key,
                             std::string engine_id)
    : owner_(owner),
      key_(std::move(key)),
      engine_id_(std::move(engine_id)),
      cancelled_(std::make_shared<std::atomic<bool>>(false)) {
  owner_.running_[key_] = {engine_id_, cancelled_};
}

RunningQueries::Entry::~Entry() {
  {
    const std::lock_guard lock(owner_.mutex_);
    owner_.running_.erase(key_);
  }
  owner_.ended_.notify_all();
}

Result<std::unique_ptr<RunningQueries::Entry>> RunningQueries::begin(const std::string& actor,
                                                                     const std::string& query_id) {
  const std::lock_guard lock(mutex_);
  auto key = std::pair(actor, query_id);
  if (running_.contains(key)) {
    return fail(ErrorCode::kConflict, "A query with this query_id runs already.");
  }
  const auto mine = std::ranges::count_if(
      running_, [&](const auto& entry) { return entry.first.first == actor; });
  if (static_cast<std::size_t>(mine) >= kMostOfOne) {
    return fail(
        Error::make(ErrorCode::kTooMany, fmt::format("You run {} queries already.", kMostOfOne))
            .with_hint("wait for one to end, or cancel one"));
  }
  // Not to be guessed from the id alone, and another one each time.
  const std::uint64_t mark = hash_combine(hash64(actor), static_cast<std::uint64_t>(now_ticks()));
  std::string engine_id = fmt::format("hunt-{:016x}-{}", mark, ++count_);
  return std::make_unique<Entry>(*this, std::move(key), std::move(engine_id));
}

void RunningQueries::stop(const store::Client& engine, const Entry& entry) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [key, running] : running_) {
      if (running.engine_id == entry.engine_id()) {
        running.cancelled->store(true);
      }
    }
  }
  (void)engine.cancel(entry.engine_id());
}

Result<void> RunningQueries::cancel(const store::Client& engine, const std::string& actor,
                                    const std::string& query_id) {
  const auto key = std::pair(actor, query_id);
  const auto give_up = std::chrono::steady_clock::now() + kLongestEnd;
  std::unique_lock lock(mutex_);
  const auto found = running_.find(key);
  if (found == running_.end()) {
    return fail(ErrorCode::kNotFound, "You run no query with this query_id.");
  }
  const std::string engine_id = found->second.engine_id;
  found->second.cancelled->store(true);
  const auto is_over = [&] {
    const auto now = running_.find(key);
    return now == running_.end() || now->second.engine_id != engine_id;
  };
  while (!is_over()) {
    lock.unlock();
    const auto stopped = engine.cancel(engine_id);
    lock.lock();
    if (!stopped && stopped.error().code != ErrorCode::kNotFound && !is_over() &&
        std::chrono::steady_clock::now() > give_up) {
      return stopped;
    }
    if (!ended_.wait_for(lock, kTellAgain, is_over) && std::chrono::steady_clock::now() > give_up) {
      return fail(ErrorCode::kUnavailable,
                  "The query has been told to stop, and has not ended yet.");
    }
  }
  return {};
}

std::size_t RunningQueries::size() const {
  const std::lock_guard lock(mutex_);
  return running_.size();
}

}  // namespace spoor::api
