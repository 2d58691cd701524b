#include "normalize/text_blocks.h"

namespace spoor::normalize {
namespace {

/// What a part costs beside its text.
constexpr std::size_t kPartBytes = 64;

}  // namespace

std::optional<std::string> TextBlocks::add(std::string_view device_id, std::string_view block_id,
                                           std::int64_t number, std::int64_t count,
                                           std::string_view text) {
  if (block_id.empty() || number < 1 || number > count || count > limits_.parts) {
    return std::nullopt;
  }
  const std::string name = std::string(device_id).append("/").append(block_id);
  auto found = blocks_.find(name);
  if (found == blocks_.end()) {
    Block block;
    block.parts.resize(static_cast<std::size_t>(count));
    block.missing = block.parts.size();
    block.bytes = block.parts.size() * kPartBytes;
    block.begun = ++begun_;
    bytes_ += block.bytes;
    oldest_.emplace(block.begun, name);
    found = blocks_.emplace(name, std::move(block)).first;
  }
  Block& block = found->second;
  if (block.parts.size() != static_cast<std::size_t>(count)) {
    return std::nullopt;
  }
  std::optional<std::string>& part = block.parts[static_cast<std::size_t>(number) - 1];
  if (part) {
    return std::nullopt;
  }
  if (block.bytes + text.size() > limits_.block_bytes) {
    forget(found);
    return std::nullopt;
  }
  part = text;
  block.bytes += text.size();
  bytes_ += text.size();
  if (--block.missing != 0) {
    forget_oldest();
    return std::nullopt;
  }
  std::string whole;
  whole.reserve(block.bytes);
  for (const auto& each : block.parts) {
    whole += *each;
  }
  forget(found);
  return whole;
}

void TextBlocks::forget(Blocks::iterator block) {
  bytes_ -= block->second.bytes;
  oldest_.erase(block->second.begun);
  blocks_.erase(block);
}

void TextBlocks::forget_oldest() {
  while (bytes_ > limits_.all_bytes) {
    forget(blocks_.find(oldest_.begin()->second));
  }
}

}  // namespace spoor::normalize
