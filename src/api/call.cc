#include "api/call.h"

#include <algorithm>

#include "api/errors.h"
#include "base/text.h"

namespace spoor::api {

const json::Dynamic& Call::argument(std::string_view name) const {
  static const json::Dynamic kNone;
  const auto found =
      std::ranges::find(arguments_, name, &std::pair<std::string_view, json::Dynamic>::first);
  return found == arguments_.end() ? kNone : found->second;
}

bool Call::flag(std::string_view name) const {
  const bool* value = argument(name).as_bool();
  return value != nullptr && *value;
}

Result<std::int64_t> Call::key(std::string_view name) const {
  const auto number = parse_int(argument(name).text_or(""));
  if (!number || *number < 0) {
    return fail(
        in_field(Error::make(ErrorCode::kInvalidInput, "must be a number below 2^63"), name));
  }
  return *number;
}

std::vector<std::string> Call::texts(const json::Dynamic& value) {
  std::vector<std::string> found;
  if (const auto* list = value.as_array()) {
    for (const json::Dynamic& element : *list) {
      found.emplace_back(element.text_or(""));
    }
  }
  return found;
}

Result<std::optional<Ticks>> Call::read_time(const json::Dynamic& value, std::string_view field) {
  const std::string* text = value.as_string();
  if (text == nullptr) {
    return std::nullopt;
  }
  const auto time = parse_iso_ticks(*text);
  if (!time) {
    return fail(in_field(Error::make(ErrorCode::kInvalidInput, "there is no such time"), field));
  }
  return time;
}

}  // namespace spoor::api
