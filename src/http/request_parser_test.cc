#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace spoor::http {
namespace {

using Outcome = RequestParser::Outcome;

struct Seen {
  Outcome outcome = Outcome::kNeedMore;
  std::string body;
  std::size_t used = 0;
};

/// Reads one request of which `first` bytes come at once and the others one by one.
Seen read_with_cut(std::string_view bytes, std::size_t first) {
  const ServerLimits limits;
  RequestParser parser(limits);
  Seen seen;
  bool has_header = false;
  for (std::size_t there = first; there <= bytes.size();) {
    std::size_t used = 0;
    const std::string_view input = bytes.substr(seen.used, there - seen.used);
    seen.outcome =
        has_header ? parser.read_body(input, used, seen.body) : parser.read_header(input, used);
    seen.used += used;
    if (seen.outcome == Outcome::kNeedMore) {
      ++there;
    } else if (seen.outcome == Outcome::kRefused || has_header || !parser.has_body()) {
      return seen;
    } else {
      has_header = true;
    }
  }
  return seen;
}

TEST(RequestParser, AChunkedBodyEndsTheSameHoweverItIsCut) {
  struct Case {
    std::string chunks;
    std::string body;
  };
  for (const Case& chunked :
       std::initializer_list<Case>{{"0\r\n\r\n", ""},
                                   {"0;x=y\r\n\r\n", ""},
                                   {"0\r\nA: b\r\n\r\n", ""},
                                   {"1\r\na\r\n0\r\n\r\n", "a"},
                                   {"3\r\nabc\r\n1\r\nd\r\n000\r\nTrailer: x\r\n\r\n", "abcd"}}) {
    const std::string message =
        "POST /e HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked.chunks;
    for (std::size_t first = 1; first <= message.size(); ++first) {
      const Seen seen = read_with_cut(message, first);
      EXPECT_EQ(seen.outcome, Outcome::kDone) << chunked.chunks << first;
      EXPECT_EQ(seen.body, chunked.body) << chunked.chunks << first;
      EXPECT_EQ(seen.used, message.size()) << chunked.chunks << first;
    }
  }
}

TEST(RequestParser, AnEndThatIsNoneIsRefusedHoweverItIsCut) {
  for (const std::string chunks : {"0\r\nG\r\n\r\n", "x\r\n\r\n\r\n", "0 \r\nA b\r\n\r\n"}) {
    const std::string message =
        "POST /e HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
    for (std::size_t first = 1; first <= message.size(); ++first) {
      EXPECT_EQ(read_with_cut(message, first).outcome, Outcome::kRefused) << chunks << first;
    }
  }
}

}  // namespace
}  // namespace spoor::http
