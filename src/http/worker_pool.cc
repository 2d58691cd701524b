#include "http/worker_pool.h"

#include "http/exchange_core.h"

namespace spoor::http {

void WorkerPool::start(std::size_t workers, std::size_t max_queued) {
  max_queued_ = max_queued;
  for (std::size_t made = 0; made < workers; ++made) {
    threads_.emplace_back([this] { work(); });
  }
}

bool WorkerPool::submit(std::shared_ptr<ExchangeCore> core) {
  {
    const std::lock_guard lock(mutex_);
    const bool has_free_worker = queue_.empty() && running_ < threads_.size();
    if (is_stopping_ || (queue_.size() >= max_queued_ && !has_free_worker)) {
      return false;
    }
    queue_.push_back(std::move(core));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
    if (queue_.empty()) {
      return;
    }
    std::shared_ptr<ExchangeCore> core = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    lock.unlock();
    run_handler(core);
    core.reset();
    lock.lock();
    --running_;
  }
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  threads_.clear();
}

std::size_t WorkerPool::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

}  // namespace spoor::http
