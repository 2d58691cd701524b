// Any text as a token, a cookie, a header of cookies or a name: what is accepted must be of the one
// form, nothing else.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "auth/credential.h"
#include "auth/failures.h"
#include "auth/password_rules.h"

namespace {

void check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void check_credential(const spoor::Result<spoor::auth::Credential>& read, std::string_view text,
                      std::size_t prefix) {
  if (read) {
    check(text.size() == prefix + 65 && read->id == text.substr(prefix, 16));
    check(read->secret_hash.size() == 64);
  } else {
    check(read.error().code == spoor::ErrorCode::kUnauthenticated);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace auth = spoor::auth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_credential(auth::parse_token(text), text, 6);
  const auto cookie = auth::parse_cookie(text);
  check_credential(cookie, text, 0);
  check(auth::csrf_token(text).has_value() == cookie.has_value());
  if (cookie) {
    check(auth::check_csrf(text, auth::csrf_token(text)->reveal()).has_value());
    check(!auth::check_csrf(text, text));
  }
  const std::string_view found = auth::find_cookie(text);
  check(found.size() <= size);
  static_cast<void>(auth::parse_cookie(found));
  check(auth::address_key(text).size() <= 64);
  if (auth::check_user_name(text)) {
    check(size <= 64 && text.find(':') == std::string_view::npos);
  }
  static_cast<void>(auth::check_password(auth::Secret(text), "ann"));
  return 0;
}
