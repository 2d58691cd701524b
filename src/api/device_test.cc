// Devices, timeline, marks and export over HTTP.

#include <fmt/format.h>

#include "api/server_fixture.h"
#include "json/writer.h"

namespace spoor::api {
namespace {

class DeviceTest : public ServerTest {
 protected:
  static std::string target(std::string_view rest) {
    return fmt::format("/api/devices/{}{}", device_id(), rest);
  }
  static const json::Dynamic& first(const Answer& answer) {
    return answer.json["items"][std::size_t{0}];
  }
};

TEST_F(DeviceTest, IsListedFilteredAndCounted) {
  const Answer all = local("GET", "/api/devices?counters=true&sort=-LastSeen,DeviceName");
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(check_answer(OperationId::kListDevices, all), "");
  EXPECT_EQ(first(all)["name"].text_or(""), "web-01.tidewater.example");
  EXPECT_EQ(all.json["total"].int_or(0), 1);
  EXPECT_EQ(local("GET", "/api/devices?q=nothing-is-called-so").json["items"].size(), 0U);
  const Answer wrong = local("GET", "/api/devices?q=Nonsense:1");
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_EQ(wrong.json["error"]["where"]["field"].text_or(""), "q") << wrong.body;
}

TEST_F(DeviceTest, TimelineIsPagedBothWays) {
  const Answer page = local("GET", target("/timeline?limit=1&order=asc&start=oldest"));
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_EQ(check_answer(OperationId::kGetTimeline, page), "");
  EXPECT_EQ(first(page)["ActionType"].text_or(""), "LogonSuccess");
  EXPECT_TRUE(page.json["previous"].is_null()) << page.body;
  const std::string next(page.json["next"].text_or(""));
  ASSERT_FALSE(next.empty()) << page.body;
  const Answer second = local("GET", target("/timeline?limit=1&order=asc&cursor=" + next));
  EXPECT_EQ(first(second)["ActionType"].text_or(""), "ProcessCreated") << second.body;
  EXPECT_TRUE(second.json["next"].is_null()) << second.body;
  const Answer back = local("GET", target("/timeline?limit=1&order=asc&cursor=" +
                                          std::string(second.json["previous"].text_or(""))));
  EXPECT_EQ(first(back)["EventId"].text_or(""), first(page)["EventId"].text_or("?")) << back.body;
  EXPECT_EQ(local("GET", "/api/audit?cursor=" + next).status, 400) << "a cursor of another list";
}

TEST_F(DeviceTest, TimelineAsAQueryGivesTheSameRows) {
  const Answer text =
      local("GET", target("/timeline/query?q=ActionType:ProcessCreated&order=desc"));
  ASSERT_EQ(text.status, 200) << text.body;
  EXPECT_EQ(check_answer(OperationId::kGetTimelineQuery, text), "");
  std::string body;
  json::Writer(body)
      .begin_object()
      .key("query")
      .string(text.json["query"].text_or(""))
      .end_object();
  const Answer rows = local("POST", "/api/query", body);
  ASSERT_EQ(rows.status, 200) << rows.body << "\n" << text.body;
  EXPECT_EQ(rows.json["row_count"].int_or(0), 1) << rows.body;
  EXPECT_EQ(local("GET", target("/timeline/query?q=Nonsense:1")).status, 400);
}

TEST_F(DeviceTest, EventHasAllFieldsAndItsSource) {
  const Answer event = local("GET", target("/events/" + event_id()));
  ASSERT_EQ(event.status, 200) << event.body;
  EXPECT_EQ(check_answer(OperationId::kGetEvent, event), "");
  EXPECT_EQ(event.json["tables"][std::size_t{0}]["table"].text_or(""), "DeviceProcessEvents");
  EXPECT_FALSE(event.json["original"].is_null());
  EXPECT_EQ(local("GET", target("/events/12345")).status, 404);
}

TEST_F(DeviceTest, FlagIsSetSeenUndoneAndRecorded) {
  const std::string flag = target("/events/" + event_id() + "/flag");
  const Credentials who = sign_in(schema::Role::kAnalyst);
  const Answer set = call("PUT", flag, who, R"({"colour":"red"})");
  ASSERT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(check_answer(OperationId::kSetFlag, set), "");
  EXPECT_EQ(set.json["mark"]["author"].text_or(""), "test-analyst");
  const std::int64_t version = set.json["mark"]["version"].int_or(0);
  EXPECT_EQ(
      first(local("GET", target("/timeline?segment=flagged&flags=red")))["EventId"].text_or(""),
      event_id());
  EXPECT_EQ(call("PUT", flag, who, fmt::format(R"({{"colour":"blue","expected":{}}})", version - 1))
                .status,
            409)
      << "another version was seen";
  EXPECT_EQ(call("DELETE", flag, who).json["replaced"].text_or(""), "red");
  const Answer undone =
      call("POST", flag + "/undo", who, fmt::format(R"({{"version":{}}})", version));
  EXPECT_EQ(undone.json["mark"]["value"].text_or(""), "red") << undone.body;
  EXPECT_EQ(first(local("GET", target("/marks")))["value"].text_or(""), "red");
  EXPECT_EQ(
      call("POST", flag + "/undo", who, R"({"version":0})").json["mark"]["value"].text_or("?"), "");
  const Answer log = local("GET", "/api/audit?limit=10&action=flag.&object=" + device_id());
  EXPECT_GE(log.json["items"].size(), 4U) << log.body;
  EXPECT_EQ(first(log)["actor"].text_or(""), "test-analyst");
}

TEST_F(DeviceTest, MyFlagsAreThoseThatStandAndThatISetLast) {
  const std::string flag = target("/events/" + event_id() + "/flag");
  const Credentials who = sign_in(schema::Role::kAnalyst);
  const Credentials other = sign_in(schema::Role::kResponder);
  EXPECT_EQ(call("GET", "/api/me/flags", who).json["items"].size(), 0U);
  ASSERT_EQ(call("PUT", flag, who, R"({"colour":"red"})").status, 200);
  const Answer mine = call("GET", "/api/me/flags?limit=1", who);
  ASSERT_EQ(mine.status, 200) << mine.body;
  EXPECT_EQ(check_answer(OperationId::kListMyFlags, mine), "");
  EXPECT_EQ(first(mine)["device_id"].text_or(""), device_id());
  EXPECT_EQ(first(mine)["mark"]["value"].text_or(""), "red");
  EXPECT_TRUE(mine.json["next"].is_null()) << mine.body;
  EXPECT_EQ(call("GET", "/api/me/flags", other).json["items"].size(), 0U);
  ASSERT_EQ(call("PUT", flag, other, R"({"colour":"blue"})").status, 200);
  EXPECT_EQ(call("GET", "/api/me/flags", who).json["items"].size(), 0U) << "it is another's now";
  EXPECT_EQ(first(call("GET", "/api/me/flags", other))["mark"]["value"].text_or(""), "blue");
  ASSERT_EQ(call("DELETE", flag, other).status, 200);
  EXPECT_EQ(call("GET", "/api/me/flags", other).json["items"].size(), 0U);
}

TEST_F(DeviceTest, AliasesAndMerge) {
  const Answer aliases = local("GET", target("/aliases"));
  EXPECT_EQ(check_answer(OperationId::kListDeviceAliases, aliases), "") << aliases.body;
  EXPECT_GE(aliases.json["items"].size(), 1U);
  const Answer itself =
      local("POST", target("/merge"), fmt::format(R"({{"into":"{}"}})", device_id()));
  EXPECT_EQ(itself.status, 409) << itself.body;
  const Answer nowhere =
      local("POST", target("/merge"), fmt::format(R"({{"into":"{}"}})", std::string(40, 'c')));
  EXPECT_EQ(nowhere.status, 404) << nowhere.body;
  EXPECT_EQ(first(local("GET", "/api/audit?limit=1&action=device.merge"))["outcome"].text_or(""),
            "failed");
}

TEST_F(DeviceTest, ExportIsAFileOfTheWholeSelection) {
  const Answer csv = local("POST", "/api/exports",
                           fmt::format(R"({{"device_id":"{}","format":"csv"}})", device_id()));
  ASSERT_EQ(csv.status, 200) << csv.body;
  EXPECT_EQ(http::find_header(csv.headers, "Content-Type"), "text/csv; charset=utf-8");
  EXPECT_NE(http::find_header(csv.headers, "Content-Disposition")
                .value_or("")
                .find("attachment; filename=\"timeline-"),
            std::string_view::npos);
  EXPECT_NE(csv.body.find("cmd.exe"), std::string::npos);
  EXPECT_NE(csv.body.find("#export"), std::string::npos) << "the trailer says that it is whole";
  const Answer wrong = local(
      "POST", "/api/exports",
      fmt::format(R"({{"device_id":"{}","format":"csv","columns":["Nonsense"]}})", device_id()));
  EXPECT_EQ(wrong.status, 400) << wrong.body;
}

}  // namespace
}  // namespace spoor::api
