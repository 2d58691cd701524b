#pragma once
// Takes records from senders that wait for an answer: what is acknowledged is on disk, once.
// Architecture decisions 4, 5, 6, 12 and 15.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/record.h"

namespace spoor::state {
class State;
}
namespace spoor::store {
class Appender;
class Client;
}  // namespace spoor::store

namespace spoor::pipeline {

/// A device that a record claims to be of.
struct DeviceClaim {
  std::string_view device_id;  ///< empty where no device of that name is known
  std::string_view computer;   ///< as the record says it
};

/// Who hands records over.
struct Reporter {
  std::string name;  ///< goes into DeviceSourceRecords.ReportedBy
  /// True for the devices that it may speak for. Without it, none. Called on the intake's thread; a
  /// record that is refused makes no device, no row and no fact.
  std::function<bool(const DeviceClaim&)> may_report;

  /// May speak for every device, known or new.
  static Reporter for_all_devices(std::string name) {
    return {std::move(name), [](const DeviceClaim&) { return true; }};
  }
};

/// The records of one request, collected before they are submitted.
class Submission {
 public:
  /// What one request may hold.
  static constexpr std::size_t kMaxRecords = 200'000;
  static constexpr std::size_t kMaxBytes = 64u << 20;

  explicit Submission(Reporter reporter);
  ~Submission();
  Submission(Submission&&) noexcept;
  Submission& operator=(Submission&&) noexcept;

  /// Copies the record. kLimit where the request holds too much, which is then to be sent in parts.
  Result<void> add(const event::Record& record);
  [[nodiscard]] std::size_t records() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  friend class LiveIntake;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What became of an acknowledged request.
struct Receipt {
  std::uint64_t records = 0;                   ///< in the request
  std::uint64_t stored = 0;                    ///< new
  std::uint64_t duplicates = 0;                ///< in the store already, or twice in what was sent
  std::uint64_t refused = 0;                   ///< of devices that the sender may not speak for
  std::vector<std::string> refused_computers;  ///< the first 20 names, each once
};

/// Why a request was not taken; nothing of it need be assumed stored, and all of it may be sent
/// again.
struct NotTaken {
  Error error;  ///< kTooMany: behind; kUnavailable: closing, or the engine is away; kNoSpace; …
  int retry_after_seconds = 0;  ///< 0: trying again does not help
};
using Outcome = std::expected<Receipt, NotTaken>;

struct IntakeOptions {
  int commit_milliseconds = 200;         ///< a request waits for others at most so long
  std::size_t commit_records = 50'000;   ///< … or until there are so many
  std::size_t queue_bytes = 256u << 20;  ///< of requests that wait; more are refused
  std::size_t queue_requests = 10'000;
  int upkeep_seconds = 60;  ///< between repairs and savings of process facts
};

/// What it did since it was opened.
struct IntakeCounters {
  std::uint64_t requests = 0;
  std::uint64_t requests_not_taken = 0;
  std::uint64_t records = 0;
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t refused = 0;
  std::uint64_t commits = 0;
  std::uint64_t queued_requests = 0;  ///< now
  std::uint64_t queued_bytes = 0;     ///< now
  std::string upkeep_failure;         ///< of the last repair or saving; empty where it went well
};

/// Where the intake writes to. All must outlive it.
struct IntakeTarget {
  state::State& state;
  const store::Client& client;
  store::Appender& appender;     ///< the one of the store, shared with imports
  std::string processes_folder;  ///< as for imports; the journal stands there too
};

/// Thread-safe. One thread normalises and stores, one repairs and saves what is known of processes.
class LiveIntake {
 public:
  /// Reads back what an earlier process had not saved yet.
  static Result<std::unique_ptr<LiveIntake>> open(const IntakeTarget& target,
                                                  IntakeOptions options = {});
  /// Commits what waits, repairs and saves.
  ~LiveIntake();
  LiveIntake(const LiveIntake&) = delete;
  LiveIntake& operator=(const LiveIntake&) = delete;

  /// Returns once all records are on disk. Sending the same records again stores nothing twice.
  Outcome submit(Submission submission);
  /// The same without waiting: `on_done` is called once, on another thread or on this one. It must
  /// not call back into the intake.
  void submit(Submission submission, std::function<void(Outcome)> on_done);
  [[nodiscard]] IntakeCounters counters() const;
  /// Repairs and saves now, and waits for it.
  Result<void> upkeep();

 private:
  struct Impl;
  explicit LiveIntake(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::pipeline
