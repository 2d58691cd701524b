// A caller that may not see a device is answered as if it were not there, whatever it asks.

#include <algorithm>

#include "api/example_call.h"
#include "api/server_fixture.h"

namespace spoor::api {
namespace {

class ScopeTest : public ServerTest {
 protected:
  static bool names_a_device(const CheckedOperation& operation) {
    return std::ranges::any_of(operation.parameters,
                               [](const CheckedParameter& parameter) {
                                 return parameter.spec->name == "device_id";
                               }) ||
           operation.spec->id == OperationId::kExportEvents;
  }

  Answer ask(const CheckedOperation& operation, const std::string& device, const Credentials& who) {
    const ExampleCall example = example_call(operation,
                                             {{"device_id", device},
                                              {"into", device},
                                              {"event_id", event_id()},
                                              {"process", process_key()},
                                              {"kind", "fqdn"}},
                                             false);
    return call(example.method, example.target(*operation.spec), who, example.body_text());
  }

  static std::string without_id(std::string body) {
    const auto at = body.find("\"request_id\"");
    return body.substr(0, at);
  }
};

TEST_F(ScopeTest, ADeviceThatIsNotSeenIsNotThere) {
  const std::string other(40, 'b');
  const Credentials who = make_token({"read", "export", "investigate"}, {other});
  int asked = 0;
  for (const CheckedOperation& operation : contract().operations()) {
    if (!names_a_device(operation) ||
        operation.spec->permission == schema::Permission::kDevicesEdit ||
        operation.spec->permission == schema::Permission::kImportPurge) {
      continue;
    }
    const Answer hidden = ask(operation, device_id(), who);
    const Answer absent = ask(operation, std::string(40, 'c'), who);
    EXPECT_EQ(hidden.status, 404) << operation.spec->name << ": " << hidden.body;
    EXPECT_EQ(without_id(hidden.body), without_id(absent.body))
        << operation.spec->name << " tells the two apart";
    ++asked;
  }
  EXPECT_GE(asked, 20);
}

TEST_F(ScopeTest, ListsAndQueriesLeaveItOut) {
  const Credentials none = make_token({"read"}, {std::string(40, 'b')});
  const Credentials all = make_token({"read"}, {});
  EXPECT_EQ(call("GET", "/api/devices?counters=true", none).json["items"].size(), 0U);
  EXPECT_EQ(call("GET", "/api/devices?counters=true", none).json["total"].int_or(-1), 0);
  EXPECT_EQ(call("GET", "/api/devices", all).json["items"].size(), 1U);
  const std::string query = R"({"query":"DeviceProcessEvents | count"})";
  EXPECT_EQ(call("POST", "/api/query", none, query).json["rows"].dump(), "[[0]]");
  EXPECT_EQ(call("POST", "/api/query", all, query).json["rows"].dump(), "[[1]]");
}

TEST_F(ScopeTest, ATokenDoesWhatItsScopesName) {
  const Credentials who = make_token({"metrics"}, {});
  EXPECT_EQ(call("GET", "/metrics", who).status, 200);
  EXPECT_EQ(call("GET", "/api/devices", who).status, 403);
  EXPECT_EQ(call("GET", "/api/session", who).json["kind"].text_or(""), "token");
}

TEST_F(ScopeTest, ACollectorSpeaksForItsDevicesAlone) {
  const Credentials who = make_token({"collector"}, {"other-host"});
  const std::string event =
      R"(<Event><System><Provider Name="P"/><EventID>1</EventID><TimeCreated SystemTime="2026-11-17T10:00:00Z"/>)"
      R"(<EventRecordID>9</EventRecordID><Channel>Security</Channel><Computer>web-01.tidewater.example</Computer></System></Event>)";
  const Answer answer = call("POST", "/api/ingest/winlog", who, event, "application/xml");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["stored"].int_or(-1), 0) << answer.body;
  EXPECT_EQ(answer.json["refused"].int_or(-1), 1) << answer.body;
  EXPECT_EQ(call("GET", "/api/devices", who).status, 403);
}

}  // namespace
}  // namespace spoor::api
