#include "storeworker/exceptions.h"

#include <charconv>

namespace spoor::storeworker {
namespace {

int code_in(std::string_view text) {
  constexpr std::string_view kStart = "Code: ";
  const std::size_t start = text.find(kStart);
  int code = 1001;
  if (start != std::string_view::npos) {
    std::from_chars(text.data() + start + kStart.size(), text.data() + text.size(), code);
  }
  return code;
}

int status_of(int code) {
  switch (code) {
    case 60:  // UNKNOWN_TABLE
    case 81:  // UNKNOWN_DATABASE
      return 404;
    case 164:  // READONLY
    case 497:  // ACCESS_DENIED
    case 516:  // AUTHENTICATION_FAILED
      return 403;
    case 27:   // CANNOT_PARSE_INPUT_ASSERTION_FAILED
    case 36:   // BAD_ARGUMENTS
    case 43:   // ILLEGAL_TYPE_OF_ARGUMENT
    case 46:   // UNKNOWN_FUNCTION
    case 47:   // UNKNOWN_IDENTIFIER
    case 53:   // TYPE_MISMATCH
    case 62:   // SYNTAX_ERROR
    case 73:   // UNKNOWN_FORMAT
    case 115:  // UNKNOWN_SETTING
    case 456:  // UNKNOWN_QUERY_PARAMETER
    case 457:  // BAD_QUERY_PARAMETER
      return 400;
    default:
      return 500;
  }
}

ExceptionText made(int code, const std::string& message, std::string_view name) {
  return {.code = code,
          .status = status_of(code),
          .text = "Code: " + std::to_string(code) + ". DB::Exception: " + message + ". (" +
                  std::string(name) + ")"};
}

}  // namespace

ExceptionText exception_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kEngine: {
      const int code = code_in(error.message);
      std::string text = error.message;
      if (const std::size_t start = text.find("Code: "); start != std::string::npos) {
        text.erase(0, start);
      } else {
        text = "Code: 1001. DB::Exception: " + text + " (STD_EXCEPTION)";
      }
      return {.code = code, .status = status_of(code), .text = std::move(text)};
    }
    case ErrorCode::kUnsupported:
      return made(115, error.message, "UNKNOWN_SETTING");
    case ErrorCode::kInvalidInput:
      return made(62, "Syntax error: " + error.message, "SYNTAX_ERROR");
    case ErrorCode::kConflict:
      return made(497, error.message, "ACCESS_DENIED");
    case ErrorCode::kCancelled:
      return made(394, error.message, "QUERY_WAS_CANCELLED");
    case ErrorCode::kLimit:
      return made(307, error.message, "TOO_MANY_BYTES");
    default:
      return made(1001, error.message, "STD_EXCEPTION");
  }
}

}  // namespace spoor::storeworker
