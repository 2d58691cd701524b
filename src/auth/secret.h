#pragma once
// A text that must not be seen: password, session secret, API token. It has no way into a log, an
// error, a format string or a test's output, is moved and never copied, and is overwritten when it
// goes.

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace spoor::auth {

class Secret {
 public:
  Secret() = default;
  /// A copy; who calls it sees to the original.
  explicit Secret(std::string_view text);
  /// Takes the text and overwrites where it was.
  static Secret take(std::string&& text);
  /// Text for passwords handed over once: 20 letters and digits in groups of five (about 99 bits).
  static Secret random_password();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The text itself, for the one place that needs it. Lives as long as this; never a null pointer,
  /// which the library of passwords must not be given.
  [[nodiscard]] std::string_view reveal() const {
    return size_ == 0 ? std::string_view("") : std::string_view(bytes_.get(), size_);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  friend void PrintTo(const Secret& secret, std::ostream* out);  ///< for GoogleTest: "(secret)"

 private:
  void wipe();
  std::unique_ptr<char[]> bytes_;  // not std::string: it would leave copies behind
  std::size_t size_ = 0;
};

/// True where the texts are equal; takes the same time wherever they differ.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace spoor::auth
