#pragma once
// Values inside a text that Windows wrote for people: "Key=Value" lines and sentences.

#include <string_view>

namespace spoor::normalize {

/// Value of the line "key=value", "key = value" or "key: value" (blanks before the key do not
/// count), with the lines behind it that begin no other member; without blanks around it. Empty
/// where there is no such line. The first one counts.
std::string_view member_of(std::string_view text, std::string_view key);

/// What stands between the first `from` and the next `to` behind it; up to the end of the text
/// where `to` is empty. Empty where one of them is not there.
std::string_view text_between(std::string_view text, std::string_view from, std::string_view to);

}  // namespace spoor::normalize
