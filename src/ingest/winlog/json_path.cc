#include "ingest/winlog/json_path.h"

#include <algorithm>

namespace spoor::winlog {
namespace {

/// What follows "name." in the path; the path itself where it does not begin so.
std::string_view behind(std::string_view path, std::string_view name) {
  return path.size() > name.size() && path.starts_with(name) && path[name.size()] == '.'
             ? path.substr(name.size() + 1)
             : path;
}

}  // namespace

const json::Dynamic* find_path(const json::Dynamic& object, std::string_view path) {
  if (object.as_object() == nullptr) {
    return nullptr;
  }
  for (const json::Member& member : *object.as_object()) {
    if (member.name == path) {
      return &member.value;
    }
    const std::string_view rest = behind(path, member.name);
    if (rest.size() != path.size()) {
      if (const json::Dynamic* const found = find_path(member.value, rest)) {
        return found;
      }
    }
  }
  return nullptr;
}

Result<void> for_each_below(
    const json::Dynamic& object, std::string_view path,
    const std::function<Result<void>(std::string_view name, const json::Dynamic& value)>&
        on_member) {
  if (object.as_object() == nullptr) {
    return {};
  }
  for (const json::Member& member : *object.as_object()) {
    const std::string_view below = behind(member.name, path);
    if (member.name == path) {
      if (member.value.as_object() != nullptr) {
        for (const json::Member& inner : *member.value.as_object()) {
          TRY_VOID(on_member(inner.name, inner.value));
        }
      }
    } else if (below.size() != member.name.size()) {
      TRY_VOID(on_member(below, member.value));
    } else if (const std::string_view rest = behind(path, member.name);
               rest.size() != path.size()) {
      TRY_VOID(for_each_below(member.value, rest, on_member));
    }
  }
  return {};
}

bool has_all(const json::Dynamic& object, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(names,
                             [&](std::string_view name) { return object.find(name) != nullptr; });
}

}  // namespace spoor::winlog
