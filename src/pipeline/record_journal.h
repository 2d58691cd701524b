#pragma once
// Records that were acknowledged and whose process facts are not saved yet: numbered files beside
// the facts, read back after a crash. Internal to the module.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "event/record.h"

namespace spoor::pipeline {

/// One thread at a time.
class RecordJournal {
 public:
  /// Files are `folder`/journal.N.
  static Result<RecordJournal> open(const std::string& folder);

  /// All records of earlier files, oldest first; what is cut at the end of a file, as a crash
  /// leaves it, is passed over.
  Result<void> replay(const std::function<void(const event::Record&)>& on_record) const;
  /// Adds blocks of event/record_codec.h; on disk on return.
  Result<void> append(const std::vector<std::string>& blocks);
  /// Starts a new file and says its number: what was appended before is in lower ones.
  Result<std::uint64_t> rotate();
  /// Removes the files below `number`.
  Result<void> remove_below(std::uint64_t number);
  /// Bytes appended since the last rotation.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  explicit RecordJournal(std::string folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::string path_of(std::uint64_t number) const;
  Result<std::vector<std::uint64_t>> numbers() const;

  std::string folder_;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_ = 0;
  FileHandle file_;
};

}  // namespace spoor::pipeline
