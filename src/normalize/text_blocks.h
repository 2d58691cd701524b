#pragma once
// Texts that a source logs in several events (script blocks of PowerShell), put together when the
// last of their parts has come. One thread owns it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::normalize {

/// Beyond these a text stays in its parts: the sender is not trusted with our memory.
struct TextBlockLimits {
  std::int64_t parts = 2000;
  std::size_t block_bytes = 8u << 20;
  std::size_t all_bytes = 32u << 20;  ///< of incomplete texts; the oldest is forgotten first
};

class TextBlocks {
 public:
  explicit TextBlocks(TextBlockLimits limits = {}) : limits_(limits) {}

  /// Adds part `number` (from 1) of `count`. The whole text where this part was the last that
  /// lacked. A part that is there already, and one that contradicts its block, changes nothing.
  std::optional<std::string> add(std::string_view device_id, std::string_view block_id,
                                 std::int64_t number, std::int64_t count, std::string_view text);

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Block {
    std::vector<std::optional<std::string>> parts;
    std::size_t missing = 0;
    std::size_t bytes = 0;
    std::uint64_t begun = 0;  ///< order in which blocks began
  };
  using Blocks = std::map<std::string, Block, std::less<>>;

  void forget(Blocks::iterator block);
  void forget_oldest();

  TextBlockLimits limits_;
  Blocks blocks_;                                ///< by device and block id
  std::map<std::uint64_t, std::string> oldest_;  ///< begun → name
  std::uint64_t begun_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace spoor::normalize
