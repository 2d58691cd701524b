// Tags, value and criticality over HTTP: one device and many, undo, who may, what is recorded.

#include <fmt/format.h>

#include "api/server_fixture.h"

namespace spoor::api {
namespace {

class DeviceEditTest : public ServerTest {
 protected:
  static std::string target(std::string_view rest = "") {
    return fmt::format("/api/devices/{}{}", device_id(), rest);
  }
  json::Dynamic row() { return local("GET", "/api/devices").json["items"][std::size_t{0}]; }
  json::Dynamic newest_entry(std::string_view action) {
    return local("GET", fmt::format("/api/audit?limit=1&action={}", action))
        .json["items"][std::size_t{0}];
  }
  /// Each test leaves the device as it was.
  void TearDown() override {
    if (!IsSkipped()) {
      EXPECT_EQ(local("POST", target("/edits/undo"), R"({"version":0})").status, 200);
    }
  }
};

TEST_F(DeviceEditTest, IsSeenInTheListFilteredUndoneAndRecorded) {
  const Credentials who = sign_in(schema::Role::kResponder);
  const Answer changed =
      call("PATCH", target(), who, R"({"add_tags":["tier 0","lab"],"criticality":"High"})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(check_answer(OperationId::kChangeDevice, changed), "");
  const json::Dynamic& edit = changed.json["edit"];
  EXPECT_EQ(edit["author"].text_or(""), "test-responder");
  EXPECT_EQ(edit["tags"].dump(), R"(["lab","tier 0"])");
  EXPECT_EQ(row()["own_tags"].dump(), R"(["lab","tier 0"])");
  EXPECT_EQ(row()["criticality"].text_or(""), "High");
  EXPECT_EQ(row()["asset_value"].text_or(""), "Normal");
  const Answer counted =
      local("GET", "/api/devices?counters=true&q=Tags:lab%20Criticality:High&sort=-Criticality");
  EXPECT_EQ(counted.json["counters"]["critical"].int_or(0), 1) << counted.body;
  EXPECT_TRUE(counted.json["counters"]["high_risk"].is_null()) << "nothing detects";
  EXPECT_EQ(local("GET", target()).json["edit"]["version"].int_or(0), edit["version"].int_or(-1));
  EXPECT_EQ(local("GET", "/api/device-tags").json["items"].size(), 2U);
  const json::Dynamic entry = newest_entry("device.change");
  EXPECT_EQ(entry["actor"].text_or(""), "test-responder");
  EXPECT_EQ(entry["object"].text_or(""), device_id());
  EXPECT_EQ(entry["detail"]["after"]["criticality"].text_or(""), "High") << entry.dump();
  EXPECT_EQ(entry["detail"]["before"]["criticality"].text_or("?"), "");

  const Answer again = call("PATCH", target(), who, R"({"add_tags":["LAB"]})");
  EXPECT_FALSE(*again.json["changed"].as_bool()) << again.body;
  const Answer late = call("PATCH", target(), who, R"({"asset_value":"Low","expected":0})");
  EXPECT_EQ(late.status, 409) << late.body;
  EXPECT_EQ(late.message(), "the device was changed by test-responder");

  const std::string version = std::to_string(edit["version"].int_or(0) - 1);
  const Answer undone =
      call("POST", target("/edits/undo"), who, fmt::format(R"({{"version":{}}})", version));
  ASSERT_EQ(undone.status, 200) << undone.body;
  EXPECT_EQ(check_answer(OperationId::kUndoDeviceEdit, undone), "");
  EXPECT_EQ(row()["own_tags"].dump(), "[]");
  EXPECT_EQ(row()["criticality"].text_or("?"), "");
  const Answer versions = local("GET", target("/edits"));
  EXPECT_EQ(check_answer(OperationId::kListDeviceEdits, versions), "");
  EXPECT_EQ(versions.json["items"][std::size_t{1}]["criticality"].text_or(""), "High");
}

TEST_F(DeviceEditTest, ManyAreChangedTogetherAndTakenBack) {
  const Credentials who = sign_in(schema::Role::kResponder);
  const Answer named =
      call("POST", "/api/device-changes", who,
           fmt::format(R"({{"device_ids":["{0}","{0}"],"change":{{"add_tags":["many"]}}}})",
                       device_id()));
  ASSERT_EQ(named.status, 200) << named.body;
  EXPECT_EQ(check_answer(OperationId::kChangeDevices, named), "");
  EXPECT_EQ(named.json["matched"].int_or(0), 1);
  EXPECT_EQ(named.json["changed"].int_or(0), 1);
  const Answer matching =
      call("POST", "/api/device-changes", who,
           R"({"matching":{"q":"OwnTags:many","count":1},"change":{"asset_value":"High"}})");
  ASSERT_EQ(matching.status, 200) << matching.body;
  EXPECT_EQ(row()["asset_value"].text_or(""), "High");
  const Answer other =
      call("POST", "/api/device-changes", who,
           R"({"matching":{"q":"OwnTags:many","count":2},"change":{"asset_value":"Low"}})");
  EXPECT_EQ(other.status, 409) << other.body;
  EXPECT_EQ(other.message(), "2 devices were counted, 1 match now");

  const auto undo = [&](const Answer& change) {
    return call("POST",
                fmt::format("/api/device-changes/{}/undo", change.json["change_id"].text_or("")),
                who, "");
  };
  const Answer too_late = undo(named);
  ASSERT_EQ(too_late.status, 200) << too_late.body;
  EXPECT_EQ(too_late.json["skipped"].int_or(0), 1) << "somebody changed it since";
  const Answer undone = undo(matching);
  EXPECT_EQ(check_answer(OperationId::kUndoDeviceChange, undone), "");
  EXPECT_EQ(undone.json["restored"].int_or(0), 1) << undone.body;
  EXPECT_EQ(row()["asset_value"].text_or(""), "Normal");
  EXPECT_EQ(row()["own_tags"].dump(), R"(["many"])");
  EXPECT_EQ(newest_entry("device.undo_many")["object"].text_or(""),
            matching.json["change_id"].text_or("?"));
  EXPECT_EQ(undo(undone).json["restored"].int_or(0), 1) << "an undo can be undone";
  EXPECT_EQ(row()["asset_value"].text_or(""), "High");
}

TEST_F(DeviceEditTest, RefusesWhatSaysNothingOrTooMuch) {
  const auto refusal = [&](std::string_view method, std::string to, std::string body) {
    const Answer answer = local(method, std::move(to), std::move(body));
    EXPECT_EQ(answer.status, 400) << answer.body;
    return std::string(answer.json["error"]["where"]["field"].text_or("")) + ": " +
           answer.message();
  };
  EXPECT_EQ(refusal("PATCH", target(), "{}"), ": says nothing to change");
  EXPECT_EQ(refusal("POST", "/api/device-changes", R"({"change":{"asset_value":"Low"}})"),
            "/device_ids: one of device_ids and matching must be given");
  EXPECT_EQ(refusal("POST", "/api/device-changes",
                    R"({"matching":{"q":"Nope:1","count":1},"change":{"asset_value":"Low"}})")
                .substr(0, 12),
            "/matching/q:");
  EXPECT_EQ(refusal("PATCH", target(), R"({"add_tags":["a;b"]})").substr(0, 12), "/add_tags/0:");
  const std::string absent(40, 'c');
  const Answer unknown =
      local("POST", "/api/device-changes",
            fmt::format(R"({{"device_ids":["{}","{}"],"change":{{"add_tags":["x"]}}}})",
                        device_id(), absent));
  EXPECT_EQ(unknown.status, 404) << unknown.body;
  EXPECT_EQ(unknown.json["error"]["where"]["field"].text_or(""), "/device_ids/1") << unknown.body;
  EXPECT_EQ(row()["own_tags"].dump(), "[]") << "all of them, or none";
  EXPECT_EQ(local("POST", "/api/device-changes/ffffffffffffffff/undo").status, 404);
}

TEST_F(DeviceEditTest, WhoMayNotEditChangesNothing) {
  const Credentials who = sign_in(schema::Role::kAnalyst);
  for (const auto& [method, to, body] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"PATCH", target(), R"({"add_tags":["x"]})"},
           {"POST", target("/edits/undo"), R"({"version":0})"},
           {"POST", "/api/device-changes",
            fmt::format(R"({{"device_ids":["{}"],"change":{{"add_tags":["x"]}}}})", device_id())},
           {"POST", "/api/device-changes/ffffffffffffffff/undo", ""}}) {
    EXPECT_EQ(call(method, to, who, body).status, 403) << method << " " << to;
  }
  EXPECT_EQ(row()["own_tags"].dump(), "[]");
}

TEST_F(DeviceEditTest, AHiddenDeviceIsInNoListFileOrCount) {
  ASSERT_EQ(local("PATCH", target(), R"({"add_tags":["hidden tag"]})").status, 200);
  const Credentials none = make_token({"read", "export"}, {std::string(40, 'b')});
  EXPECT_EQ(call("GET", "/api/device-tags", none).json["items"].size(), 0U);
  EXPECT_EQ(call("GET", "/api/device-coverage?devices=" + device_id(), none).json["items"].size(),
            0U);
  EXPECT_EQ(call("GET", target("/edits"), none).status, 404);
  const Answer file = call("POST", "/api/exports/devices", none, R"({"format":"ndjson"})");
  ASSERT_EQ(file.status, 200) << file.body;
  EXPECT_EQ(file.body.find(device_id()), std::string::npos);
  EXPECT_NE(file.body.find(R"("rows":0)"), std::string::npos) << file.body;
  const Credentials seen = make_token({"read", "export"}, {device_id()});
  EXPECT_EQ(call("GET", "/api/device-tags", seen).json["items"].size(), 1U);
  EXPECT_EQ(
      call("GET", "/api/device-coverage?devices=" + device_id() + "," + std::string(40, 'b'), seen)
          .json["items"]
          .size(),
      1U);
}

TEST_F(DeviceEditTest, TheListIsAFile) {
  const Credentials who = sign_in(schema::Role::kAnalyst);
  const Answer file =
      call("POST", "/api/exports/devices", who,
           R"({"format":"csv","q":"web","sort":["DeviceName"],"columns":["name","health"]})");
  ASSERT_EQ(file.status, 200) << file.body;
  EXPECT_TRUE(file.body.starts_with("name,health\r\nweb-01.tidewater.example,LogsOnly\r\n#export"))
      << file.body;
  const auto disposition = http::find_header(file.headers, "Content-Disposition").value_or("");
  EXPECT_TRUE(disposition.starts_with("attachment; filename=\"devices-")) << disposition;
  EXPECT_EQ(
      call("POST", "/api/exports/devices", who, R"({"format":"csv","columns":["nope"]})").message(),
      "an export has no column 'nope'");
  EXPECT_EQ(newest_entry("export.run")["object"].text_or(""), "devices");
}

}  // namespace
}  // namespace spoor::api
