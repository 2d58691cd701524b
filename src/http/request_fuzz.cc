// Any bytes as requests on a connection. What is read must not depend on how the bytes were cut,
// and what is left of one request is where the next begins.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/request_parser.h"

namespace {

using namespace spoor::http;
using Outcome = RequestParser::Outcome;

struct Seen {
  Outcome outcome = Outcome::kNeedMore;
  std::string target;
  std::string headers;
  std::string body;
  std::size_t used = 0;
};

/// Reads one request in pieces of `piece` bytes, as a connection does.
Seen read(std::string_view bytes, std::size_t piece) {
  static const ServerLimits limits{.max_header_bytes = 4096};
  RequestParser parser(limits);
  Seen seen;
  std::size_t there = 0;
  bool has_header = false;
  while (true) {
    std::size_t used = 0;
    const std::string_view input = bytes.substr(seen.used, there - seen.used);
    seen.outcome =
        has_header ? parser.read_body(input, used, seen.body) : parser.read_header(input, used);
    seen.used += used;
    if (seen.outcome == Outcome::kRefused) {
      return seen;
    }
    if (seen.outcome == Outcome::kDone) {
      if (has_header || !parser.has_body()) {
        return seen;
      }
      has_header = true;
      seen.target = parser.target();
      for (const Header& header : parser.take_headers()) {
        seen.headers += header.name + "\n" + header.value + "\n";
      }
      continue;
    }
    if (there == bytes.size()) {
      return seen;
    }
    there = std::min(bytes.size(), there + piece);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size > 8192) {
    return 0;
  }
  const Seen whole = read(bytes, size + 1);
  const Seen pieces = read(bytes, 3);
  if (whole.outcome == Outcome::kDone &&
      (pieces.outcome != Outcome::kDone || pieces.used != whole.used || pieces.body != whole.body ||
       pieces.headers != whole.headers)) {
    std::abort();
  }
  return 0;
}
