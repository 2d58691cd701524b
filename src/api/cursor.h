#pragma once
// Cursors of lists: opaque texts that say where a list goes on. They come back from clients and are
// hostile.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor::api {

/// At most so many letters.
inline constexpr std::size_t kMaxCursorLetters = 1024;

/// base64url of a version, the parts and a check sum over them and `list`, the name of the list: a
/// cursor that is damaged or of another list is told from a good one. It holds nothing that its
/// reader may not know and grants nothing.
std::string encode_cursor(std::string_view list, const std::vector<std::string>& parts);
/// The parts of a cursor of `list`. kInvalidInput for anything that encode_cursor does not write
/// with `count` parts.
Result<std::vector<std::string>> decode_cursor(std::string_view list, std::string_view text,
                                               std::size_t count);
/// A part that is a number.
Result<std::int64_t> cursor_number(std::string_view part);

}  // namespace spoor::api
