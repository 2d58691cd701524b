#include "http/coding.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace spoor::http {

namespace {

/// A quality of 0 … 1000; a malformed one is 0, which refuses.
int parse_quality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5 ||
      (text.size() > 1 && text[1] != '.')) {
    return 0;
  }
  int quality = text[0] == '1' ? 1000 : 0;
  int unit = 100;
  for (std::size_t at = 2; at < text.size(); ++at, unit /= 10) {
    if (text[at] < '0' || text[at] > '9') {
      return 0;
    }
    quality += (text[at] - '0') * unit;
  }
  return std::min(quality, 1000);
}

class GzipEncoder final : public Encoder {
 public:
  GzipEncoder() { (void)::deflateInit2(&stream_, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY); }
  ~GzipEncoder() override { (void)::deflateEnd(&stream_); }
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;

  void encode(std::string_view bytes, std::string& out) override { run(bytes, Z_NO_FLUSH, out); }
  void flush(std::string& out) override { run({}, Z_SYNC_FLUSH, out); }
  void finish(std::string& out) override { run({}, Z_FINISH, out); }

 private:
  void run(std::string_view bytes, int mode, std::string& out) {
    std::array<char, 16 * 1024> buffer;
    do {
      constexpr std::size_t kMaxPiece = std::size_t{1} << 30;
      const std::string_view piece = bytes.substr(0, kMaxPiece);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      stream_.avail_in = static_cast<uInt>(piece.size());
      do {
        stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream_.avail_out = buffer.size();
        (void)::deflate(&stream_, mode);
        out.append(buffer.data(), buffer.size() - stream_.avail_out);
      } while (stream_.avail_out == 0);
      bytes.remove_prefix(piece.size());
    } while (!bytes.empty());
  }

  z_stream stream_{};
};

class ZstdEncoder final : public Encoder {
 public:
  ZstdEncoder() : context_(::ZSTD_createCCtx()) {
    // RFC 9659: receivers need not take windows over 8 MiB. Half a MiB keeps a stream cheap.
    (void)::ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, 3);
    (void)::ZSTD_CCtx_setParameter(context_, ZSTD_c_windowLog, 19);
  }
  ~ZstdEncoder() override { (void)::ZSTD_freeCCtx(context_); }
  ZstdEncoder(const ZstdEncoder&) = delete;
  ZstdEncoder& operator=(const ZstdEncoder&) = delete;

  void encode(std::string_view bytes, std::string& out) override {
    run(bytes, ZSTD_e_continue, out);
  }
  void flush(std::string& out) override { run({}, ZSTD_e_flush, out); }
  void finish(std::string& out) override { run({}, ZSTD_e_end, out); }

 private:
  void run(std::string_view bytes, ZSTD_EndDirective mode, std::string& out) {
    std::array<char, 16 * 1024> buffer;
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
      const std::size_t left = ::ZSTD_compressStream2(context_, &output, &input, mode);
      if (::ZSTD_isError(left) != 0) {
        return;
      }
      out.append(buffer.data(), output.pos);
      if (mode == ZSTD_e_continue ? input.pos == input.size : left == 0) {
        return;
      }
    }
  }

  ZSTD_CCtx* context_;
};

class IdentityDecoder final : public Decoder {
 public:
  explicit IdentityDecoder(DecodeLimits limits) : Decoder(limits) {}

 protected:
  Result<Step> step(std::string_view input, std::span<char> out) override {
    const std::size_t size = std::min(input.size(), out.size());
    std::copy_n(input.data(), size, out.data());
    return Step{size, size};
  }
  [[nodiscard]] bool is_at_end() const override { return true; }
};

class GzipDecoder final : public Decoder {
 public:
  explicit GzipDecoder(DecodeLimits limits) : Decoder(limits) {
    (void)::inflateInit2(&stream_, 15 + 16);
  }
  ~GzipDecoder() override { (void)::inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

 protected:
  Result<Step> step(std::string_view input, std::span<char> out) override {
    constexpr std::size_t kMaxPiece = std::size_t{1} << 30;
    if (at_end_ && !input.empty()) {
      (void)::inflateReset(&stream_);  // the next member
      at_end_ = false;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(std::min(input.size(), kMaxPiece));
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(std::min(out.size(), kMaxPiece));
    const uInt before_in = stream_.avail_in;
    const uInt before_out = stream_.avail_out;
    const int code = at_end_ ? Z_BUF_ERROR : ::inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      at_end_ = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      return fail(ErrorCode::kInvalidInput, "the body is not gzip");
    }
    return Step{before_in - stream_.avail_in, before_out - stream_.avail_out};
  }
  [[nodiscard]] bool is_at_end() const override { return at_end_; }

 private:
  z_stream stream_{};
  bool at_end_ = true;
};

class ZstdDecoder final : public Decoder {
 public:
  explicit ZstdDecoder(DecodeLimits limits) : Decoder(limits), context_(::ZSTD_createDCtx()) {
    (void)::ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, 23);  // RFC 9659: 8 MiB
  }
  ~ZstdDecoder() override { (void)::ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

 protected:
  Result<Step> step(std::string_view input, std::span<char> out) override {
    if (at_end_ && input.empty()) {
      return Step{};
    }
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer given{out.data(), out.size(), 0};
    const std::size_t left = ::ZSTD_decompressStream(context_, &given, &in);
    if (::ZSTD_isError(left) != 0) {
      const bool is_window = ::ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge;
      return fail(is_window ? ErrorCode::kLimit : ErrorCode::kInvalidInput,
                  is_window ? "the body needs a zstd window over 8 MiB" : "the body is not zstd");
    }
    at_end_ = left == 0;
    return Step{in.pos, given.pos};
  }
  [[nodiscard]] bool is_at_end() const override { return at_end_; }

 private:
  ZSTD_DCtx* context_;
  bool at_end_ = true;
};

}  // namespace

