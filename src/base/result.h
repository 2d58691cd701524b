#pragma once
// Errors are values: Result<T> carries either a T or an Error that says what, where and what to do.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace spoor {

/// Stable classes of failure; callers branch on these, people read the message.
enum class ErrorCode : std::uint8_t {
  kInvalidInput = 1,  ///< the bytes or text given do not mean anything valid
  kTruncated = 2,     ///< the input ends before it should
  kLimit = 3,         ///< a stated limit (size, depth, rows, time, memory) was passed
  kNotFound = 4,
  kUnsupported = 5,  ///< understood, and deliberately not done
  kConflict = 6,     ///< another owner, a newer version, an existing name
  kIo = 7,           ///< the operating system refused
  kNoSpace = 8,      ///< the disk is full
  kCancelled = 9,
  kEngine = 10,           ///< the telemetry engine answered with an error
  kUnavailable = 11,      ///< a peer cannot be reached now; trying again may help
  kInternal = 12,         ///< a bug of ours
  kUnauthenticated = 13,  ///< nobody has signed in, or no longer is
  kForbidden = 14,        ///< known, and not allowed to
  kTooMany = 15,          ///< asked too often; trying again later may help
};

/// Machine-readable name of a code ("invalid_input").
std::string_view error_code_name(ErrorCode code);

/// One failure. `offset`, `line` and `column` are -1 where they mean nothing; lines and columns
/// count from 1.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;       ///< what went wrong, one sentence, no full stop
  std::string where;         ///< file or object, may be empty
  std::int64_t offset = -1;  ///< bytes from the start of `where`
  int line = -1;
  int column = -1;
  std::string hint;  ///< what to do, may be empty

  static Error make(ErrorCode code, std::string message) {
    Error error;
    error.code = code;
    error.message = std::move(message);
    return error;
  }
  Error&& at(std::string place, std::int64_t byte_offset = -1) && {
    where = std::move(place);
    offset = byte_offset;
    return std::move(*this);
  }
  Error&& at_line(int line_number, int column_number) && {
    line = line_number;
    column = column_number;
    return std::move(*this);
  }
  Error&& with_hint(std::string text) && {
    hint = std::move(text);
    return std::move(*this);
  }
  /// "where:line:column: message (hint)" for a terminal or a log.
  [[nodiscard]] std::string to_string() const;
};

template <class T>
using Result = std::expected<T, Error>;

/// Shorthand: `return fail(ErrorCode::kIo, "cannot open")`.
inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error::make(code, std::move(message)));
}
inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

/// The error of the last failed system call as an Error; `what` names the attempt, `where` the
/// object.
Error system_error(std::string_view what, std::string where, int error_number);

}  // namespace spoor

/// Value of a Result, or return its error from the enclosing function: `auto bytes =
/// TRY(read(path));`
#define TRY(expression)                                            \
  ({                                                               \
    auto&& spoor_try_result = (expression);                        \
    if (!spoor_try_result) [[unlikely]] {                          \
      return std::unexpected(std::move(spoor_try_result).error()); \
    }                                                              \
    *std::move(spoor_try_result);                                  \
  })

/// The same for Result<void>.
#define TRY_VOID(expression)                                       \
  do {                                                             \
    auto&& spoor_try_result = (expression);                        \
    if (!spoor_try_result) [[unlikely]] {                          \
      return std::unexpected(std::move(spoor_try_result).error()); \
    }                                                              \
  } while (false)
