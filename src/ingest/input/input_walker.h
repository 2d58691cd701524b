#pragma once
// Every file below the paths of an import, archives taken apart: what is to be read, in an order
// that never changes.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/input/input_file.h"
#include "ingest/input/limits.h"

namespace spoor::ingest {

/// Belongs to one thread. Folders are walked by name, archives in their own order. Inside folders,
/// links are not followed and only regular files are read; a path given by name may be a link.
/// Archives (zip, tar, gzip, zstd, told by content) are taken apart in memory: nothing is ever
/// written under a name from an archive.
class InputWalker {
 public:
  /// Bytes on disk that are done, and all that there are.
  using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

  explicit InputWalker(std::vector<std::string> paths, Limits limits = {});

  /// Sum of the sizes of the files on disk that will be read; looks at the folders on the first
  /// call.
  std::uint64_t total_bytes();
  /// Files on disk that will be read.
  std::uint64_t total_files();
  struct OnDisk {
    std::string path;
    std::uint64_t size = 0;
    bool is_named = false;  ///< given by name, not met in a folder: may be a link
  };
  /// The files on disk that will be read, in their order; `on_error` as in for_each.
  std::vector<OnDisk> files(const std::function<void(const Error&)>& on_error);
  void set_progress(Progress on_progress) { on_progress_ = std::move(on_progress); }

  /// Calls `on_file` for each file (valid until it returns) and `on_error` for each that could not
  /// be read, with its place and the reason; what is good beside goes on. kInvalidInput without
  /// paths, kCancelled where `stop` was asked.
  Result<void> for_each(const std::function<void(InputFile&)>& on_file,
                        const std::function<void(const Error&)>& on_error,
                        std::stop_token stop = {});

 private:
  void scan();
  void scan_path(const std::string& path);
  void scan_folder(const std::string& path, int depth);
  void refuse(ErrorCode code, std::string reason, const std::string& path);

  std::vector<std::string> paths_;
  Limits limits_;
  Progress on_progress_;
  bool is_scanned_ = false;
  std::vector<OnDisk> found_;
  std::vector<Error> refused_;
  std::uint64_t total_bytes_ = 0;
};

}  // namespace spoor::ingest
