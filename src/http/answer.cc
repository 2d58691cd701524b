#include "http/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "base/ticks.h"

namespace spoor::http {

namespace {

/// Framing is the server's; a handler that sets these is not heard.
constexpr std::array<std::string_view, 8> kOwnHeaders = {
    "Content-Length", "Transfer-Encoding", "Connection",       "Keep-Alive",
    "Date",           "X-Request-Id",      "Proxy-Connection", "Upgrade"};

bool is_token_letter(char letter) {
  const char lower = ascii_lower(letter);
  return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') ||
         (letter != '\0' &&
          std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string_view::npos);
}

bool is_value(std::string_view value) {
  return std::ranges::none_of(value, [](char letter) {
    return (static_cast<unsigned char>(letter) < 0x20 && letter != '\t') || letter == 0x7F;
  });
}

bool is_own(std::string_view name) {
  return std::ranges::any_of(kOwnHeaders,
                             [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

void add_default(std::string& head, const Headers& headers, std::string_view name,
                 std::string_view value) {
  if (!find_header(headers, name)) {
    add(head, name, value);
  }
}

void add_handlers(std::string& head, const HeadFacts& facts, const Headers& headers) {
  for (const Header& header : headers) {
    const bool is_type = equals_ignoring_case(header.name, "Content-Type");
    if (is_own(header.name) || (is_type && !facts.content_type.empty())) {
      continue;
    }
    // A compressed body is another representation: its tag can only be a weak one.
    const bool is_strong_tag = facts.coding != Coding::kIdentity &&
                               equals_ignoring_case(header.name, "ETag") &&
                               header.value.starts_with('"');
    add(head, header.name, is_strong_tag ? "W/" + header.value : header.value);
  }
}

}  // namespace

bool are_sendable(const Headers& headers, std::string_view content_type) {
  return is_value(content_type) && std::ranges::all_of(headers, [](const Header& header) {
           return !header.name.empty() && std::ranges::all_of(header.name, is_token_letter) &&
                  is_value(header.value);
         });
}

std::string http_date(std::int64_t unix_seconds) {
  static constexpr std::array kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime time = civil_from_ticks(unix_seconds * kTicksPerSecond);
  const auto day = static_cast<std::size_t>((unix_seconds / 86'400) % 7);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays.at(day), time.day,
                     kMonths.at(static_cast<std::size_t>(time.month - 1)), time.year, time.hour,
                     time.minute, time.second);
}

std::string make_head(const HeadFacts& facts, const Headers& headers, const Request& request,
                      const AnswerSettings& settings) {
  std::string head;
  head.reserve(1024);
  fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", facts.status,
                 status_text(facts.status));
  add(head, "Date", http_date(now_ticks() / kTicksPerSecond));
  if (!facts.content_type.empty()) {
    add(head, "Content-Type", facts.content_type);
  }
  if (facts.is_chunked) {
    add(head, "Transfer-Encoding", "chunked");
  } else if (facts.content_length) {
    add(head, "Content-Length", std::to_string(*facts.content_length));
  }
  if (facts.coding != Coding::kIdentity) {
    add(head, "Content-Encoding", coding_name(facts.coding));
  }
  if (facts.varies) {
    add_default(head, headers, "Vary", "Accept-Encoding");
  }
  if (facts.closes) {
    add(head, "Connection", "close");
  }
  add(head, "X-Request-Id", request.id);
  add_handlers(head, facts, headers);
  add_default(head, headers, "Cache-Control", "no-store");
  add_default(head, headers, "X-Content-Type-Options", "nosniff");
  add_default(head, headers, "Content-Security-Policy", settings.content_security_policy);
  add_default(head, headers, "Referrer-Policy", "no-referrer");
  add_default(head, headers, "X-Frame-Options", "DENY");
  add_default(head, headers, "Cross-Origin-Opener-Policy", "same-origin");
  add_default(head, headers, "Cross-Origin-Resource-Policy", "same-origin");
  if (request.is_tls && settings.strict_transport_seconds > 0) {
    add_default(head, headers, "Strict-Transport-Security",
                fmt::format("max-age={}", settings.strict_transport_seconds));
  }
  head += "\r\n";
  return head;
}

}  // namespace spoor::http
