#pragma once
// The texts that prove who asks: API tokens and session cookies. Both are a public id, 256 random
// bits and a checksum, so that a damaged or invented one is refused before the database is asked:
//   token   spoor_<16 hex digits>_<48 letters of base64url>
//   cookie        <16 hex digits>.<48 letters of base64url>
// The 48 letters are 32 random bytes and the first 4 bytes of SHA-256 over kind, id and these.

#include <string>
#include <string_view>

#include "auth/secret.h"
#include "base/result.h"

namespace spoor::auth {

inline constexpr std::string_view kCookieName = "__Host-spoor";
/// Header that carries the CSRF token of a session.
inline constexpr std::string_view kCsrfHeader = "X-Spoor-CSRF";

/// A credential as it was read: which one, and what is to be compared with what is stored.
struct Credential {
  std::string id;           ///< 16 lower-case hex digits
  std::string secret_hash;  ///< SHA-256 of the secret bytes, 64 lower-case hex digits
};

struct NewCredential {
  Credential credential;  ///< what is stored
  Secret text;            ///< what its holder is given, once
};

NewCredential new_token();
NewCredential new_cookie();
/// kUnauthenticated for anything that is not whole; never says why, nor repeats the text.
Result<Credential> parse_token(std::string_view text);
Result<Credential> parse_cookie(std::string_view value);

/// The CSRF token of a session, from the value of its cookie (HMAC-SHA256 of the secret, 43 letters
/// of base64url): what a page sends in kCsrfHeader. kUnauthenticated for a value that is no cookie.
Result<Secret> csrf_token(std::string_view cookie_value);
/// To be asked for each request that changes something and was authenticated by a cookie.
/// kForbidden where the header is missing or not that of this session.
Result<void> check_csrf(std::string_view cookie_value, std::string_view header_value);

/// Value of the header Set-Cookie that hands a session to a browser, or takes it away.
Secret set_cookie_header(const Secret& cookie_value);
std::string clear_cookie_header();
/// The value of our cookie in a header Cookie; empty where it is not there, or there twice.
std::string_view find_cookie(std::string_view cookie_header);

/// 16 random lower-case hex digits: ids of users, sessions and tokens.
std::string random_id();

}  // namespace spoor::auth
