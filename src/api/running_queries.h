#pragma once
// The hunting queries that run now, so that who started one can stop it. Thread-safe.

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace spoor::store {
class Client;
}

namespace spoor::api {

class RunningQueries {
 public:
  /// Queries of one caller at once.
  static constexpr std::size_t kMostOfOne = 8;

  /// One running query; it is over when this goes.
  class Entry {
   public:
    Entry(RunningQueries& owner, std::pair<std::string, std::string> key, std::string engine_id);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    /// True once it is to be stopped.
    [[nodiscard]] const std::atomic<bool>& cancelled() const { return *cancelled_; }
    /// What the engine calls it.
    [[nodiscard]] const std::string& engine_id() const { return engine_id_; }

   private:
    RunningQueries& owner_;
    std::pair<std::string, std::string> key_;
    std::string engine_id_;
    std::shared_ptr<std::atomic<bool>> cancelled_;
  };

  /// `actor` is who asks, `query_id` what they call it: another's query of the same id is another
  /// one. kConflict where it runs already, kTooMany where the actor has too many.
  Result<std::unique_ptr<Entry>> begin(const std::string& actor, const std::string& query_id);
  /// Stops a query and returns when it is over in the engine. kNotFound where the actor has none of
  /// that id, kUnavailable where it does not end in time.
  Result<void> cancel(const store::Client& engine, const std::string& actor,
                      const std::string& query_id);
  /// Tells the engine and the query to stop, without waiting.
  void stop(const store::Client& engine, const Entry& entry);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Running {
    std::string engine_id;
    std::shared_ptr<std::atomic<bool>> cancelled;
  };

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::map<std::pair<std::string, std::string>, Running> running_;
  std::uint64_t count_ = 0;
};

}  // namespace spoor::api
