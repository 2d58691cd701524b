#include "storeworker/request.h"

#include <algorithm>
#include <atomic>
#include <random>

#include "base/text.h"

namespace spoor::storeworker {
namespace {

Result<std::string> url_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+') {
      out += ' ';
    } else if (text[at] == '%') {
      const auto byte = unhex(text.substr(at + 1, 2));
      if (!byte || byte->size() != 1) {
        return fail(ErrorCode::kInvalidInput, "malformed escape in the request's target");
      }
      out += *byte;
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

int base64_value(char letter) {
  if (letter >= 'A' && letter <= 'Z') {
    return letter - 'A';
  }
  if (letter >= 'a' && letter <= 'z') {
    return letter - 'a' + 26;
  }
  if (letter >= '0' && letter <= '9') {
    return letter - '0' + 52;
  }
  return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

std::string base64_decoded(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    const int value = base64_value(letter);
    if (value < 0) {
      break;
    }
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return out;
}

bool is_format_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9');
}

/// Takes a user's name into account; the narrower access wins where several are given.
Result<void> add_user(Request& request, std::string_view user) {
  if (user == "hunter") {
    request.access = Access::kHunter;
  } else if (!user.empty() && user != "default") {
    return fail(ErrorCode::kConflict, "there is no user of this name");
  }
  return {};
}

Result<void> add_parameter(Request& request, std::string_view name, std::string value) {
  if (name.starts_with("param_")) {
    request.parameters.push_back({std::string(name.substr(6)), std::move(value)});
  } else if (name == "query") {
    request.query = std::move(value);
  } else if (name == "database") {
    request.database = std::move(value);
  } else if (name == "query_id") {
    request.query_id = std::move(value);
  } else if (name == "default_format") {
    request.default_format = std::move(value);
  } else if (name == "user") {
    return add_user(request, value);
  } else if ((name == "compress" || name == "decompress") && value != "0") {
    return fail(ErrorCode::kUnsupported, "compression of the native protocol is not offered here");
  } else if (name == "log_comment") {
    // The tag of a statement is its query_id.
  } else if (!is_interface_parameter(name) && !is_ignored_setting(name)) {
    return put_setting(request.settings, name, value);
  }
  return {};
}

}  // namespace

Result<Request> read_request(const RequestFields& fields) {
  Request request;
  const std::size_t mark = fields.target.find('?');
  request.path = std::string(fields.target.substr(0, mark));
  request.database = std::string(fields.database);
  request.default_format = std::string(fields.format);
  TRY_VOID(add_user(request, fields.user));
  if (starts_with_ignoring_case(fields.authorization, "basic ")) {
    const std::string pair = base64_decoded(trim_blanks(fields.authorization.substr(6)));
    TRY_VOID(add_user(request, std::string_view(pair).substr(0, pair.find(':'))));
  }
  if (mark != std::string_view::npos) {
    for (const std::string_view pair : split(fields.target.substr(mark + 1), '&')) {
      if (pair.empty()) {
        continue;
      }
      const std::size_t equals = pair.find('=');
      const std::string name = TRY(url_decoded(pair.substr(0, equals)));
      std::string value;
      if (equals != std::string_view::npos) {
        value = TRY(url_decoded(pair.substr(equals + 1)));
      }
      TRY_VOID(add_parameter(request, name, std::move(value)));
    }
  }
  if (!std::ranges::all_of(request.default_format, is_format_letter)) {
    return fail(ErrorCode::kInvalidInput, "name of a format may hold letters and digits only");
  }
  if (request.query_id.empty()) {
    request.query_id = new_query_id();
  }
  if (!is_valid_id(request.query_id)) {
    return fail(ErrorCode::kInvalidInput, "query_id may hold letters, digits and _ - . : only");
  }
  return request;
}

std::string new_query_id() {
  static const std::uint64_t start =
      (static_cast<std::uint64_t>(std::random_device{}()) << 32) | std::random_device{}();
  static std::atomic<std::uint64_t> count{0};
  const std::uint64_t number = start + count.fetch_add(1);
  std::string bytes(8, '\0');
  for (int at = 0; at < 8; ++at) {
    bytes[static_cast<std::size_t>(at)] = static_cast<char>(number >> (8 * (7 - at)));
  }
  return "q-" + hex_lower(bytes);
}

}  // namespace spoor::storeworker
