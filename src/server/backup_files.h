#pragma once
// The two forms of a backup: a folder, or one tar file (not compressed: telemetry is already).

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor::server {

/// Fills the buffer; 0 at the end.
using ByteSource = std::function<Result<std::size_t>(std::span<char>)>;

/// Writes a backup that appears under its name when it is whole; on destruction without finish()
/// nothing stays.
class BackupWriter {
 public:
  /// A tar file where `to` ends in .tar, else a folder. kConflict where it exists (an empty folder
  /// is taken). What is made is readable by its owner alone.
  static Result<std::unique_ptr<BackupWriter>> create(const std::string& to);
  virtual ~BackupWriter() = default;

  /// Adds a file of exactly `bytes`; its SHA-256. kTruncated where the source gives another size.
  virtual Result<std::string> add(const std::string& path, std::uint64_t bytes,
                                  const ByteSource& source) = 0;
  /// All is on disk on return.
  virtual Result<void> finish() = 0;
};

class BackupReader {
 public:
  /// `from` is what BackupWriter made. kNotFound.
  static Result<std::unique_ptr<BackupReader>> open(const std::string& from);
  virtual ~BackupReader() = default;

  /// The manifest's text. kInvalidInput without one: the backup was never finished.
  virtual Result<std::string> manifest() = 0;
  /// Calls `on_file` for each file beside the manifest that the backup holds. Links and whatever
  /// else is no file are errors.
  using OnFile =
      std::function<Result<void>(const std::string& path, std::uint64_t, const ByteSource&)>;
  virtual Result<void> each(const OnFile& on_file) = 0;
};

/// A source over an open file.
ByteSource read_from(int descriptor, const std::string& where);

}  // namespace spoor::server
