#pragma once
// Reads a source on a thread of its own, while the records before are being made into rows.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "base/result.h"
#include "event/record.h"
#include "pipeline/record_source.h"

namespace spoor::pipeline {

/// What RecordSink is told, with each record's data as JSON beside it.
struct AheadSink {
  std::function<void(const event::Record&, std::string_view data_json)> on_record;
  std::function<void(const Error&)> on_problem;
  std::function<void(std::string_view path)> on_unread;
  std::function<void(std::string_view path, std::uint64_t bytes)> on_file;
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;
};

/// Runs `source` on another thread and tells `sink` on this one what it hands over, in its order.
/// The reader is ahead by a few thousand records or a few MiB at most. Returns what the source
/// returned, once all is told.
Result<void> read_ahead(const RecordSource& source, const AheadSink& sink,
                        const std::stop_token& stop);

}  // namespace spoor::pipeline
