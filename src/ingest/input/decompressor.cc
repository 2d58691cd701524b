#include "ingest/input/decompressor.h"

#include <utility>

namespace spoor::ingest {

Result<std::string_view> Decompressor::more_input() {
  const std::size_t got = TRY(input_.read_at(bytes_in_, block_));
  bytes_in_ += got;
  return std::string_view(block_).substr(0, got);
}

Result<std::string_view> Decompressor::remember_failure() {
  if (!failure_) {
    Result<std::string_view> piece = decompress();
    if (piece) {
      return piece;
    }
    failure_ = std::move(piece).error();
  }
  return fail(*failure_);
}

Result<std::string_view> Decompressor::next() {
  if (!head_.empty()) {
    given_ = std::exchange(head_, {});
    return std::string_view(given_);
  }
  return remember_failure();
}

std::string_view Decompressor::peek(std::size_t bytes) {
  while (head_.size() < bytes) {
    const Result<std::string_view> piece = remember_failure();
    if (!piece || piece->empty()) {
      break;
    }
    head_ += *piece;
  }
  return std::string_view(head_).substr(0, bytes);
}

}  // namespace spoor::ingest