std::string_view coding_name(Coding coding) {
  return coding == Coding::kGzip ? "gzip" : coding == Coding::kZstd ? "zstd" : "identity";
}

Coding choose_coding(std::string_view accept_encoding) {
  // -1: not named.
  int gzip = -1;
  int zstd = -1;
  int any = -1;
  for (const std::string_view item : split(accept_encoding, ',')) {
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string_view name = trim_blanks(item.substr(0, semicolon));
    std::string_view parameter =
        semicolon < item.size() ? trim_blanks(item.substr(semicolon + 1)) : "";
    const bool has_quality = starts_with_ignoring_case(parameter, "q=");
    const int quality = has_quality ? parse_quality(parameter.substr(2)) : 1000;
    if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) {
      gzip = quality;
    } else if (equals_ignoring_case(name, "zstd")) {
      zstd = quality;
    } else if (name == "*") {
      any = quality;
    }
  }
  gzip = gzip < 0 ? any : gzip;
  zstd = zstd < 0 ? any : zstd;
  if (zstd > 0 && zstd >= gzip) {
    return Coding::kZstd;
  }
  return gzip > 0 ? Coding::kGzip : Coding::kIdentity;
}

std::optional<Coding> parse_content_coding(std::string_view content_encoding) {
  const std::string_view name = trim_blanks(content_encoding);
  if (name.empty() || equals_ignoring_case(name, "identity")) {
    return Coding::kIdentity;
  }
  if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) {
    return Coding::kGzip;
  }
  return equals_ignoring_case(name, "zstd") ? std::optional(Coding::kZstd) : std::nullopt;
}

bool is_compressible(std::string_view content_type) {
  const std::string type = to_ascii_lower(
      trim_blanks(content_type.substr(0, std::min(content_type.find(';'), content_type.size()))));
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
         type == "application/json" || type == "application/x-ndjson" ||
         type == "application/xml" || type == "application/javascript" ||
         type == "application/wasm" || type == "application/manifest+json";
}

std::unique_ptr<Encoder> Encoder::make(Coding coding) {
  if (coding == Coding::kZstd) {
    return std::make_unique<ZstdEncoder>();
  }
  return std::make_unique<GzipEncoder>();
}

std::unique_ptr<Decoder> Decoder::make(Coding coding, DecodeLimits limits) {
  switch (coding) {
    case Coding::kGzip:
      return std::make_unique<GzipDecoder>(limits);
    case Coding::kZstd:
      return std::make_unique<ZstdDecoder>(limits);
    case Coding::kIdentity:
      break;
  }
  return std::make_unique<IdentityDecoder>(limits);
}

Result<std::size_t> Decoder::decode(std::string_view& input, bool is_last, std::span<char> out) {
  while (true) {
    const Step done = TRY(step(input, out));
    input.remove_prefix(done.taken);
    encoded_ += done.taken;
    decoded_ += done.given;
    if (decoded_ > limits_.max_decoded_bytes) {
      return fail(ErrorCode::kLimit, "the body is larger than " +
                                         std::to_string(limits_.max_decoded_bytes) + " bytes");
    }
    if (decoded_ > kRatioFreeBytes && decoded_ / limits_.max_ratio > encoded_) {
      return fail(ErrorCode::kLimit, "the body decompresses to more than " +
                                         std::to_string(limits_.max_ratio) + " times its size");
    }
    if (done.given > 0) {
      return done.given;
    }
    if (input.empty() || done.taken == 0) {
      if (is_last && !is_at_end()) {
        return fail(ErrorCode::kTruncated, "the compressed body ends in the middle");
      }
      return 0;
    }
  }
}

Result<std::string> decode_whole(std::string_view body, Coding coding, DecodeLimits limits) {
  const std::unique_ptr<Decoder> decoder = Decoder::make(coding, limits);
  std::string out;
  std::array<char, 16 * 1024> buffer;
  while (true) {
    const std::size_t size = TRY(decoder->decode(body, true, buffer));
    if (size == 0) {
      return out;
    }
    out.append(buffer.data(), size);
  }
}

}  // namespace spoor::http
