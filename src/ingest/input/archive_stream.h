#pragma once
// Members of an archive one after another: the fence around libarchive. Internal to the module.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/input/input_file.h"

namespace spoor::ingest {

/// What the first bytes of a file say that it is.
enum class Container : std::uint8_t { kNone = 0, kZip = 1, kTar = 2, kGzip = 3, kZstd = 4 };

/// Bytes that `sniff_container` wants to see.
inline constexpr std::size_t kSniffBytes = 512;
/// Told by content alone: names are the choice of whoever packed the evidence.
Container sniff_container(std::string_view head);

class ArchiveStream {
 public:
  enum class MemberKind : std::uint8_t {
    kFile = 0,
    kFolder = 1,
    kLink = 2,
    kSpecial = 3,
    kEncrypted = 4
  };
  struct Member {
    std::string
        name;  ///< as the archive says it, valid UTF-8 without control characters; only to be shown
    MemberKind kind = MemberKind::kFile;
    std::optional<std::uint64_t> claimed_size;  ///< what the archive says; may be a lie
  };

  /// `input` must outlive the stream. A gzip or zstd file that holds no tar is an archive with one
  /// member.
  static Result<std::unique_ptr<ArchiveStream>> open(InputFile& input, Container container);
  ~ArchiveStream();

  /// The next member; nothing after the last. After an error the next call goes on, unless
  /// `is_broken`.
  Result<std::optional<Member>> next();
  /// More of the current member; 0 at its end.
  Result<std::size_t> read(std::span<char> out);
  /// Nothing more can be read after a failure of the archive as a whole.
  [[nodiscard]] bool is_broken() const { return is_broken_; }
  /// Bytes of the archive read so far.
  [[nodiscard]] std::uint64_t bytes_in() const;

 private:
  struct Handle;
  explicit ArchiveStream(InputFile& input);
  Error error_of(int result);

  InputFile& input_;
  std::unique_ptr<Handle> handle_;
  bool is_compressed_stream_ = false;
  bool is_broken_ = false;
  bool is_ended_ = false;
  std::uint64_t members_ = 0;
};

}  // namespace spoor::ingest
