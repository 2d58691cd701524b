#pragma once
// Text of any encoding that events are handed over in, as UTF-8. Internal to the module.

#include <cstdint>
#include <string>
#include <string_view>

namespace spoor::winlog {

/// UTF-8, or UTF-16 of either byte order where its mark stands first. Takes pieces of any size.
class Utf8Text {
 public:
  /// Appends what `piece` adds to `out`. Nothing comes out until the encoding is known.
  void append(std::string& out, std::string_view piece);
  /// Says that no more comes: a text shorter than a mark is UTF-8.
  void finish(std::string& out);
  /// Bytes of the mark that stand before the text, where an offset in the file counts them.
  [[nodiscard]] std::uint64_t mark_bytes() const { return mark_bytes_; }

 private:
  enum class Encoding : std::uint8_t { kUnknown, kUtf8, kUtf16Le, kUtf16Be };

  void append_utf16(std::string& out, std::string_view piece);

  Encoding encoding_ = Encoding::kUnknown;
  std::uint64_t mark_bytes_ = 0;
  std::string head_;  ///< until the encoding is known
  std::string rest_;  ///< UTF-16 that is not whole
};

}  // namespace spoor::winlog
