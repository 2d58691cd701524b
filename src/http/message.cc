#include "http/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace spoor::http {

namespace {

constexpr std::size_t kMaxPairs = 1000;

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  const char lower = ascii_lower(digit);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Nothing where a percent sign is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
      const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      out += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      out += plus_is_blank && text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; }

bool is_line_or_tab(char letter) { return letter == '\n' || letter == '\r' || letter == '\t'; }

Result<std::string> decode_segment(std::string_view raw) {
  std::optional<std::string> segment = percent_decode(raw, false);
  if (!segment) {
    return fail(ErrorCode::kInvalidInput, "the path has a percent sign without two hex digits");
  }
  if (segment->empty()) {
    return fail(ErrorCode::kInvalidInput, "the path has an empty segment");
  }
  if (*segment == "." || *segment == "..") {
    return fail(ErrorCode::kInvalidInput, "the path has a dot segment");
  }
  if (segment->find_first_of("/\\") != std::string::npos) {
    return fail(ErrorCode::kInvalidInput, "a segment of the path holds a slash");
  }
  if (std::ranges::any_of(*segment, is_control) || !is_valid_utf8(*segment)) {
    return fail(ErrorCode::kInvalidInput, "the path is not text");
  }
  return *std::move(segment);
}

Result<std::string> decode_path(std::string_view raw) {
  if (!raw.starts_with('/')) {
    return fail(ErrorCode::kInvalidInput, "the path does not start with a slash");
  }
  std::string path;
  path.reserve(raw.size());
  std::string_view rest = raw.substr(1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('/');
    path += '/';
    path += TRY(decode_segment(rest.substr(0, end)));
    if (end == std::string_view::npos) {
      return path;
    }
    rest.remove_prefix(end + 1);
  }
  path += '/';
  return path;
}

Result<std::string> decode_query_part(std::string_view raw) {
  std::optional<std::string> text = percent_decode(raw, true);
  if (!text) {
    return fail(ErrorCode::kInvalidInput, "the query has a percent sign without two hex digits");
  }
  const bool has_control = std::ranges::any_of(
      *text, [](char letter) { return is_control(letter) && !is_line_or_tab(letter); });
  if (has_control || !is_valid_utf8(*text)) {
    return fail(ErrorCode::kInvalidInput, "the query is not text");
  }
  return *std::move(text);
}

}  // namespace

std::string_view method_name(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
    case Method::kOther:
      break;
  }
  return "OTHER";
}

Method parse_method(std::string_view name) {
  for (const Method method : {Method::kGet, Method::kHead, Method::kPost, Method::kPut,
                              Method::kPatch, Method::kDelete, Method::kOptions}) {
    if (name == method_name(method)) {
      return method;
    }
  }
  return Method::kOther;
}

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, name)) {
      return header.value;
    }
  }
  return std::nullopt;
}

std::string_view Request::header(std::string_view name) const {
  return find_header(headers, name).value_or("");
}

bool Request::has_header(std::string_view name) const {
  return find_header(headers, name).has_value();
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const Header& header : headers) {
    if (!equals_ignoring_case(header.name, "Cookie")) {
      continue;
    }
    const std::optional<std::string_view> value = find_cookie(header.value, name);
    if (value && found && *value != *found) {
      return std::nullopt;
    }
    found = value ? value : found;
  }
  return found;
}

std::optional<std::string_view> find_cookie(std::string_view cookies, std::string_view name) {
  std::optional<std::string_view> found;
  for (const std::string_view pair : split(cookies, ';')) {
    const std::string_view text = trim_blanks(pair);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || text.substr(0, equals) != name) {
      continue;
    }
    std::string_view value = text.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (found && *found != value) {
      return std::nullopt;
    }
    found = value;
  }
  return found;
}

std::string SetCookie::to_header() const {
  std::string out = name + "=" + value + "; Path=" + path;
  if (max_age_seconds) {
    out += "; Max-Age=" + std::to_string(*max_age_seconds);
  }
  if (!same_site.empty()) {
    out += "; SameSite=" + same_site;
  }
  out += secure ? "; Secure" : "";
  out += http_only ? "; HttpOnly" : "";
  return out;
}

std::string_view status_text(int status) {
  struct Name {
    int status;
    std::string_view text;
  };
  static constexpr std::array kNames = {
      Name{100, "Continue"},
      Name{200, "OK"},
      Name{201, "Created"},
      Name{202, "Accepted"},
      Name{204, "No Content"},
      Name{206, "Partial Content"},
      Name{301, "Moved Permanently"},
      Name{302, "Found"},
      Name{303, "See Other"},
      Name{304, "Not Modified"},
      Name{307, "Temporary Redirect"},
      Name{308, "Permanent Redirect"},
      Name{400, "Bad Request"},
      Name{401, "Unauthorized"},
      Name{403, "Forbidden"},
      Name{404, "Not Found"},
      Name{405, "Method Not Allowed"},
      Name{406, "Not Acceptable"},
      Name{408, "Request Timeout"},
      Name{409, "Conflict"},
      Name{410, "Gone"},
      Name{411, "Length Required"},
      Name{412, "Precondition Failed"},
      Name{413, "Content Too Large"},
      Name{414, "URI Too Long"},
      Name{415, "Unsupported Media Type"},
      Name{416, "Range Not Satisfiable"},
      Name{417, "Expectation Failed"},
      Name{421, "Misdirected Request"},
      Name{422, "Unprocessable Content"},
      Name{428, "Precondition Required"},
      Name{429, "Too Many Requests"},
      Name{431, "Request Header Fields Too Large"},
      Name{500, "Internal Server Error"},
      Name{501, "Not Implemented"},
      Name{502, "Bad Gateway"},
      Name{503, "Service Unavailable"},
      Name{504, "Gateway Timeout"},
      Name{505, "HTTP Version Not Supported"},
      Name{507, "Insufficient Storage"},
  };
  const auto* found = std::ranges::find(kNames, status, &Name::status);
  return found == kNames.end() ? "Status" : found->text;
}

Result<Query> parse_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) {
      continue;
    }
    if (query.size() == kMaxPairs) {
      return fail(ErrorCode::kLimit, "the query has more than 1000 parameters");
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name = TRY(decode_query_part(pair.substr(0, equals)));
    std::string value = TRY(decode_query_part(equals < pair.size() ? pair.substr(equals + 1) : ""));
    query.emplace_back(std::move(name), std::move(value));
  }
  return query;
}

Result<Target> parse_target(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (starts_with_ignoring_case(target, scheme)) {
      target.remove_prefix(scheme.size());
      const std::size_t end = std::min(target.find_first_of("/?"), target.size());
      target.remove_prefix(end);
      break;
    }
  }
  if (target.find('#') != std::string_view::npos) {
    return fail(ErrorCode::kInvalidInput, "the target has a fragment");
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, question);
  Target parsed;
  parsed.path = TRY(decode_path(path.empty() ? "/" : path));
  parsed.query = TRY(parse_query(question < target.size() ? target.substr(question + 1) : ""));
  return parsed;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_plain = (ascii_lower(letter) >= 'a' && ascii_lower(letter) <= 'z') ||
                          (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' ||
                          letter == '.' || letter == '~';
    if (is_plain) {
      out += letter;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace spoor::http
