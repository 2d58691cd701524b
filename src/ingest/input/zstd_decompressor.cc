#include <zstd.h>
#include <zstd_errors.h>

#include "ingest/input/decompressor.h"

namespace spoor::ingest {
namespace {

class ZstdDecompressor final : public Decompressor {
 public:
  explicit ZstdDecompressor(const InputFile& input)
      : Decompressor(input), out_(kBlockBytes, '\0') {}
  ~ZstdDecompressor() override { ZSTD_freeDStream(stream_); }

 private:
  Result<std::string_view> decompress() override {
    if (stream_ == nullptr) {
      return fail(ErrorCode::kLimit, "zstd: there is not enough memory");
    }
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size && !has_more_output_) {
        const std::string_view piece = TRY(more_input());
        if (piece.empty() && is_inside_frame_) {
          return fail(ErrorCode::kTruncated, "zstd: the file is truncated");
        }
        if (piece.empty()) {
          break;
        }
        in_ = {piece.data(), piece.size(), 0};
      }
      const std::size_t result = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(result) != 0) {
        return failure(result);
      }
      is_inside_frame_ = result != 0;
      has_more_output_ = out.pos == out.size;
    }
    return std::string_view(out_).substr(0, out.pos);
  }

  static std::unexpected<Error> failure(std::size_t result) {
    const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
    const bool is_limit =
        code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation;
    return fail(is_limit ? ErrorCode::kLimit : ErrorCode::kInvalidInput,
                std::string("zstd: ") + ZSTD_getErrorName(result));
  }

  ZSTD_DStream* stream_ = ZSTD_createDStream();
  ZSTD_inBuffer in_{nullptr, 0, 0};
  std::string out_;
  bool is_inside_frame_ = false;
  bool has_more_output_ = false;  ///< the block was full: the library may hold more
};

}  // namespace

std::unique_ptr<Decompressor> make_zstd_decompressor(const InputFile& input) {
  return std::make_unique<ZstdDecompressor>(input);
}

}  // namespace spoor::ingest
