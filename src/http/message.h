#pragma once
// What a client asked and what it is answered: plain values, filled by the server after every check
// of form, so that a handler meets no malformed path, query or header.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace spoor::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

/// "GET", …; "OTHER" for those that no route can have.
std::string_view method_name(Method method);
/// Names are case-sensitive (RFC 9110 section 9.1).
Method parse_method(std::string_view name);

/// Who is at the other end of a Unix socket, as the kernel says.
struct PeerCredentials {
  std::int64_t user = -1;
  std::int64_t group = -1;
  std::int64_t process = -1;
};

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

/// Value of the first header of that name in any case; nothing where there is none.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

using Query = std::vector<std::pair<std::string, std::string>>;

/// One request. All texts are what the client chose and are hostile; path and query are valid UTF-8
/// without control characters (a query value may hold line ends and tabs).
struct Request {
  Method method = Method::kGet;
  /// Percent-decoded; starts with '/', has no empty, "." or ".." segment and no encoded slash.
  std::string path;
  Query query;  ///< decoded, in the order of the text
  Headers headers;
  /// The whole body, decoded from gzip or zstd; empty for routes that stream it.
  std::string body;
  /// "192.0.2.7", "2001:db8::1"; "unix" for the socket. Behind a proxy that is believed
  /// (ServerOptions::trusted_proxies) the client's.
  std::string remote_address;
  std::uint16_t remote_port = 0;  ///< of the connection, so of the proxy where there is one
  bool is_tls = false;
  std::optional<PeerCredentials> peer;  ///< where it came over the Unix socket
  /// 16 hex digits made by the server: in X-Request-Id, in error bodies, in the log.
  std::string id;
  std::string route;  ///< name of the route (RouteOptions::name); empty for the fallback

  /// Value of a header in any case; empty where it is absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] bool has_header(std::string_view name) const;
  /// First value of a query parameter (case-sensitive); nothing where it is absent.
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
  /// Value of a cookie; nothing where the client sent none of that name, or two that differ.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

/// One answer. Names and values of headers that hold control characters make it a 500.
struct Response {
  int status = 200;
  Headers headers;  ///< beside those that the server sets; these win over the server's defaults
  std::string body;
  std::string content_type = "application/json";  ///< left out where the body is empty

  Response& set(std::string name, std::string value) {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
  static Response json(std::string body, int status = 200) {
    return {.status = status, .headers = {}, .body = std::move(body)};
  }
  static Response text(std::string body, int status = 200) {
    return {.status = status,
            .headers = {},
            .body = std::move(body),
            .content_type = "text/plain; charset=utf-8"};
  }
  /// No body: 204, a redirect, 304.
  static Response empty(int status = 204) { return {.status = status, .headers = {}, .body = {}}; }
};

/// A cookie to be set. The defaults are those of a session's secret.
struct SetCookie {
  std::string name;
  std::string value;  ///< of cookie octets alone (RFC 6265 section 4.1.1): base64url, hex
  std::string path = "/";
  std::optional<std::int64_t> max_age_seconds;  ///< 0 removes the cookie; none: until the end of
                                                ///< the browser's session
  bool http_only = true;
  bool secure = true;
  std::string same_site = "Strict";

  /// Value of a Set-Cookie header.
  [[nodiscard]] std::string to_header() const;
};

/// "Not Found" for 404; "Status" for those that have no name here.
std::string_view status_text(int status);

/// Path and query of a request line's target, decoded and checked as Request promises;
/// kInvalidInput says what is wrong. Accepts the absolute form ("https://host/path").
struct Target {
  std::string path;
  Query query;
};
Result<Target> parse_target(std::string_view target);
/// Decodes "a=b&c=d" (also of form bodies); '+' is a blank. kInvalidInput, kLimit past 1,000 pairs.
Result<Query> parse_query(std::string_view text);
/// Text as one percent-encoded part of a path or query.
std::string percent_encode(std::string_view text);

/// Value of a cookie in the text of a Cookie header; nothing where it is absent or ambiguous.
std::optional<std::string_view> find_cookie(std::string_view cookies, std::string_view name);

}  // namespace spoor::http
