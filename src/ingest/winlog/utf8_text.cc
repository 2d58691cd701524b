#include "ingest/winlog/utf8_text.h"

#include <utility>

#include "base/text.h"

namespace spoor::winlog {

void Utf8Text::append(std::string& out, std::string_view piece) {
  if (encoding_ == Encoding::kUnknown) {
    head_ += piece;
    if (head_.size() < 3) {
      return;
    }
    std::size_t mark = 2;
    if (head_.starts_with("\xff\xfe")) {
      encoding_ = Encoding::kUtf16Le;
    } else if (head_.starts_with("\xfe\xff")) {
      encoding_ = Encoding::kUtf16Be;
    } else {
      encoding_ = Encoding::kUtf8;
      mark = mark_bytes_ = head_.starts_with("\xef\xbb\xbf") ? 3 : 0;
    }
    const std::string head = std::exchange(head_, {});
    append(out, std::string_view(head).substr(mark));
    return;
  }
  if (encoding_ == Encoding::kUtf8) {
    out += piece;
  } else {
    append_utf16(out, piece);
  }
}

void Utf8Text::append_utf16(std::string& out, std::string_view piece) {
  const std::size_t kept = rest_.size();
  rest_ += piece;
  std::size_t whole = rest_.size() & ~std::size_t{1};
  if (encoding_ == Encoding::kUtf16Be) {
    // What was kept before has been turned round, but for a half unit.
    for (std::size_t at = kept & ~std::size_t{1}; at < whole; at += 2) {
      std::swap(rest_[at], rest_[at + 1]);
    }
  }
  if (whole >= 2 && (static_cast<unsigned char>(rest_[whole - 1]) & 0xfc) == 0xd8) {
    whole -= 2;  // The second half of the pair is still to come.
  }
  append_utf16le(out, std::string_view(rest_).substr(0, whole));
  rest_.erase(0, whole);
}

void Utf8Text::finish(std::string& out) {
  if (encoding_ == Encoding::kUnknown) {
    encoding_ = Encoding::kUtf8;
    out += std::exchange(head_, {});
  }
}

}  // namespace spoor::winlog
