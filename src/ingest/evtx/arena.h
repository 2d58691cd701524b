#pragma once
// Memory for one record's texts: handed out in pieces, taken back all at once, kept for the next
// record.

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace spoor::evtx {

class Arena {
 public:
  /// Room for `size` bytes; valid until reset().
  char* take(std::size_t size) {
    if (size > left_) {
      grow(size);
    }
    char* piece = next_;
    next_ += size;
    left_ -= size;
    taken_ += size;
    return piece;
  }
  /// Gives back what the last take() did not need.
  void give_back(std::size_t size) {
    next_ -= size;
    left_ += size;
    taken_ -= size;
  }
  std::string_view keep(std::string_view text) {
    char* piece = take(text.size());
    text.copy(piece, text.size());
    return {piece, text.size()};
  }
  /// Bytes handed out since reset(): what limits on hostile input are held against.
  [[nodiscard]] std::size_t taken() const { return taken_; }
  void reset() {
    taken_ = 0;
    used_ = 0;
    left_ = 0;
    next_ = nullptr;
    if (blocks_.size() > kKeptBlocks || has_large_) {
      std::erase_if(blocks_, [](const Block& block) { return block.size > kBlock; });
      blocks_.resize(blocks_.size() < kKeptBlocks ? blocks_.size() : kKeptBlocks);
      has_large_ = false;
    }
  }
  /// Bytes kept for later, whether handed out or not; after reset() at most 1 MiB.
  [[nodiscard]] std::size_t retained() const {
    std::size_t sum = 0;
    for (const Block& block : blocks_) {
      sum += block.size;
    }
    return sum;
  }

 private:
  static constexpr std::size_t kBlock = 256 << 10;
  static constexpr std::size_t kKeptBlocks = 4;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  void grow(std::size_t size) {
    while (used_ < blocks_.size() && blocks_[used_].size < size) {
      ++used_;
    }
    if (used_ == blocks_.size()) {
      const std::size_t room = size > kBlock ? size : kBlock;
      has_large_ = has_large_ || room > kBlock;
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(room), room});
    }
    next_ = blocks_[used_].bytes.get();
    left_ = blocks_[used_].size;
    ++used_;
  }
  std::vector<Block> blocks_;
  std::size_t used_ = 0;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t taken_ = 0;
  bool has_large_ = false;
};

}  // namespace spoor::evtx
