#pragma once
// Files that people hand over through the network, in pieces that can be continued. They stand in a
// folder of their own under random ids; the names that people gave are labels.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "base/ticks.h"

namespace spoor::pipeline {

struct Upload {
  std::string id;              ///< 32 lower-case hex digits, random
  std::string owner;           ///< who started it; only they may go on with it
  std::string name;            ///< label: valid UTF-8 without control characters
  std::uint64_t size = 0;      ///< bytes announced
  std::uint64_t received = 0;  ///< bytes on disk: where the next piece starts
  std::string sha256;          ///< announced, 64 lower-case hex digits; empty: none was
  bool is_complete = false;    ///< all is there, and the check sum is right
  Ticks created = 0;
  Ticks changed = 0;
};

struct UploadLimits {
  std::uint64_t file_bytes = 64ULL << 30;    ///< one upload
  std::uint64_t total_bytes = 256ULL << 30;  ///< all that are announced together
  std::size_t uploads = 1000;
  std::size_t piece_bytes = 16u << 20;    ///< one append
  TickSpan expiry = kTicksPerDay;         ///< after the last change
  std::uint64_t free_bytes = 2ULL << 30;  ///< the disk must keep
};

/// Thread-safe. Errors: kNotFound for an id that is none of `owner`'s uploads, kLimit, kNoSpace,
/// kIo.
class Uploads {
 public:
  /// Opens `folder` (made where it is missing) and removes what has expired or is damaged.
  static Result<std::unique_ptr<Uploads>> open(const std::string& folder, UploadLimits limits = {});

  /// Announces a file. kInvalidInput for an empty file or a `sha256` that is none.
  Result<Upload> create(std::string_view owner, std::string_view name, std::uint64_t size,
                        std::string_view sha256 = {});
  /// Adds a piece, on disk on return. kConflict where `offset` is not `received` (the upload tells
  /// where to go on), kLimit past the announced size; kInvalidInput where the last piece completes
  /// a file with another check sum than announced, which then starts anew from 0.
  Result<Upload> append(std::string_view owner, std::string_view id, std::uint64_t offset,
                        std::string_view bytes);
  Result<Upload> get(std::string_view owner, std::string_view id) const;
  /// Those of one owner, oldest first.
  [[nodiscard]] std::vector<Upload> list(std::string_view owner) const;
  Result<void> remove(std::string_view owner, std::string_view id);
  /// Opens a complete upload for reading. kConflict where it is not complete.
  Result<FileHandle> open_complete(std::string_view owner, std::string_view id) const;
  /// Keeps a complete upload from expiring while a job waits for it or reads it.
  Result<void> hold(std::string_view owner, std::string_view id);
  void release(std::string_view id);
  /// Removes what has expired; says how many went.
  std::size_t expire(Ticks now = now_ticks());
  /// Folder for the unnamed files of a parser.
  [[nodiscard]] const std::string& folder() const;

 private:
  struct Impl;
  explicit Uploads(std::unique_ptr<Impl> impl);

 public:
  ~Uploads();

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::pipeline
