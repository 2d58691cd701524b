#pragma once
// The trail of files: open → records → rows → store → repair. One import is one job.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace spoor::state {
class State;
}
namespace spoor::store {
class Appender;
class Client;
}  // namespace spoor::store

namespace spoor::pipeline {

struct ImportProblem {
  std::string file;
  std::int64_t offset = -1;  ///< bytes; -1 where the whole file is meant
  std::string reason;
};

struct ImportReport {
  std::string job_id;
  std::uint64_t files = 0;        ///< files that were read
  std::uint64_t records = 0;      ///< source records seen, duplicates included
  std::uint64_t rows = 0;         ///< rows stored in hunting tables
  std::uint64_t source_only = 0;  ///< records stored that no hunting table has
  std::uint64_t duplicates = 0;   ///< records left out because the store or this import has them
  std::uint64_t carved = 0;       ///< of `records`: recovered from slack
  std::uint64_t bytes = 0;        ///< of the files read, after decompression
  double seconds = 0;
  std::vector<std::string> unread;      ///< paths seen but of no known kind
  std::vector<ImportProblem> problems;  ///< what could not be read; the first 10,000
  std::uint64_t problem_count = 0;
  [[nodiscard]] std::string to_json() const;  ///< one line, the contract of `spoor import --json`
};

struct ImportProgress {
  std::uint64_t bytes_done = 0, bytes_total = 0, records = 0;
  std::string file;
};

struct ImportRequest {
  std::vector<std::string> paths;
  std::string reported_by;  ///< who hands the records over
  std::function<void(const ImportProgress&)> on_progress;
};

/// Where an import writes to.
struct ImportTarget {
  state::State& state;
  const store::Client& client;
  store::Appender& appender;
  std::string processes_folder;  ///< what is known of each device's processes between imports
};

/// Reads everything below the paths. What cannot be read is in the report; an error is returned
/// only where the store or the state fails, and then what was acknowledged before stays.
Result<ImportReport> import_files(const ImportTarget& target, const ImportRequest& request);

}  // namespace spoor::pipeline
