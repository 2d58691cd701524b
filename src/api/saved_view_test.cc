// Saved views and a person's settings over HTTP.

#include <fmt/format.h>

#include "api/server_fixture.h"

namespace spoor::api {
namespace {

class SavedViewTest : public ServerTest {
 protected:
  Answer create(const Credentials& who, std::string_view name, bool is_shared,
                std::string_view more = "") {
    return call("POST", "/api/views", who,
                fmt::format(R"({{"name":"{}","page":"timeline","is_shared":{}{}}})", name,
                            is_shared, more));
  }
  static std::string target(const Answer& view) {
    return fmt::format("/api/views/{}", view.json["id"].text_or(""));
  }
};

TEST_F(SavedViewTest, IsMineUntilIShareIt) {
  const Credentials ann = sign_in(schema::Role::kAnalyst);
  const Credentials rea = sign_in(schema::Role::kReader);
  const Answer made =
      create(ann, " Outbound ", false, R"(,"q":"Group:network","sort":["-Timestamp"])");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json["name"].text_or(""), "Outbound");
  EXPECT_EQ(made.json["owner"].text_or(""), "test-analyst");
  EXPECT_EQ(made.json["segment"].text_or(""), "all");
  EXPECT_EQ(call("GET", target(made), rea).status, 404);
  // Other tests leave views of their own.
  const Answer left = call("GET", "/api/views?page=timeline", rea);
  for (std::size_t at = 0; at < left.json["items"].size(); ++at) {
    ASSERT_EQ(
        call("DELETE", fmt::format("/api/views/{}", left.json["items"][at]["id"].text_or("")), rea)
            .status,
        204);
  }
  EXPECT_EQ(call("GET", "/api/views?page=timeline", rea).json["items"].size(), 0U);
  EXPECT_EQ(create(ann, "OUTBOUND", false).status, 409);

