// Any text and any key: what is found is a piece of the text. The first line is the key.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "normalize/text_parts.h"

namespace {

void expect_within(std::string_view part, std::string_view text) {
  if (!part.empty() &&
      (part.data() < text.data() || part.data() + part.size() > text.data() + text.size())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto end = all.find('\n');
  if (end == std::string_view::npos || end == 0) {
    return 0;
  }
  const std::string_view key = all.substr(0, end);
  const std::string_view text = all.substr(end + 1);
  expect_within(spoor::normalize::member_of(text, key), text);
  expect_within(spoor::normalize::text_between(text, key, "\r"), text);
  expect_within(spoor::normalize::text_between(text, key, ""), text);
  return 0;
}
