#pragma once
// What a name and a password must be.

#include <string_view>

#include "auth/secret.h"
#include "base/result.h"

namespace spoor::auth {

inline constexpr std::size_t kMinPasswordCharacters = 12;
inline constexpr std::size_t kMaxPasswordBytes = 1024;

/// kInvalidInput with what is missing: at least 12 characters (code points), at most 1024 bytes of
/// UTF-8, not the name itself, not one character over and over.
Result<void> check_password(const Secret& password, std::string_view user_name);
/// kInvalidInput unless it is 1 to 64 letters, digits and . _ - @ (ASCII), the first a letter or
/// digit, and not "system".
Result<void> check_user_name(std::string_view name);

}  // namespace spoor::auth
