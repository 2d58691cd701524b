#pragma once
// Errors in the words of ClickHouse's HTTP interface: "Code: 62. DB::Exception: … (SYNTAX_ERROR)".

#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor::storeworker {

struct ExceptionText {
  int code = 1001;   ///< ClickHouse's number
  int status = 500;  ///< of HTTP
  std::string text;
};

ExceptionText exception_of(const Error& error);

}  // namespace spoor::storeworker
