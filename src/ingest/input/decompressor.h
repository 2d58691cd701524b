#pragma once
// The content of a gzip or zstd file piece by piece. Internal to the module.
// libarchive reads both as well, but lets gzip content with a wrong check sum pass, and takes a
// short file that is cut for an empty one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/input/input_file.h"

namespace spoor::ingest {

class Decompressor {
 public:
  virtual ~Decompressor() = default;
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  /// The next piece, valid until the next call; empty at the end. What is good before a failure is
  /// handed out first; the failure then stays.
  Result<std::string_view> next();
  /// The first bytes of the content, as many as asked for where there are so many. Before `next`.
  std::string_view peek(std::size_t bytes);
  /// Bytes of the file read so far.
  [[nodiscard]] std::uint64_t bytes_in() const { return bytes_in_; }

 protected:
  static constexpr std::size_t kBlockBytes = 128UL << 10;

  explicit Decompressor(const InputFile& input) : input_(input), block_(kBlockBytes, '\0') {}
  /// More bytes of the file, valid until the next call; empty at its end.
  Result<std::string_view> more_input();

 private:
  virtual Result<std::string_view> decompress() = 0;
  Result<std::string_view> remember_failure();

  const InputFile& input_;
  std::string block_;
  std::uint64_t bytes_in_ = 0;
  std::string head_;
  std::string given_;
  std::optional<Error> failure_;
};

/// RFC 1952, check sums verified; several members are one content, zeros may follow. `input` must
/// outlive what is returned.
std::unique_ptr<Decompressor> make_gzip_decompressor(const InputFile& input);
/// RFC 8878; several frames are one content. Windows above 128 MB are refused (kLimit).
std::unique_ptr<Decompressor> make_zstd_decompressor(const InputFile& input);

}  // namespace spoor::ingest
