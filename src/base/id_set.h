#pragma once
// A set of ids (64-bit, never 0) that is filled, asked and cleared for each batch: one array, no
// allocation an id.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace spoor {

class IdSet {
 public:
  IdSet() : multiplier_(random_multiplier()) {}
  explicit IdSet(std::span<const std::int64_t> ids) : IdSet() { insert_all(ids); }

  /// True where the id was not there yet.
  bool insert(std::int64_t id) {
    if ((size_ + 1) * 2 > slots_.size()) {
      grow();
    }
    std::int64_t& slot = slots_[place_of(slots_, id)];
    if (slot == id) {
      return false;
    }
    slot = id;
    ++size_;
    return true;
  }
  void insert_all(std::span<const std::int64_t> ids) {
    for (const std::int64_t id : ids) {
      insert(id);
    }
  }
  [[nodiscard]] bool contains(std::int64_t id) const {
    return size_ != 0 && slots_[place_of(slots_, id)] == id;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// Keeps the memory.
  void clear() {
    if (size_ != 0) {
      slots_.assign(slots_.size(), 0);
      size_ = 0;
    }
  }

 private:
  /// Odd, and another in each process: who chooses ids cannot choose them to collide.
  static std::uint64_t random_multiplier();

  /// Where the id is, or would go.
  [[nodiscard]] std::size_t place_of(const std::vector<std::int64_t>& slots,
                                     std::int64_t id) const {
    const std::uint64_t mixed = static_cast<std::uint64_t>(id) * multiplier_;
    std::size_t at = (mixed >> 32) & (slots.size() - 1);
    while (slots[at] != 0 && slots[at] != id) {
      at = (at + 1) & (slots.size() - 1);
    }
    return at;
  }
  void grow() {
    std::vector<std::int64_t> wider(slots_.empty() ? 64 : slots_.size() * 2);
    for (const std::int64_t id : slots_) {
      if (id != 0) {
        wider[place_of(wider, id)] = id;
      }
    }
    slots_ = std::move(wider);
  }

  std::uint64_t multiplier_;
  std::vector<std::int64_t> slots_;  // 0: free
  std::size_t size_ = 0;
};

}  // namespace spoor
