#include "auth/credential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "auth/password_rules.h"

namespace spoor::auth {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST(Credential, TextsHaveTheFormThatScannersLookFor) {
  const NewCredential token = new_token();
  EXPECT_THAT(std::string(token.text.reveal()),
              MatchesRegex("spoor_[0-9a-f]{16}_[0-9A-Za-z_-]{48}"));
  EXPECT_THAT(std::string(new_cookie().text.reveal()),
              MatchesRegex("[0-9a-f]{16}\\.[0-9A-Za-z_-]{48}"));
  EXPECT_EQ(token.credential.secret_hash.size(), 64U);
}

TEST(Credential, WhatIsMadeIsReadBack) {
  std::set<std::string> ids;
  for (int round = 0; round < 200; ++round) {
    const NewCredential token = new_token();
    const auto read = parse_token(token.text.reveal());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, token.credential.id);
    EXPECT_EQ(read->secret_hash, token.credential.secret_hash);
    EXPECT_EQ(token.text.reveal().find(token.credential.secret_hash), std::string_view::npos);
    EXPECT_TRUE(ids.insert(read->id).second);
  }
}

TEST(Credential, TokensHandedOutBeforeGoOnWorking) {
  const auto read =
      parse_token("spoor_0123456789abcdef_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_XBanE");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, "0123456789abcdef");
  // SHA-256 of the bytes 0 to 31.
  EXPECT_EQ(read->secret_hash, "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
}

TEST(Credential, AnyOtherLetterMakesItInvalid) {
  for (int round = 0; round < 30; ++round) {
    const NewCredential made = new_token();
    const std::string text(made.text.reveal());
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (const char other : {'0', 'a', 'Z', '_', '-', '=', ' ', '\0', '\x80', '\xff'}) {
        std::string changed = text;
        changed[at] = other;
        ASSERT_EQ(parse_token(changed).has_value(), changed == text) << at << " " << int{other};
      }
    }
  }
}

TEST(Credential, RefusalsSayNothing) {
  const std::string token(new_token().text.reveal());
  const std::string cookie(new_cookie().text.reveal());
  for (const std::string& text :
       {std::string(), std::string("spoor_"), token + "0", token.substr(1), token.substr(0, 70),
        cookie, " " + token, std::string(100'000, 'a')}) {
    const auto read = parse_token(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(read.error().to_string(), "The token is not valid.");
  }
  EXPECT_EQ(parse_cookie(token).error().to_string(), "Sign in to go on.");
  // A token whose letters are put into the form of a cookie has another checksum.
  EXPECT_FALSE(parse_cookie(token.substr(6, 16) + "." + token.substr(23)));
}

TEST(Csrf, BelongsToOneSession) {
  const NewCredential mine = new_cookie();
  const NewCredential other = new_cookie();
  const Secret token = csrf_token(mine.text.reveal()).value();
  EXPECT_EQ(token.size(), 43U);
  EXPECT_EQ(csrf_token(mine.text.reveal())->reveal(), token.reveal()) << "it can be asked again";
  EXPECT_TRUE(check_csrf(mine.text.reveal(), token.reveal()));
  for (const std::string& wrong :
       {std::string(), std::string(token.reveal().substr(1)), std::string(token.reveal()) + "=",
        std::string(csrf_token(other.text.reveal())->reveal()), std::string(mine.text.reveal())}) {
    const auto checked = check_csrf(mine.text.reveal(), wrong);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::kForbidden);
    EXPECT_EQ(checked.error().message,
              "The request lacks the header X-Spoor-CSRF of this session.");
  }
  EXPECT_EQ(check_csrf("", token.reveal()).error().code, ErrorCode::kUnauthenticated);
}

TEST(Cookie, IsHeldToThisHostAndToRequests) {
  const Secret header = set_cookie_header(Secret("value"));
  EXPECT_EQ(header.reveal(), "__Host-spoor=value; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(clear_cookie_header(),
            "__Host-spoor=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

TEST(Cookie, IsFoundAmongOthers) {
  EXPECT_EQ(find_cookie("__Host-spoor=abc"), "abc");
  EXPECT_EQ(find_cookie("a=b; __Host-spoor=abc ;c=d"), "abc");
  EXPECT_EQ(find_cookie("a=__Host-spoor=abc"), "");
  EXPECT_EQ(find_cookie("__Host-spoorx=abc"), "");
  EXPECT_EQ(find_cookie("__Host-spoor"), "");
  EXPECT_EQ(find_cookie("__host-spoor=abc"), "") << "browsers keep the letters as they are";
  EXPECT_EQ(find_cookie("__Host-spoor=abc; __Host-spoor=def"), "") << "two, and no telling which";
  EXPECT_EQ(find_cookie(""), "");
  EXPECT_EQ(find_cookie(";;;"), "");
}

TEST(Secret, IsMovedAndNeitherCopiedNorPrinted) {
  static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string_view> &&
                !std::is_convertible_v<Secret, std::string>);
  std::string source = "swordfish";
  Secret first = Secret::take(std::move(source));
  EXPECT_EQ(testing::PrintToString(first), "(secret)");
  Secret second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): this is what is asserted
  EXPECT_EQ(second.reveal(), "swordfish");
  second = Secret();
  EXPECT_EQ(second.reveal(), "");
}

TEST(Secret, APasswordMadeByChanceIsGoodEnough) {
  const Secret password = Secret::random_password();
  EXPECT_THAT(std::string(password.reveal()), MatchesRegex("([2-9a-z]{5}-){3}[2-9a-z]{5}"));
  EXPECT_NE(password.reveal(), Secret::random_password().reveal());
  EXPECT_TRUE(check_password(password, "ann"));
}

TEST(Secret, ComparesWholeTexts) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
}

TEST(Names, AreLettersDigitsAndALittleMore) {
  for (const char* name : {"ann", "a", "Ann.B_2-x@example.org", "7of9"}) {
    EXPECT_TRUE(check_user_name(name)) << name;
  }
  for (const char* name :
       {"", "-ann", "an n", "ann:", "local:root", "a/b", "\xc3\xa9va", "ann\n"}) {
    const auto checked = check_user_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(checked.error().message,
              "A name is 1 to 64 letters, digits and . _ - @, the first a letter or digit.");
  }
  EXPECT_FALSE(check_user_name(std::string(65, 'a')));
  EXPECT_THAT(check_user_name("System").error().message, HasSubstr("Spoor itself"));
  EXPECT_EQ(check_password(Secret("Ann.B@example.org"), "ann.b@EXAMPLE.org").error().message,
            "The password must not be the name.");
}

}  // namespace
}  // namespace spoor::auth
