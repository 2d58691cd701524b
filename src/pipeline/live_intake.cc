#include "pipeline/live_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "event/record_codec.h"
#include "pipeline/live_trail.h"

namespace spoor::pipeline {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kBlockBytes = 1u << 20;
constexpr std::size_t kMostFields = 20'000;
/// Past this, process facts are saved without waiting for the next time.
constexpr std::uint64_t kMostJournal = 256u << 20;

/// Seconds after which a sender should try again; 0 where it need not.
int retry_after(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNoSpace:
      return 60;
    case ErrorCode::kUnavailable:
    case ErrorCode::kEngine:
    case ErrorCode::kIo:
      return 5;
    default:
      return 0;
  }
}

}  // namespace

struct Submission::Impl {
  Reporter reporter;
  event::RecordBlockWriter writer;
  std::vector<std::string> blocks;
  std::size_t records = 0;
  std::size_t block_bytes = 0;

  [[nodiscard]] std::size_t bytes() const { return block_bytes + writer.bytes(); }
  void finish_block() {
    if (writer.records() > 0) {
      writer.finish(blocks.emplace_back());
      block_bytes += blocks.back().size();
    }
  }
};

Submission::Submission(Reporter reporter) : impl_(std::make_unique<Impl>()) {
  impl_->reporter = std::move(reporter);
}
Submission::~Submission() = default;
Submission::Submission(Submission&&) noexcept = default;
Submission& Submission::operator=(Submission&&) noexcept = default;

std::size_t Submission::records() const { return impl_->records; }
std::size_t Submission::bytes() const { return impl_->bytes(); }

Result<void> Submission::add(const event::Record& record) {
  if (impl_->records >= kMaxRecords) {
    return fail(
        Error::make(ErrorCode::kLimit, fmt::format("a request may hold {} records", kMaxRecords))
            .with_hint("send it in parts"));
  }
  if (record.data.size() > kMostFields) {
    return fail(ErrorCode::kLimit, fmt::format("a record may have {} fields", kMostFields));
  }
  std::size_t size = 0;
  for (const event::Field& field : record.data) {
    size += field.name.size() + field.value.text.size();
  }
  if (impl_->bytes() + size > kMaxBytes) {
    return fail(
        Error::make(ErrorCode::kLimit, fmt::format("a request may hold {} bytes", kMaxBytes))
            .with_hint("send it in parts"));
  }
  impl_->writer.add(record);
  ++impl_->records;
  if (impl_->writer.bytes() >= kBlockBytes) {
    impl_->finish_block();
  }
  return {};
}

struct LiveIntake::Impl {
  struct Waiting {
    Submission submission;
    std::function<void(Outcome)> on_done;
    std::size_t bytes = 0;
    steady_clock::time_point arrived;
  };

  Impl(const IntakeTarget& given, IntakeOptions chosen)
      : target(given), options(chosen), trail(target) {}

  void start() {
    committer = std::thread([this] { commit_all(); });
    keeper = std::thread([this] { keep(); });
  }

  void submit(Submission submission, std::function<void(Outcome)> on_done) {
    submission.impl_->finish_block();
    Waiting waiting{std::move(submission), std::move(on_done), 0, steady_clock::now()};
    waiting.bytes = waiting.submission.bytes();
    std::optional<NotTaken> refused;
    {
      const std::scoped_lock lock(mutex);
      if (is_ending) {
        refused = NotTaken{Error::make(ErrorCode::kUnavailable, "the intake is being closed"), 5};
      } else if (queue.size() >= options.queue_requests ||
                 (queued_bytes + waiting.bytes > options.queue_bytes && !queue.empty())) {
        refused =
            NotTaken{Error::make(ErrorCode::kTooMany, "more is waiting to be stored than may wait")
                         .with_hint("send it again later"),
                     busy_seconds()};
      }
      if (refused) {
        ++counters.requests_not_taken;
      } else {
        queued_bytes += waiting.bytes;
        queued_records += waiting.submission.records();
        queue.push_back(std::move(waiting));
      }
    }
    if (refused) {
      waiting.on_done(std::unexpected(std::move(*refused)));
      return;
    }
    changed.notify_all();
  }

  /// How long what waits will take, from how long the last commits took. Under the lock.
  [[nodiscard]] int busy_seconds() const {
    const double rate = std::max(1.0, bytes_a_second);
    return std::clamp(static_cast<int>(static_cast<double>(queued_bytes) / rate) + 1, 1, 60);
  }

