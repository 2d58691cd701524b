#pragma once
// Members by path, whether the object nests them or has them under dotted names. Internal to the
// module.

#include <functional>
#include <initializer_list>
#include <string_view>

#include "base/result.h"
#include "json/reader.h"

namespace spoor::winlog {

/// The value at "winlog.event_data": nested, dotted or both; nullptr where there is none.
const json::Dynamic* find_path(const json::Dynamic& object, std::string_view path);

/// Calls `on_member` for each member below the path, named by what follows it.
Result<void> for_each_below(
    const json::Dynamic& object, std::string_view path,
    const std::function<Result<void>(std::string_view name, const json::Dynamic& value)>&
        on_member);

/// True where the object has all of the names.
bool has_all(const json::Dynamic& object, std::initializer_list<std::string_view> names);

}  // namespace spoor::winlog
