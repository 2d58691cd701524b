// Uploads, imports and their progress over HTTP.

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "api/server_fixture.h"

namespace spoor::api {
namespace {

constexpr std::string_view kLine =
    R"(<Event><System><Provider Name="P"/><EventID>4625</EventID><TimeCreated SystemTime="2026-11-17T11:00:00Z"/>)"
    R"(<EventRecordID>500</EventRecordID><Channel>Security</Channel><Computer>web-01.tidewater.example</Computer></System>)"
    R"(<EventData><Data Name="TargetUserName">x</Data></EventData></Event>)";

class ImportTest : public ServerTest {
 protected:
  Answer put(const std::string& id, std::uint64_t offset, std::string_view bytes) {
    return local("PUT", fmt::format("/api/uploads/{}?offset={}", id, offset), std::string(bytes),
                 "application/octet-stream");
  }

  std::string upload(std::string_view bytes) {
    const Answer made = local("POST", "/api/uploads",
                              fmt::format(R"({{"name":"events.xml","size":{}}})", bytes.size()));
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(check_answer(OperationId::kCreateUpload, made), "");
    const std::string id(made.json["id"].text_or(""));
    EXPECT_EQ(put(id, 0, bytes).status, 200);
    return id;
  }

  Answer wait_for_end(const std::string& id) {
    Answer answer;
    for (int tries = 0; tries < 500; ++tries) {
      answer = local("GET", "/api/imports/" + id);
      const std::string state(answer.json["progress"]["state"].text_or(""));
      if (state != "queued" && state != "running") {
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return answer;
  }
};

TEST_F(ImportTest, UploadsGoOnWhereTheyStopped) {
  const Answer made = local("POST", "/api/uploads", R"({"name":"../../etc/passwd","size":10})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id(made.json["id"].text_or(""));
  EXPECT_EQ(put(id, 0, "12345").json["received"].int_or(0), 5);
  const Answer again = put(id, 0, "12345");
  EXPECT_EQ(again.status, 409) << again.body;
  EXPECT_EQ(local("GET", "/api/uploads/" + id).json["received"].int_or(0), 5);
  EXPECT_EQ(put(id, 5, "678901234").status, 422) << "past the size announced";
  const Answer whole = put(id, 5, "67890");
  EXPECT_TRUE(*whole.json["is_complete"].as_bool()) << whole.body;
  EXPECT_EQ(call("GET", "/api/uploads/" + id, sign_in(schema::Role::kAnalyst)).status, 404)
      << "another's upload";
  EXPECT_EQ(local("DELETE", "/api/uploads/" + id).status, 204);
  EXPECT_EQ(local("GET", "/api/uploads/" + id).status, 404);
}

TEST_F(ImportTest, RunsReportsAndPurges) {
  const Answer started =
      local("POST", "/api/imports", fmt::format(R"({{"upload_ids":["{}"]}})", upload(kLine)));
  ASSERT_EQ(started.status, 202) << started.body;
  EXPECT_EQ(check_answer(OperationId::kStartImport, started), "");
  const std::string id(started.json["id"].text_or(""));
  const Answer ended = wait_for_end(id);
  ASSERT_EQ(ended.json["progress"]["state"].text_or(""), "done") << ended.body;
  const Answer report = local("GET", "/api/imports/" + id + "/report");
  EXPECT_EQ(check_answer(OperationId::kGetImportReport, report), "") << report.body;
  EXPECT_EQ(report.json["records"].int_or(0), 1) << report.body;

  const Answer events = local("GET", "/api/imports/" + id + "/events");
  EXPECT_EQ(http::find_header(events.headers, "Content-Type").value_or("").substr(0, 17),
            "text/event-stream");
  EXPECT_NE(events.body.find("event: progress"), std::string::npos) << events.body;
  EXPECT_NE(events.body.find(R"("state":"done")"), std::string::npos) << events.body;

  EXPECT_EQ(local("POST", "/api/imports/" + id + "/cancel").status, 409) << "it has ended";
  EXPECT_EQ(call("DELETE", "/api/imports/" + id, sign_in(schema::Role::kAnalyst)).status, 403);
  const Answer purged = local("DELETE", "/api/imports/" + id);
  EXPECT_EQ(purged.status, 200) << purged.body;
  EXPECT_EQ(purged.json["records"].int_or(0), 1) << purged.body;
  EXPECT_EQ(local("GET", "/api/imports/" + id).json["progress"]["state"].text_or(""), "purged");
}

TEST_F(ImportTest, NeedsCompleteUploads) {
  const Answer made = local("POST", "/api/uploads", R"({"name":"a","size":10})");
  const Answer started =
      local("POST", "/api/imports",
            fmt::format(R"({{"upload_ids":["{}"]}})", made.json["id"].text_or("")));
  EXPECT_EQ(started.status, 409) << started.body;
  EXPECT_EQ(local("GET", "/api/imports/none/events").status, 404);
}

TEST_F(ImportTest, LiveEventsAreStoredOnce) {
  const std::string body(kLine);
  std::string later = body;
  later.replace(later.find("500"), 3, "501");
  const Answer first = local("POST", "/api/ingest/winlog", later, "application/xml");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(check_answer(OperationId::kIngest, first), "");
  EXPECT_EQ(first.json["stored"].int_or(0), 1);
  const Answer again = local("POST", "/api/ingest/winlog", later, "application/xml");
  EXPECT_EQ(again.json["stored"].int_or(-1), 0) << again.body;
  EXPECT_EQ(again.json["duplicates"].int_or(0), 1);
  const Answer bad =
      local("POST", "/api/ingest/winlog", "{\"not\":\"an event\"}\n", "application/x-ndjson");
  EXPECT_EQ(bad.status, 400) << bad.body;
  EXPECT_EQ(local("POST", "/api/ingest/nonsense", body, "application/xml").status, 400);
}

}  // namespace
}  // namespace spoor::api
