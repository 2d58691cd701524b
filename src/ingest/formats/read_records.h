#pragma once
// From a file to the records in it, whatever kind of source it is. The one place that knows all
// kinds.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "base/result.h"
#include "event/record.h"

namespace spoor::ingest {

class InputFile;

/// Who is told what files hold. All are called on one thread; views live until the call returns.
struct RecordSink {
  std::function<void(const event::Record&)> on_record;
  std::function<void(const Error&)> on_problem;          ///< with `where` and `offset`
  std::function<void(std::string_view path)> on_unread;  ///< a file of no known kind
  std::function<void(std::string_view path, std::uint64_t bytes)> on_file;   ///< one that is read
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  ///< bytes
};

/// Reads a file of a kind that its first bytes tell: an event log (EVTX), or Windows events as text
/// in any of the forms of docs/formats.md. Of the sink all but `on_progress` are called; `on_bytes`
/// is told how much of this file is done. Ends early, without a word, where `stop` is asked.
void read_records(InputFile& file, const RecordSink& sink,
                  const std::function<void(std::uint64_t done)>& on_bytes = {},
                  const std::stop_token& stop = {});

}  // namespace spoor::ingest
