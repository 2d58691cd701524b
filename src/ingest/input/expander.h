#pragma once
// Takes archives apart, down to files that are none, within limits. Internal to the module.

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "ingest/input/archive_stream.h"
#include "ingest/input/input_file.h"
#include "ingest/input/limits.h"

namespace spoor::ingest {

class Expander {
 public:
  /// Bytes of the file on disk that have been read so far.
  using Progress = std::function<void(std::uint64_t)>;

  Expander(const Limits& limits, std::function<void(InputFile&)> on_file,
           std::function<void(const Error&)> on_error, std::stop_token stop);

  /// Hands on the file, or each file inside it where it is an archive.
  void expand(InputFile& file, const Progress& on_progress);

 private:
  /// What is left of the limits of one file on disk.
  struct Budget {
    std::uint64_t disk_bytes = 0;
    std::uint64_t unpacked = 0;
    std::uint64_t members = 0;
    bool is_spent = false;
  };

  void take(InputFile& file, int depth, std::uint64_t held);
  void unpack(InputFile& container, Container kind, int depth, std::uint64_t held);
  void take_member(ArchiveStream& archive, const ArchiveStream::Member& member,
                   InputFile& container, int depth, std::uint64_t held);
  Result<void> check_size(const ArchiveStream::Member& member) const;
  /// Reads the member whole, as far as it can be; `problem` says why it ends early.
  InputFile read_member(ArchiveStream& archive, std::string display_path, std::uint64_t held,
                        int depth, Result<void>& problem);
  Result<void> spend(std::uint64_t member_bytes, std::uint64_t more);
  void report(Error error, const std::string& where);

  const Limits& limits_;
  std::function<void(InputFile&)> on_file_;
  std::function<void(const Error&)> on_error_;
  std::stop_token stop_;
  Progress on_progress_;
  Budget budget_;
  std::string spool_folder_;
  std::unique_ptr<char[]> block_;
};

}  // namespace spoor::ingest
