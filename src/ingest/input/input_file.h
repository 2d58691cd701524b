#pragma once
// One file of evidence: on disk, or a member of an archive in memory or in an unnamed temporary
// file.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace spoor::ingest {

/// Belongs to one thread. Its bytes live as long as it does.
class InputFile {
 public:
  /// Opens a regular file on disk; links at the end of `path` are followed only where `follow_link`
  /// says so.
  static Result<InputFile> open(const std::string& path, bool follow_link);
  static InputFile from_memory(std::string display_path, std::string bytes);
  /// Takes over an open regular file that has no name.
  static InputFile from_unnamed(std::string display_path, FileHandle file, std::uint64_t size);

  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  std::string display_path;  ///< for people: "a.zip!dir/b.evtx"; never to be opened
  std::string disk_path;     ///< empty for members of archives
  std::uint64_t size = 0;    ///< bytes
  bool is_partial = false;   ///< the archive ended or broke before the end of this member

  /// All bytes, without a copy: a file on disk is mapped. The file must not shrink while the view
  /// is in use.
  Result<std::string_view> bytes();
  /// Fills `out` from `offset` on; says how many bytes there were (fewer only at the end of the
  /// file).
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const;
  /// Bytes of memory that it holds itself.
  [[nodiscard]] std::uint64_t memory_in_use() const { return memory_.size(); }
  /// The open file; -1 where the bytes are in memory.
  [[nodiscard]] int descriptor() const { return file_.get(); }
  [[nodiscard]] std::string_view memory() const { return memory_; }

 private:
  InputFile() = default;

  std::string memory_;
  FileHandle file_;
  void* mapping_ = nullptr;
  std::size_t mapped_size_ = 0;
};

}  // namespace spoor::ingest
