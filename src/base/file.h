#pragma once
// Files and folders with errors as values. Nothing here follows a policy of its own: callers bound
// sizes and choose modes.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor {

/// Owns an open file descriptor; closes it on destruction.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(other.release()) {}
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  /// Gives the descriptor away without closing it.
  int release();

 private:
  int descriptor_ = -1;
};

/// The whole of a regular file. kLimit where it holds more than `max_bytes`, kInvalidInput where it
/// is not a file.
Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes);
/// Replaces `path` by `bytes` such that a reader, or a crash, sees the old content or the new,
/// never a part: written beside it, synced, renamed, and the folder synced. `mode` is that of the
/// new file.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes,
                                   unsigned mode = 0600);
/// Makes the folder and those above it (mode 0700 for the new ones); one that exists is no error.
Result<void> make_folders(const std::string& path);
/// Bytes of a regular file.
Result<std::uint64_t> file_size(const std::string& path);
/// Writes all bytes to a descriptor; `where` names it in errors.
Result<void> write_all(int descriptor, std::string_view bytes, const std::string& where);
/// An open, empty file without a name in `folder` (gone when closed), for data too large for
/// memory.
Result<FileHandle> open_unnamed_file(const std::string& folder);

}  // namespace spoor
