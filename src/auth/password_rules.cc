#include "auth/password_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace spoor::auth {
namespace {

bool is_letter_or_digit(char letter) {
  const char lower = ascii_lower(letter);
  return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9');
}

}  // namespace

Result<void> check_password(const Secret& password, std::string_view user_name) {
  const std::string_view text = password.reveal();
  if (text.size() > kMaxPasswordBytes) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("The password is longer than {} bytes.", kMaxPasswordBytes));
  }
  if (!is_valid_utf8(text) || text.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::kInvalidInput, "The password is no valid text.");
  }
  // Bytes that go on with a character are 10xxxxxx.
  const auto characters =
      std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; });
  if (characters < static_cast<std::ptrdiff_t>(kMinPasswordCharacters)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("The password needs at least {} characters.", kMinPasswordCharacters));
  }
  if (equals_ignoring_case(text, user_name)) {
    return fail(ErrorCode::kInvalidInput, "The password must not be the name.");
  }
  if (std::ranges::all_of(text, [&](char byte) { return byte == text.front(); })) {
    return fail(ErrorCode::kInvalidInput, "The password must not be one character over and over.");
  }
  return {};
}

Result<void> check_user_name(std::string_view name) {
  constexpr std::size_t kMaxName = 64;
  const bool is_good = !name.empty() && name.size() <= kMaxName &&
                       is_letter_or_digit(name.front()) &&
                       std::ranges::all_of(name, [](char letter) {
                         return is_letter_or_digit(letter) ||
                                std::string_view("._-@").find(letter) != std::string_view::npos;
                       });
  if (!is_good) {
    return fail(ErrorCode::kInvalidInput,
                "A name is 1 to 64 letters, digits and . _ - @, the first a letter or digit.");
  }
  if (equals_ignoring_case(name, "system")) {
    return fail(ErrorCode::kInvalidInput, "The name \"system\" is that of Spoor itself.");
  }
  return {};
}

}  // namespace spoor::auth