  void commit_all() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return is_ending || !queue.empty(); });
      if (queue.empty()) {
        return;
      }
      const auto until =
          queue.front().arrived + std::chrono::milliseconds(options.commit_milliseconds);
      changed.wait_until(lock, until,
                         [&] { return is_ending || queued_records >= options.commit_records; });
      std::vector<Waiting> together;
      std::size_t records = 0;
      std::size_t bytes = 0;
      while (!queue.empty() && (together.empty() || records + queue.front().submission.records() <=
                                                        options.commit_records)) {
        records += queue.front().submission.records();
        bytes += queue.front().bytes;
        together.push_back(std::move(queue.front()));
        queue.pop_front();
      }
      queued_records -= records;
      lock.unlock();
      const auto started = steady_clock::now();
      commit(together);
      const std::chrono::duration<double> took = steady_clock::now() - started;
      lock.lock();
      // Bytes count as waiting until they are stored: that is what is bounded.
      queued_bytes -= bytes;
      bytes_a_second = static_cast<double>(bytes) / std::max(0.001, took.count());
    }
  }

  void commit(std::vector<Waiting>& together) {
    std::vector<LiveTrail::Request> requests;
    for (const Waiting& waiting : together) {
      const Submission::Impl& submission = *waiting.submission.impl_;
      requests.push_back({&submission.reporter, &submission.blocks});
    }
    auto receipts = trail.commit(requests);
    {
      const std::scoped_lock lock(mutex);
      ++counters.commits;
      counters.requests_not_taken += receipts ? 0 : together.size();
      for (const auto& receipt : receipts.value_or(std::vector<Result<Receipt>>())) {
        count(receipt);
      }
    }
    for (std::size_t at = 0; at < together.size(); ++at) {
      if (receipts && (*receipts)[at]) {
        together[at].on_done(*std::move((*receipts)[at]));
        continue;
      }
      const Error& error = receipts ? (*receipts)[at].error() : receipts.error();
      together[at].on_done(std::unexpected(NotTaken{error, retry_after(error.code)}));
    }
    if (trail.journal_bytes() > kMostJournal) {
      const std::scoped_lock lock(mutex);
      upkeep_wanted = true;
      changed.notify_all();
    }
  }

  void count(const Result<Receipt>& receipt) {
    ++(receipt ? counters.requests : counters.requests_not_taken);
    if (receipt) {
      counters.records += receipt->records;
      counters.stored += receipt->stored;
      counters.duplicates += receipt->duplicates;
      counters.refused += receipt->refused;
    }
  }

  Result<void> upkeep() {
    auto done = trail.upkeep();
    const std::scoped_lock lock(mutex);
    counters.upkeep_failure = done ? "" : done.error().to_string();
    return done;
  }

  void keep() {
    std::unique_lock lock(mutex);
    while (!is_ending) {
      changed.wait_for(lock, std::chrono::seconds(options.upkeep_seconds),
                       [&] { return is_ending || upkeep_wanted; });
      if (is_ending) {
        return;
      }
      upkeep_wanted = false;
      lock.unlock();
      (void)upkeep();
      lock.lock();
    }
  }

  void end() {
    {
      const std::scoped_lock lock(mutex);
      is_ending = true;
    }
    changed.notify_all();
    if (committer.joinable()) {
      committer.join();
      keeper.join();
      (void)upkeep();
    }
  }

  const IntakeTarget target;
  const IntakeOptions options;
  LiveTrail trail;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<Waiting> queue;
  std::size_t queued_bytes = 0;
  std::size_t queued_records = 0;
  double bytes_a_second = 1e6;
  bool is_ending = false;
  bool upkeep_wanted = false;
  IntakeCounters counters;
  std::thread committer;
  std::thread keeper;
};

LiveIntake::LiveIntake(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiveIntake::~LiveIntake() { impl_->end(); }

Result<std::unique_ptr<LiveIntake>> LiveIntake::open(const IntakeTarget& target,
                                                     IntakeOptions options) {
  auto impl = std::make_unique<Impl>(target, options);
  TRY_VOID(impl->trail.open());
  impl->start();
  return std::unique_ptr<LiveIntake>(new LiveIntake(std::move(impl)));
}

Outcome LiveIntake::submit(Submission submission) {
  // Shared, so that it outlives the call that fulfils it.
  const auto done = std::make_shared<std::promise<Outcome>>();
  submit(std::move(submission), [done](Outcome given) { done->set_value(std::move(given)); });
  return done->get_future().get();
}

void LiveIntake::submit(Submission submission, std::function<void(Outcome)> on_done) {
  impl_->submit(std::move(submission), std::move(on_done));
}

IntakeCounters LiveIntake::counters() const {
  const std::scoped_lock lock(impl_->mutex);
  IntakeCounters counters = impl_->counters;
  counters.queued_requests = impl_->queue.size();
  counters.queued_bytes = impl_->queued_bytes;
  return counters;
}

Result<void> LiveIntake::upkeep() { return impl_->upkeep(); }

}  // namespace spoor::pipeline
