#pragma once
// The head of an answer as text: status line, the handler's headers, the server's own. Internal to
// the module http.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange_core.h"
#include "http/message.h"

namespace spoor::http {

struct HeadFacts {
  int status = 200;
  std::string_view content_type;  ///< empty: none
  std::optional<std::uint64_t> content_length;
  bool is_chunked = false;
  bool closes = false;
  Coding coding = Coding::kIdentity;
  bool varies = false;  ///< the body depends on Accept-Encoding
};

/// True where names are tokens and values hold no control characters.
bool are_sendable(const Headers& headers, std::string_view content_type);

std::string make_head(const HeadFacts& facts, const Headers& headers, const Request& request,
                      const AnswerSettings& settings);

/// The time of now as a Date header has it (RFC 9110 section 5.6.7).
std::string http_date(std::int64_t unix_seconds);

}  // namespace spoor::http
