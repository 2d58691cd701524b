#pragma once
// Content codings gzip and zstd, both ways. Internal to the module http.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor::http {

enum class Coding : std::uint8_t { kIdentity, kGzip, kZstd };

/// "gzip", "zstd"; "identity".
std::string_view coding_name(Coding coding);
/// The coding that an Accept-Encoding header likes best; zstd before gzip where it likes both
/// alike.
Coding choose_coding(std::string_view accept_encoding);
/// The coding that a Content-Encoding header names; nothing for one that cannot be decoded here.
std::optional<Coding> parse_content_coding(std::string_view content_encoding);
/// Text, JSON, XML, JavaScript, SVG, WebAssembly: what becomes smaller.
bool is_compressible(std::string_view content_type);

/// Compresses a stream.
class Encoder {
 public:
  virtual ~Encoder() = default;
  /// kGzip or kZstd.
  static std::unique_ptr<Encoder> make(Coding coding);
  /// Appends to `out` what the coding gives for `bytes`; some may be held back.
  virtual void encode(std::string_view bytes, std::string& out) = 0;
  /// Appends all that was held back.
  virtual void flush(std::string& out) = 0;
  virtual void finish(std::string& out) = 0;
};

/// Bounds of what a body may become.
struct DecodeLimits {
  std::uint64_t max_decoded_bytes = 0;
  std::uint64_t max_ratio = 200;  ///< decoded for each encoded byte, past kRatioFreeBytes
};
inline constexpr std::uint64_t kRatioFreeBytes = 1024 * 1024;

/// Decompresses a stream piece by piece; also counts what is not compressed.
class Decoder {
 public:
  virtual ~Decoder() = default;
  static std::unique_ptr<Decoder> make(Coding coding, DecodeLimits limits);

  /// Takes bytes from the front of `input` and fills `out`; the count of filled bytes. 0 means that
  /// more input is needed, or, with `is_last` and no input left, the end. kLimit over the limits,
  /// kInvalidInput for bytes that do not decode, kTruncated for an end in the middle.
  Result<std::size_t> decode(std::string_view& input, bool is_last, std::span<char> out);

 protected:
  explicit Decoder(DecodeLimits limits) : limits_(limits) {}
  struct Step {
    std::size_t taken = 0;
    std::size_t given = 0;
  };
  virtual Result<Step> step(std::string_view input, std::span<char> out) = 0;
  /// False in the middle of a stream.
  [[nodiscard]] virtual bool is_at_end() const = 0;

 private:
  DecodeLimits limits_;
  std::uint64_t encoded_ = 0;
  std::uint64_t decoded_ = 0;
};

/// A whole body, decoded.
Result<std::string> decode_whole(std::string_view body, Coding coding, DecodeLimits limits);

}  // namespace spoor::http
