#pragma once
// Where an import takes its records from, whatever reads them.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "base/result.h"
#include "event/record.h"

namespace spoor::pipeline {

/// What a source tells of. All are called on one thread; views live until the call returns.
struct RecordSink {
  std::function<void(const event::Record&)> on_record;
  std::function<void(const Error&)> on_problem;          ///< with `where` and `offset`
  std::function<void(std::string_view path)> on_unread;  ///< a file of no known kind
  std::function<void(std::string_view path, std::uint64_t bytes)> on_file;   ///< one that is read
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  ///< bytes
};

/// Hands over all records, or stops where `stop` is asked (kCancelled). An error is a failure of
/// the source as a whole; what was handed over before is kept.
using RecordSource = std::function<Result<void>(const RecordSink& sink, std::stop_token stop)>;

}  // namespace spoor::pipeline
