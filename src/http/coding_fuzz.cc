// Any bytes as a compressed body: decoding ends, within its bounds, the same in one piece and in
// many. The first byte chooses the coding; the rest is also read as an Accept-Encoding header.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/coding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spoor::http;
  if (size == 0) {
    return 0;
  }
  const Coding coding = (data[0] & 1) == 0 ? Coding::kGzip : Coding::kZstd;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)choose_coding(body);
  constexpr DecodeLimits kLimits{.max_decoded_bytes = 4 * 1024 * 1024, .max_ratio = 200};
  const auto whole = decode_whole(body, coding, kLimits);
  if (!whole) {
    return 0;
  }
  if (whole->size() > kLimits.max_decoded_bytes) {
    std::abort();
  }
  // The ratio is looked at step by step, so the cut may decide; the size may not.
  const auto decoder = Decoder::make(
      coding, {.max_decoded_bytes = kLimits.max_decoded_bytes, .max_ratio = 1U << 31});
  std::string out;
  char buffer[512];
  for (std::size_t at = 0; at < body.size(); at += 7) {
    std::string_view piece = body.substr(at, 7);
    while (true) {
      const auto filled = decoder->decode(piece, at + 7 >= body.size(), buffer);
      if (!filled) {
        std::abort();
      }
      if (*filled == 0) {
        break;
      }
      out.append(buffer, *filled);
    }
  }
  if (out != *whole) {
    std::abort();
  }
  return 0;
}
