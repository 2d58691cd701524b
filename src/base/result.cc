#include "base/result.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace spoor {

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
      return "invalid_input";
    case ErrorCode::kTruncated:
      return "truncated";
    case ErrorCode::kLimit:
      return "limit";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kNoSpace:
      return "no_space";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kEngine:
      return "engine";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kInternal:
      return "internal";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kForbidden:
      return "forbidden";
    case ErrorCode::kTooMany:
      return "too_many";
  }
  return "internal";
}

std::string Error::to_string() const {
  std::string text = where;
  if (line > 0) {
    text += fmt::format("{}{}:{}", text.empty() ? "" : ":", line, column);
  } else if (offset >= 0) {
    text += fmt::format("{}offset {}", text.empty() ? "" : ": ", offset);
  }
  if (!text.empty()) {
    text += ": ";
  }
  text += message;
  if (!hint.empty()) {
    text += fmt::format(" ({})", hint);
  }
  return text;
}

Error system_error(std::string_view what, std::string where, int error_number) {
  ErrorCode code = ErrorCode::kIo;
  if (error_number == ENOENT) {
    code = ErrorCode::kNotFound;
  } else if (error_number == ENOSPC || error_number == EDQUOT) {
    code = ErrorCode::kNoSpace;
  }
  return Error::make(code,
                     fmt::format("{}: {}", what, std::generic_category().message(error_number)))
      .at(std::move(where));
}

}  // namespace spoor
