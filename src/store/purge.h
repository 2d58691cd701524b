#pragma once
// Removes evidence: what a person asks for, and live telemetry past its retention.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/ticks.h"
#include "store/client.h"

namespace spoor::store {

/// Rows that an import brought, in every table, and the states of devices of which nothing else
/// tells, unless a person has put a mark on them (DeviceMarks). Says how many source records went.
Result<std::uint64_t> purge_job(const Client& client, const std::string& job_id);
/// Everything of a device. Says how many source records went.
Result<std::uint64_t> purge_device(const Client& client, const std::string& device_id);
/// Drops the partitions of live telemetry (retention class 1) whose last row is older than
/// `keep_after`. Imported evidence stays. Says how many partitions went.
Result<std::uint64_t> drop_expired(const Client& client, Ticks keep_after);

}  // namespace spoor::store
