#include "auth/credential.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "auth/sodium_ready.h"
#include "base/text.h"

namespace spoor::auth {
namespace {

constexpr std::size_t kIdDigits = 16;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kEncodedLetters = 48;  // of 36 bytes: base64 without a letter half used
constexpr int kBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

using Payload = std::array<unsigned char, kSecretBytes + kChecksumBytes>;
using Digest = std::array<unsigned char, crypto_hash_sha256_BYTES>;

/// What differs between the two texts.
struct Form {
  std::string_view prefix;
  char separator;
  const char* refusal;
};
constexpr Form kToken = {"spoor_", '_', "The token is not valid."};
constexpr Form kCookie = {"", '.', "Sign in to go on."};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Digest checksum(const Form& form, std::string_view id, const Payload& payload) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, bytes_of(form.prefix), form.prefix.size());
  crypto_hash_sha256_update(&state, bytes_of(id), id.size());
  crypto_hash_sha256_update(&state, payload.data(), kSecretBytes);
  Digest digest{};
  crypto_hash_sha256_final(&state, digest.data());
  sodium_memzero(&state, sizeof state);
  return digest;
}

std::string hash_of_secret(const Payload& payload) {
  Digest digest{};
  crypto_hash_sha256(digest.data(), payload.data(), kSecretBytes);
  return hex_lower({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

NewCredential make(const Form& form) {
  make_sodium_ready();
  NewCredential made;
  made.credential.id = random_id();
  Payload payload{};
  randombytes_buf(payload.data(), kSecretBytes);
  const Digest sum = checksum(form, made.credential.id, payload);
  std::copy_n(sum.begin(), kChecksumBytes, payload.begin() + kSecretBytes);
  made.credential.secret_hash = hash_of_secret(payload);
  std::array<char, kEncodedLetters + 1> letters{};
  sodium_bin2base64(letters.data(), letters.size(), payload.data(), payload.size(), kBase64);
  std::string text;
  text.reserve(form.prefix.size() + kIdDigits + 1 + kEncodedLetters);
  text.append(form.prefix).append(made.credential.id).append(1, form.separator);
  text.append(letters.data(), kEncodedLetters);
  made.text = Secret::take(std::move(text));
  sodium_memzero(payload.data(), payload.size());
  sodium_memzero(letters.data(), letters.size());
  return made;
}

/// The id and the secret bytes, or nothing where the text is not whole.
bool read(const Form& form, std::string_view text, std::string& id, Payload& payload) {
  make_sodium_ready();
  if (text.size() != form.prefix.size() + kIdDigits + 1 + kEncodedLetters ||
      !text.starts_with(form.prefix)) {
    return false;
  }
  text.remove_prefix(form.prefix.size());
  const std::string_view digits = text.substr(0, kIdDigits);
  const std::string_view encoded = text.substr(kIdDigits + 1);
  if (text[kIdDigits] != form.separator ||
      digits.find_first_not_of("0123456789abcdef") != std::string_view::npos ||
      // libsodium 1.0.18 takes bytes past ASCII for letters.
      std::ranges::any_of(encoded, [](char letter) { return (letter & 0x80) != 0; })) {
    return false;
  }
  std::size_t decoded = 0;
  const char* end = nullptr;
  if (sodium_base642bin(payload.data(), payload.size(), encoded.data(), encoded.size(), nullptr,
                        &decoded, &end, kBase64) != 0 ||
      decoded != payload.size() || end != encoded.data() + encoded.size()) {
    return false;
  }
  const Digest sum = checksum(form, digits, payload);
  if (sodium_memcmp(sum.data(), payload.data() + kSecretBytes, kChecksumBytes) != 0) {
    return false;
  }
  id = digits;
  return true;
}

Result<Credential> parse(const Form& form, std::string_view text) {
  Credential credential;
  Payload payload{};
  if (!read(form, text, credential.id, payload)) {
    return fail(ErrorCode::kUnauthenticated, form.refusal);
  }
  credential.secret_hash = hash_of_secret(payload);
  sodium_memzero(payload.data(), payload.size());
  return credential;
}

}  // namespace

NewCredential new_token() { return make(kToken); }
NewCredential new_cookie() { return make(kCookie); }
Result<Credential> parse_token(std::string_view text) { return parse(kToken, text); }
Result<Credential> parse_cookie(std::string_view value) { return parse(kCookie, value); }

Result<Secret> csrf_token(std::string_view cookie_value) {
  std::string id;
  Payload payload{};
  if (!read(kCookie, cookie_value, id, payload)) {
    return fail(ErrorCode::kUnauthenticated, kCookie.refusal);
  }
  static_assert(kSecretBytes == crypto_auth_hmacsha256_KEYBYTES);
  constexpr std::string_view kPurpose = "spoor csrf 1";
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> tag{};
  crypto_auth_hmacsha256(tag.data(), bytes_of(kPurpose), kPurpose.size(), payload.data());
  sodium_memzero(payload.data(), payload.size());
  std::array<char, sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, kBase64)> letters{};
  sodium_bin2base64(letters.data(), letters.size(), tag.data(), tag.size(), kBase64);
  return Secret(std::string_view(letters.data()));
}

Result<void> check_csrf(std::string_view cookie_value, std::string_view header_value) {
  const Secret expected = TRY(csrf_token(cookie_value));
  if (!equal_in_constant_time(expected.reveal(), header_value)) {
    return fail(ErrorCode::kForbidden,
                fmt::format("The request lacks the header {} of this session.", kCsrfHeader));
  }
  return {};
}

Secret set_cookie_header(const Secret& cookie_value) {
  // The prefix __Host- makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis 4.1.3.2).
  constexpr std::string_view kAttributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";
  std::string text;
  text.reserve(kCookieName.size() + 1 + cookie_value.size() + kAttributes.size());
  text.append(kCookieName).append("=").append(cookie_value.reveal()).append(kAttributes);
  return Secret::take(std::move(text));
}

std::string clear_cookie_header() {
  return fmt::format("{}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0", kCookieName);
}

std::string_view find_cookie(std::string_view cookie_header) {
  std::string_view found;
  bool is_found = false;
  while (!cookie_header.empty()) {
    const std::size_t end = std::min(cookie_header.find(';'), cookie_header.size());
    const std::string_view pair = trim_blanks(cookie_header.substr(0, end));
    cookie_header.remove_prefix(std::min(end + 1, cookie_header.size()));
    if (!pair.starts_with(kCookieName) || pair.substr(kCookieName.size(), 1) != "=") {
      continue;
    }
    if (is_found) {
      return {};  // which of the two is meant cannot be told
    }
    found = pair.substr(kCookieName.size() + 1);
    is_found = true;
  }
  return found;
}

std::string random_id() {
  make_sodium_ready();
  std::array<char, kIdDigits / 2> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return hex_lower({bytes.data(), bytes.size()});
}

}  // namespace spoor::auth
