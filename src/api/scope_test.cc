// A caller that may not see a device is answered as if it were not there, whatever it asks.

#include <algorithm>

#include "api/example_call.h"
#include "api/server_fixture.h"

namespace spoor::api {
namespace {

class ScopeTest : public ServerTest {
 protected:
  static bool names_a_device(const CheckedOperation& operation) {
    const auto is_device = [](std::string_view name) {
      return name == "device_id" || name == "into";
    };
    return std::ranges::any_of(operation.parameters,
                               [&](const CheckedParameter& parameter) {
                                 return is_device(parameter.spec->name);
                               }) ||
           std::ranges::any_of(operation.bodies, [&](const CheckedContent& body) {
             return std::ranges::any_of(
                 body.schema->resolved().properties,
                 [&](const JsonSchema::Property& each) { return is_device(each.name); });
           });
  }

  /// An administrator who may do everything, to the devices of no group.
  Credentials administrator_of_nothing() {
    const std::string first = R"("password":"a first password")";
    EXPECT_EQ(local("POST", "/api/users",
                    R"({"name":"no-devices","role":"administrator","groups":[],)" + first + "}")
                  .status,
              201);
    EXPECT_EQ(call("PUT", "/api/session/password", sign_in("no-devices", "a first password"),
                   R"({"current":"a first password","new":"a second password"})")
                  .status,
              200);
    return sign_in("no-devices", "a second password");
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
  const Credentials token = make_token({"read", "export", "investigate"}, {std::string(40, 'b')});
  const Credentials person = administrator_of_nothing();
  const std::string before = local("GET", "/api/devices/" + device_id() + "/aliases").body;
  const int purged = purged_devices();
  int asked = 0;
  for (const CheckedOperation& operation : contract().operations()) {
    if (!names_a_device(operation)) {
      continue;
    }
    // No token changes or removes devices: of those a person is asked.
    const bool is_for_people = operation.spec->permission == schema::Permission::kDevicesEdit ||
                               operation.spec->permission == schema::Permission::kImportPurge;
    const Credentials& who = is_for_people ? person : token;
    const Answer hidden = ask(operation, device_id(), who);
    const Answer absent = ask(operation, std::string(40, 'c'), who);
    EXPECT_EQ(hidden.status, 404) << operation.spec->name << ": " << hidden.body;
    EXPECT_EQ(without_id(hidden.body), without_id(absent.body))
        << operation.spec->name << " tells the two apart";
    ++asked;
  }
  EXPECT_GE(asked, 24);
  EXPECT_EQ(local("GET", "/api/devices/" + device_id() + "/aliases").body, before);
  EXPECT_EQ(purged_devices(), purged);
  EXPECT_EQ(local("DELETE", "/api/users/no-devices").status, 204);
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