  const std::string body = R"({"name":"Outbound","page":"timeline","is_shared":true,"expected":1})";
  const Answer shared = call("PUT", target(made), ann, body);
  ASSERT_EQ(shared.status, 200) << shared.body;
  EXPECT_EQ(check_answer(OperationId::kChangeView, shared), "");
  EXPECT_EQ(shared.json["version"].int_or(0), 2);
  EXPECT_EQ(call("PUT", target(made), ann, body).status, 409) << "of a version that is gone";
  const Answer seen = call("GET", "/api/views?page=timeline", rea);
  ASSERT_EQ(seen.json["items"].size(), 1U) << seen.body;
  EXPECT_FALSE(*seen.json["items"][std::size_t{0}]["is_mine"].as_bool());
  EXPECT_EQ(call("GET", "/api/views?page=devices", rea).json["items"].size(), 0U);
  const Answer refused = call("PUT", target(made), rea, R"({"name":"x","page":"timeline"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(), "This view is test-analyst's.");
  EXPECT_EQ(call("DELETE", target(made), rea).status, 403);
  EXPECT_EQ(call("DELETE", target(made), sign_in(schema::Role::kAdministrator)).status, 204);
  EXPECT_EQ(call("GET", target(made), ann).status, 404);
  const Answer log = local("GET", "/api/audit?limit=1&action=view.delete");
  EXPECT_EQ(log.json["items"][std::size_t{0}]["detail"]["name"].text_or(""), "Outbound");
}

TEST_F(SavedViewTest, AReaderSavesAndDoesNotShare) {
  const Credentials who = sign_in(schema::Role::kReader);
  const Answer shared = create(who, "Mine", true);
  EXPECT_EQ(shared.status, 403);
  EXPECT_EQ(shared.message(), "This needs the permission \"views.share\".");
  const Answer made = create(who, "Mine", false);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(call("DELETE", target(made), sign_in(schema::Role::kAdministrator)).status, 404)
      << "a view that is not shared is nobody else's business";
  EXPECT_EQ(call("DELETE", target(made), who).status, 204);
}

TEST_F(SavedViewTest, ItsFilterIsOneOfItsPage) {
  const Credentials who = sign_in(schema::Role::kReader);
  const Answer wrong = create(who, "Wrong", false, R"(,"q":"OwnTags:x")");
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_EQ(wrong.json["error"]["where"]["field"].text_or(""), "/q");
  EXPECT_EQ(create(who, "  ", false).message(), "must not be blank");
}

TEST_F(SavedViewTest, SettingsAreEachPersonsOwn) {
  const Credentials who = sign_in(schema::Role::kAuditor);
  const Answer before = call("GET", "/api/me/settings", who);
  ASSERT_EQ(before.status, 200) << before.body;
  EXPECT_EQ(
      before.body,
      R"({"time_zone":"utc","zone_name":"","theme":"system","density":"by_page","single_keys":true,"keys":[],"pages":[],"changed":null})");
  const std::string body =
      R"({"theme":"dark","pages":[{"page":"devices.all","columns":[{"name":"DeviceName","width":260}]}]})";
  const Answer set = call("PUT", "/api/me/settings", who, body);
  ASSERT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(check_answer(OperationId::kSetMySettings, set), "");
  const Answer after = call("GET", "/api/me/settings", who);
  EXPECT_EQ(after.body, set.body);
  EXPECT_EQ(after.json["theme"].text_or(""), "dark");
  EXPECT_EQ(after.json["pages"][std::size_t{0}]["columns"][std::size_t{0}]["width"].int_or(0), 260);
  EXPECT_EQ(call("GET", "/api/me/settings", sign_in(schema::Role::kReader)).body, before.body);
  const auto refusal = [&](std::string text) {
    const Answer answer = call("PUT", "/api/me/settings", who, std::move(text));
    EXPECT_EQ(answer.status, 400) << answer.body;
    return std::string(answer.json["error"]["where"]["field"].text_or("")) + ": " +
           answer.message();
  };
  EXPECT_EQ(refusal(R"({"pages":[{"page":"a"},{"page":"a"}]})"), "/pages: has a twice");
  EXPECT_EQ(refusal(R"({"keys":[{"action":"a","key":"x"},{"action":"a","key":"y"}]})"),
            "/keys: has a twice");
  EXPECT_EQ(refusal(R"({"theme":"pink"})"), "/theme: theme must be one of system, light, dark");
  EXPECT_EQ(call("GET", "/api/me/settings", who).body, set.body) << "nothing of it was kept";
  EXPECT_EQ(refusal(R"({"changed":"2026-02-30T00:00:00.0000000Z"})"),
            "/changed: there is no such time");
  EXPECT_EQ(call("PUT", "/api/me/settings", who, before.body).status, 200);
}

TEST_F(SavedViewTest, OfTwoBrowsersSettingsTheNewestWin) {
  const Credentials who = sign_in(schema::Role::kResponder);
  const auto put = [&](std::string_view theme, std::string_view changed) {
    return call("PUT", "/api/me/settings", who,
                fmt::format(R"({{"theme":"{}","changed":"{}"}})", theme, changed));
  };
  EXPECT_EQ(put("dark", "2026-01-02T00:00:00.0000000Z").json["theme"].text_or(""), "dark");
  const Answer late = put("light", "2026-01-01T00:00:00.0000000Z");
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(late.json["theme"].text_or(""), "dark") << "what is kept is answered";
  EXPECT_EQ(late.json["changed"].text_or(""), "2026-01-02T00:00:00.0000000Z");
  const Answer ahead = put("light", "2999-01-01T00:00:00.0000000Z");
  EXPECT_EQ(ahead.json["theme"].text_or(""), "light");
  EXPECT_EQ(call("PUT", "/api/me/settings", who, R"({"theme":"system"})").json["theme"].text_or(""),
            "system")
      << "a clock that is ahead must not win for ever";
}

}  // namespace
}  // namespace spoor::api
