#include "cli/time_option.h"

#include <fmt/format.h>

namespace spoor::cli {

Result<Ticks> time_option(const std::string& text, Ticks otherwise, const char* name) {
  if (text.empty()) {
    return otherwise;
  }
  const auto time = parse_iso_ticks(text);
  if (!time) {
    return fail(
        Error::make(ErrorCode::kInvalidInput, fmt::format("--{}: '{}' is no time", name, text))
            .with_hint("ISO 8601, such as 2026-03-02T09:00:00Z"));
  }
  return *time;
}

}  // namespace spoor::cli
