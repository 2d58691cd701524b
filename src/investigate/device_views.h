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

  /// All devices, the last seen first: DeviceId, DeviceName, OSPlatform, LastSeen, FirstSeen.
  Result<kql::QueryResult> devices(const OnRows& on_rows) const;
  /// The id of the device with this id or name. kNotFound, or kConflict where several have the
  /// name.
  Result<std::string> find_device(const std::string& id_or_name) const;
  /// What is known of one device: Property, Value.
  Result<kql::QueryResult> device(const std::string& device_id, const OnRows& on_rows) const;

  /// Place of a row in the timeline: the next page starts behind it.
  struct Cursor {
    Ticks time = kMaxTicks;
    std::int64_t event_id = INT64_MAX;
    [[nodiscard]] std::string to_text() const;             ///< "2026-…Z/123"
    static Result<Cursor> parse(const std::string& text);  ///< kInvalidInput
  };
  struct TimelineRequest {
    std::string device_id;
    Ticks from = kYearOne;
    Ticks to = kMaxTicks;
    Cursor before;
    std::int64_t rows = 200;
  };
  /// A page, newest first: Timestamp, Group, ActionType, Actor, Title, Detail, Account, Techniques,
  /// Table, EventId, Cursor.
  Result<kql::QueryResult> timeline(const TimelineRequest& request, const OnRows& on_rows) const;

  /// Runs a plan; `rows` bounds its result. For the services of this module.
  Result<kql::QueryResult> run(std::string_view query, std::vector<kql::NamedArgument> arguments,
                               std::int64_t rows, const OnRows& on_rows) const;
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
  kql::Runner runner_;
  kql::AccessScope scope_;
  const std::atomic<bool>* cancelled_ = nullptr;
};

}  // namespace spoor::investigate
