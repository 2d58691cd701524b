#pragma once
// The threads that run handlers, with a bounded queue before them. Internal to the module http.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace spoor::http {

class ExchangeCore;

class WorkerPool {
 public:
  ~WorkerPool() { stop(); }
  void start(std::size_t workers, std::size_t max_queued);
  /// False where the queue is full or the pool stops.
  bool submit(std::shared_ptr<ExchangeCore> core);
  /// Runs what is queued to its end, then ends the threads.
  void stop();

  [[nodiscard]] std::size_t running() const;
  [[nodiscard]] std::size_t queued() const;

 private:
  void work();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<ExchangeCore>> queue_;
  std::vector<std::jthread> threads_;
  std::size_t max_queued_ = 0;
  std::size_t running_ = 0;
  bool is_stopping_ = false;
};

}  // namespace spoor::http
