#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "api/server_fixture.h"
#include "base/text.h"

namespace spoor::api {
namespace {

class QueryTest : public ServerTest {
 protected:
  static std::string body(std::string_view query, std::string_view more = "") {
    return fmt::format(R"({{"query":{}{}}})", json::Dynamic(std::string(query)).dump(), more);
  }
};

TEST_F(QueryTest, AnswersRowsWithTheirColumns) {
  const Answer answer = local("POST", "/api/query",
                              body("DeviceProcessEvents | project Timestamp, FileName, ProcessId"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(check_answer(OperationId::kRunQuery, answer), "");
  EXPECT_EQ(
      answer.json["columns"].dump(),
      R"([{"name":"Timestamp","type":"datetime"},{"name":"FileName","type":"string"},{"name":"ProcessId","type":"long"}])");
  EXPECT_EQ(answer.json["rows"].dump(), R"([["2026-11-17T09:12:33.0904127Z","cmd.exe",11208]])");
  EXPECT_EQ(answer.json["row_count"].int_or(0), 1);
}

TEST_F(QueryTest, SaysThatItWasCut) {
  const Answer answer =
      local("POST", "/api/query", body("range x from 1 to 10 step 1", R"(,"max_rows":3)"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["row_count"].int_or(0), 3);
  EXPECT_TRUE(*answer.json["truncated"].as_bool());
}

TEST_F(QueryTest, StreamsAllRows) {
  const Answer answer =
      local("POST", "/api/query/stream",
            body("range x from 1 to 150000 step 1 | extend t = strcat('row ', x)"));
  ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 500);
  EXPECT_EQ(check_answer(OperationId::kStreamQuery, answer), "");
  auto lines = split(answer.body, '\n');
  ASSERT_EQ(lines.size(), 150'003U) << "columns, rows, end, and nothing behind the last line end";
  const auto head = json::parse(lines[0]);
  ASSERT_TRUE(head);
  EXPECT_EQ((*head)["columns"].dump(),
            R"([{"name":"x","type":"long"},{"name":"t","type":"string"}])");
  EXPECT_EQ(lines[1], R"([1,"row 1"])");
  EXPECT_EQ(lines[150'000], R"([150000,"row 150000"])");
  const auto end = json::parse(lines[150'001]);
  ASSERT_TRUE(end);
  EXPECT_EQ((*end)["row_count"].int_or(0), 150'000);
  EXPECT_FALSE(*(*end)["truncated"].as_bool());
  EXPECT_EQ(lines[150'002], "");
}

TEST_F(QueryTest, AStreamHasItsLimitsAndSaysSo) {
  const Answer cut =
      local("POST", "/api/query/stream", body("range x from 1 to 10 step 1", R"(,"max_rows":3)"));
  const auto lines = split(cut.body, '\n');
  ASSERT_EQ(lines.size(), 6U) << cut.body;
  EXPECT_TRUE(*json::parse(lines[4]).value()["truncated"].as_bool()) << cut.body;

  const Answer wrong =
      local("POST", "/api/query/stream", body("DeviceProcessEvents | where No == 1"));
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_EQ(wrong.json["error"]["where"]["column"].int_or(0), 29) << wrong.body;
  EXPECT_EQ(
      call("POST", "/api/query/stream", sign_in(schema::Role::kReader), body("print 1")).status,
      403)
      << "a reader takes nothing out";
  const Credentials none = make_token({"export"}, {std::string(40, 'b')});
  EXPECT_NE(call("POST", "/api/query/stream", none, body("DeviceProcessEvents | count"))
                .body.find("\n[0]\n"),
            std::string::npos)
      << "of devices that are not seen nothing";
}

TEST_F(QueryTest, LocatesErrors) {
  const Answer answer =
      local("POST", "/api/query", body("DeviceProcessEvents\n| where Nonsense == 1"));
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(answer.json["error"]["where"]["line"].int_or(0), 2) << answer.body;
  EXPECT_EQ(answer.json["error"]["where"]["column"].int_or(0), 9) << answer.body;
  EXPECT_EQ(answer.json["error"]["where"]["field"].text_or(""), "/query");
}

TEST_F(QueryTest, IsRecorded) {
  ASSERT_EQ(local("POST", "/api/query", body("print recorded=1")).status, 200);
  const Answer log = local("GET", "/api/audit?limit=1&action=query.run");
  EXPECT_EQ(log.json["items"][std::size_t{0}]["detail"]["query"].text_or(""), "print recorded=1")
      << log.body;
}

TEST_F(QueryTest, CancelReturnsWhenItHasStopped) {
  const Credentials who = sign_in(schema::Role::kReader);
  Answer answer;
  std::thread runs([&] {
    answer = call("POST", "/api/query", who,
                  body("range x from 1 to 1000000 step 1 | extend k = 1 | join kind=inner (range y "
                       "from 1 to 1000000 step 1 | "
                       "extend k = 1) on k | summarize sum(x * y)",
                       R"(,"query_id":"long-one","max_seconds":60)"));
  });
  Answer cancelled;
  for (int tries = 0; tries < 200 && cancelled.status != 204; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cancelled = call("DELETE", "/api/query/long-one", who);
  }
  runs.join();
  EXPECT_EQ(cancelled.status, 204) << cancelled.body;
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_EQ(answer.code(), "cancelled");
  EXPECT_EQ(call("DELETE", "/api/query/long-one", who).status, 404) << "it is over";
}

TEST_F(QueryTest, OthersCannotCancelIt) {
  const Answer answer = call("DELETE", "/api/query/not-mine", sign_in(schema::Role::kAnalyst));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.message(), "You run no query with this query_id.");
}

TEST_F(QueryTest, OutsideSourcesAndChangesAreOutOfReach) {
  for (const std::string_view text : {"externaldata(x:string)['http://example.invalid']",
                                      ".drop table DeviceEvents", "system.users"}) {
    EXPECT_EQ(local("POST", "/api/query", body(text)).status, 400) << text;
  }
}

}  // namespace
}  // namespace spoor::api
