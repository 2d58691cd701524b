#pragma once
// Finds where a JSON object ends in text that comes in pieces, so that one that is broken does not
// take its neighbours with it. Internal to the module.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spoor::winlog {

/// Nothing is checked but brackets, quotes and line ends: what an object is, the JSON reader says.
class JsonEnd {
 public:
  enum class Found : std::uint8_t {
    kMore,     ///< the object goes on
    kEnd,      ///< it ends before `position`
    kCut,      ///< it is broken off before `position`: the next thing begins there
    kWrapper,  ///< it is the answer of an API: its rows begin at `position`
  };

  /// Goes on from where it was left off. `text` begins with the object's '{'.
  Found find(std::string_view text);
  [[nodiscard]] std::size_t position() const { return at_; }  ///< in the text

 private:
  /// Goes on to a quote, a backslash or a line's end.
  void pass_plain_text(std::string_view text);
  Found on_letter(std::string_view text, char letter);
  [[nodiscard]] bool names_rows(std::string_view text) const;

  std::size_t at_ = 0;
  std::size_t bracket_ = 0;  ///< of the array whose first element is yet to be seen
  int depth_ = 0;
  bool in_text_ = false;
  bool is_escaped_ = false;
  bool is_line_start_ = false;
  bool may_be_rows_ = false;
};

}  // namespace spoor::winlog
