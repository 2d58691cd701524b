#pragma once
// Files of strangers are parsed in a process of their own, which has nothing but the open file: no
// network, no keys, no data folder, no other program, and bounded memory and time. What it sends
// back is taken for hostile.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/record.h"
#include "ingest/input/limits.h"

namespace spoor::ingest::sandbox {

/// What one file may cost, with everything that is packed inside it.
struct ParseLimits {
  Limits archive;  ///< `spool_folder` is used by the parent, which opens the unnamed files
  std::uint64_t memory_bytes = 2ULL << 30;     ///< address space of the child
  std::uint64_t processor_seconds = 4 * 3600;  ///< that the child may compute
  std::uint64_t wait_seconds = 8 * 3600;       ///< that the parent waits for it in all …
  std::uint64_t silent_seconds = 300;          ///< … and without hearing anything
  std::uint64_t records = 4'000'000'000;       ///< that it may send
  std::uint64_t output_bytes = 1ULL << 40;     ///< that it may send
  std::uint64_t problems = 1'000'000;          ///< that it may report
  /// The program that is started as the child; its main must begin with run_if_child.
  std::string program = "/proc/self/exe";
};

/// What the child tells. All are called on the calling thread; those that are empty are left out.
/// Texts are valid UTF-8 and live until the call returns. Names of files are labels: the name
/// given, then "!member" for each archive around it.
struct ParseEvents {
  std::function<void(const event::Record&)> on_record;
  std::function<void(const Error&)> on_problem;     ///< with `where` and `offset`
  std::function<void(std::string_view)> on_unread;  ///< a file of no known kind
  /// A file whose records follow, with its bytes.
  std::function<void(std::string_view, std::uint64_t)> on_file;
  /// Bytes of the file given that are done.
  std::function<void(std::uint64_t)> on_progress;
};

struct ParseTotals {
  std::uint64_t files = 0;  ///< of known kinds
  std::uint64_t bytes = 0;  ///< of those, unpacked
  std::uint64_t records = 0;
  std::uint64_t carved = 0;  ///< of `records`
  std::uint64_t problems = 0;
};

/// Parses the regular file behind `descriptor` (read from its start; it stays open and is not
/// written to): event logs, Windows Event XML, NDJSON of records, and archives of these. `name` is
/// what records and problems call it.
/// Errors: kLimit, saying which limit the child passed (it is dead then); kInvalidInput where it
/// crashed or sent what it must not; kCancelled where `stop` was asked; kIo where it cannot be
/// started. What was handed out before stays valid.
Result<ParseTotals> parse_in_child(int descriptor, const std::string& name,
                                   const ParseLimits& limits, const ParseEvents& events,
                                   std::stop_token stop = {});

/// For the first line of main: where this process was started as a parsing child, does its work and
/// ends; else does nothing.
void run_if_child(int argc, char** argv);

}  // namespace spoor::ingest::sandbox
