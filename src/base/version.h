#pragma once
// Which release this is, as CMakeLists.txt says.

#include <string_view>

namespace spoor {

/// "0.1.0".
std::string_view version();

}  // namespace spoor
