#include <fmt/format.h>

#include "api/server_fixture.h"

namespace spoor::api {
namespace {

class SessionTest : public ServerTest {};

TEST_F(SessionTest, SignsInAndOut) {
  const Credentials who = sign_in(schema::Role::kAnalyst);
  const Answer me = call("GET", "/api/session", who);
  EXPECT_EQ(me.status, 200) << me.body;
  EXPECT_EQ(me.json["name"].text_or(""), "test-analyst");
  EXPECT_EQ(me.json["role"].text_or(""), "analyst");
  EXPECT_EQ(me.json["csrf_token"].text_or(""), who.csrf);
  EXPECT_EQ(call("GET", "/api/sessions", who).json["items"][std::size_t{0}]["is_current"].dump(),
            "true");
  const Answer out = call("DELETE", "/api/session", who);
  EXPECT_EQ(out.status, 204) << out.body;
  EXPECT_NE(http::find_header(out.headers, "Set-Cookie").value_or("").find("Max-Age=0"),
            std::string_view::npos);
  const Answer after = call("GET", "/api/session", who);
  EXPECT_EQ(after.status, 401);
  EXPECT_EQ(after.message(), "Sign in to go on.");
}

TEST_F(SessionTest, CookieIsKeptFromScriptsAndOtherSites) {
  const Answer answer =
      call("POST", "/api/session", {},
           fmt::format(R"({{"name":"test-reader","password":"{}"}})", kTestPassword));
  const std::string_view cookie = http::find_header(answer.headers, "Set-Cookie").value_or("");
  for (const std::string_view part :
       {"__Host-spoor=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"}) {
    EXPECT_NE(cookie.find(part), std::string_view::npos) << part << " in " << cookie;
  }
  EXPECT_EQ(check_answer(OperationId::kSignIn, answer), "");
}

TEST_F(SessionTest, WrongPasswordIsToldLikeAnUnknownName) {
  const Answer wrong =
      call("POST", "/api/session", {}, R"({"name":"test-reader","password":"no"})");
  const Answer unknown =
      call("POST", "/api/session", {}, R"({"name":"who-is-this","password":"no"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(wrong.message(), "Name or password is not right.");
  EXPECT_EQ(unknown.message(), wrong.message());
}

TEST_F(SessionTest, ChangesNeedTheCsrfToken) {
  const Credentials who = sign_in(schema::Role::kAnalyst);
  const std::string target = fmt::format("/api/devices/{}/events/{}/flag", device_id(), event_id());
  const std::size_t versions = local("GET", target).json["items"].size();
  Credentials without = who;
  without.csrf.clear();
  Credentials another = who;
  another.csrf = sign_in(schema::Role::kAnalyst).csrf;
  for (const Credentials& bad : {without, another}) {
    const Answer refused = call("PUT", target, bad, R"({"colour":"red"})");
    EXPECT_EQ(refused.status, 403) << refused.body;
    EXPECT_EQ(call("DELETE", "/api/session", bad).status, 403);
  }
  EXPECT_EQ(call("GET", "/api/session", without).status, 200) << "reading needs none";
  EXPECT_EQ(local("GET", target).json["items"].size(), versions);
}

TEST_F(SessionTest, DamagedCookiesAndTokensAreRefused) {
  Credentials who = sign_in(schema::Role::kReader);
  who.cookie.back() = who.cookie.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(call("GET", "/api/session", who).status, 401);
  EXPECT_EQ(call("GET", "/api/session", {"", "", "spoor_0000000000000000_x"}).message(),
            "The token is not valid.");
  // A bad token is not saved by a good cookie.
  Credentials both = sign_in(schema::Role::kReader);
  both.bearer = "nonsense";
  EXPECT_EQ(call("GET", "/api/session", both).status, 401);
}

TEST_F(SessionTest, ANewPasswordIsNeededFirst) {
  const Answer added =
      local("POST", "/api/users",
            R"({"name":"newcomer","password":"a first password","role":"administrator"})");
  ASSERT_EQ(added.status, 201) << added.body;
  const Credentials who = sign_in("newcomer", "a first password");
  const Answer refused = call("GET", "/api/devices", who);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(), "Choose a new password first.");
  const Answer changed = call("PUT", "/api/session/password", who,
                              R"({"current":"a first password","new":"another long one"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(call("GET", "/api/session", who).status, 401) << "the session of before has ended";
  const Credentials anew = sign_in("newcomer", "another long one");
  EXPECT_EQ(call("GET", "/api/devices", anew).status, 200);
  EXPECT_EQ(call("GET", "/api/sessions", anew).json["items"].size(), 2U);
  EXPECT_EQ(call("DELETE", "/api/sessions", anew).json["sessions"].int_or(0), 2);
  EXPECT_EQ(local("DELETE", "/api/users/newcomer").status, 204);
}

TEST_F(SessionTest, EndedByOthersIsOver) {
  ASSERT_EQ(local("POST", "/api/users",
                  R"({"name":"leaver","password":"a first password","role":"reader"})")
                .status,
            201);
  const Credentials who = sign_in("leaver", "a first password");
  EXPECT_EQ(call("GET", "/api/session", who).status, 200);
  EXPECT_EQ(local("PATCH", "/api/users/leaver", R"({"is_disabled":true})").status, 200);
  EXPECT_EQ(call("GET", "/api/session", who).status, 401);
  EXPECT_EQ(local("DELETE", "/api/users/leaver").status, 204);
}

TEST_F(SessionTest, SettingsAreChangedByAdministrators) {
  const std::string target = "/api/settings/retention.live_days";
  const Credentials who = sign_in(schema::Role::kAdministrator);
  const Answer listed = call("GET", "/api/settings", sign_in(schema::Role::kAuditor));
  EXPECT_EQ(check_answer(OperationId::kListSettings, listed), "") << listed.body;
  EXPECT_TRUE(listed.json["items"][std::size_t{0}]["changed"].is_null()) << listed.body;
  const Answer changed = call("PUT", target, who, R"({"value":"30"})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(check_answer(OperationId::kChangeSetting, changed), "") << changed.body;
  EXPECT_EQ(changed.json["value"].text_or(""), "30");
  EXPECT_EQ(changed.json["changed_by"].text_or(""), "test-administrator");
  const Answer reset = call("DELETE", target, who);
  EXPECT_EQ(check_answer(OperationId::kResetSetting, reset), "") << reset.body;
  EXPECT_EQ(reset.json["value"].text_or(""), "90");
  EXPECT_EQ(call("PUT", "/api/settings/server.listen", who, R"({"value":"x"})").status, 409);
  EXPECT_EQ(call("PUT", target, who, R"({"value":30})").status, 400);
  EXPECT_EQ(call("PUT", target, sign_in(schema::Role::kAuditor), R"({"value":"1"})").status, 403);
}

TEST_F(SessionTest, ErrorsOfTheServerItselfHaveTheSameShape) {
  const Answer nowhere = call("GET", "/api/nonsense");
  EXPECT_EQ(nowhere.status, 404);
  EXPECT_EQ(nowhere.code(), "not_found") << nowhere.body;
  EXPECT_FALSE(nowhere.json["error"]["request_id"].text_or("").empty()) << nowhere.body;
  EXPECT_EQ(call("PUT", "/api/session").code(), "method_not_allowed");
  EXPECT_EQ(call("POST", "/api/session", {}, "a=b", "application/x-www-form-urlencoded").code(),
            "unsupported_media_type");
  EXPECT_EQ(call("POST", "/api/session", {}, std::string(2 << 20, ' ')).status, 413);
}

}  // namespace
}  // namespace spoor::api
