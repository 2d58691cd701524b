#pragma once
// What an analyst sees of devices. Every view is a KQL plan with bound values; nothing here writes
// SQL.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_key.h"
#include "kql/exec/executor.h"
#include "kql/kql.h"

namespace spoor::investigate {

/// Runs plans for one caller.
class Views {
 public:
  Views(kql::Runner runner, kql::AccessScope scope)
      : runner_(std::move(runner)), scope_(std::move(scope)) {}

  /// Rows of a view, as they arrive.
  using OnRows = kql::OnRows;

  /// Place of a row in the timeline: the next page starts behind it.
  struct Cursor {
    Ticks time = kMaxTicks;
    std::int64_t event_id = INT64_MAX;
    [[nodiscard]] std::string to_text() const;             ///< "2026-…Z/123"
    static Result<Cursor> parse(const std::string& text);  ///< kInvalidInput
  };

  /// Runs a plan; `rows` bounds its result. For the services of this module.
  Result<kql::QueryResult> run(std::string_view query, std::vector<kql::NamedArgument> arguments,
                               std::int64_t rows, const OnRows& on_rows) const;
  /// The same for what is asked often and changes seldom: the runner may give an earlier answer
  /// again where nothing that the plan reads has changed since (kql::KeptAnswers).
  Result<kql::QueryResult> run_kept(std::string_view query,
                                    std::vector<kql::NamedArgument> arguments, std::int64_t rows,
                                    const OnRows& on_rows) const;
  /// The same views, whose plans end with kCancelled once the flag is set. It must outlive them.
  [[nodiscard]] Views cancelled_by(const std::atomic<bool>& flag) const {
    Views made = *this;
    made.cancelled_ = &flag;
    return made;
  }
  /// kNotFound where the caller may not read every id of the key: the answer of all services for a
  /// device that is out of reach.
  [[nodiscard]] Result<void> check(const DeviceKey& device) const;
  [[nodiscard]] const kql::AccessScope& scope() const { return scope_; }

 private:
  Result<kql::QueryResult> run(std::string_view query, std::vector<kql::NamedArgument> arguments,
                               const kql::RunLimits& limits, const OnRows& on_rows) const;

  kql::Runner runner_;
  kql::AccessScope scope_;
  const std::atomic<bool>* cancelled_ = nullptr;
};

}  // namespace spoor::investigate
