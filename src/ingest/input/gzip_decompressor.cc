#include <zlib.h>

#include "ingest/input/decompressor.h"

namespace spoor::ingest {
namespace {

/// zlib: the largest window, and a gzip header with its check sum.
constexpr int kGzipWindowBits = 15 + 16;

class GzipDecompressor final : public Decompressor {
 public:
  explicit GzipDecompressor(const InputFile& input) : Decompressor(input), out_(kBlockBytes, '\0') {
    is_ready_ = inflateInit2(&stream_, kGzipWindowBits) == Z_OK;
  }
  ~GzipDecompressor() override {
    if (is_ready_) {
      inflateEnd(&stream_);
    }
  }

 private:
  Result<std::string_view> decompress() override {
    if (!is_ready_) {
      return fail(ErrorCode::kLimit, "gzip: there is not enough memory");
    }
    stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
    stream_.avail_out = static_cast<uInt>(out_.size());
    while (!is_ended_ && stream_.avail_out == out_.size()) {
      if (!TRY(fill())) {
        return fail(ErrorCode::kTruncated, "gzip: the file is truncated");
      }
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        is_ended_ = !TRY(start_next_member());
      } else if (result != Z_OK && stream_.avail_out == out_.size()) {
        return failure(result);
      } else if (result != Z_OK) {
        break;  // hands out what is good; zlib repeats the failure at the next call
      }
    }
    return std::string_view(out_).substr(0, out_.size() - stream_.avail_out);
  }

  [[nodiscard]] std::unexpected<Error> failure(int result) const {
    if (result == Z_MEM_ERROR) {
      return fail(ErrorCode::kLimit, "gzip: there is not enough memory");
    }
    const char* said = stream_.msg != nullptr ? stream_.msg : "damaged data";
    return fail(ErrorCode::kInvalidInput, std::string("gzip: ") + said);
  }

  /// False at the end of the file.
  Result<bool> fill() {
    if (stream_.avail_in == 0) {
      const std::string_view piece = TRY(more_input());
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      stream_.avail_in = static_cast<uInt>(piece.size());
    }
    return stream_.avail_in > 0;
  }

  /// After a member: false where the file ends. Zeros may fill it up (tapes, block devices).
  Result<bool> start_next_member() {
    while (TRY(fill())) {
      if (*stream_.next_in != 0) {
        return inflateReset(&stream_) == Z_OK;
      }
      ++stream_.next_in;
      --stream_.avail_in;
    }
    return false;
  }

  z_stream stream_{};
  std::string out_;
  bool is_ready_ = false;
  bool is_ended_ = false;
};

}  // namespace

std::unique_ptr<Decompressor> make_gzip_decompressor(const InputFile& input) {
  return std::make_unique<GzipDecompressor>(input);
}

}  // namespace spoor::ingest
