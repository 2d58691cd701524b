// Cards of a device's page over HTTP.

#include <fmt/format.h>

#include "api/server_fixture.h"

namespace spoor::api {
namespace {

class DeviceCardTest : public ServerTest {
 protected:
  Answer card(std::string_view rest, OperationId operation) {
    Answer answer = local("GET", fmt::format("/api/devices/{}{}", device_id(), rest));
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(check_answer(operation, answer), "") << answer.body;
    return answer;
  }
};

TEST_F(DeviceCardTest, OverviewSaysWhatIsNotKnown) {
  const Answer overview = card("/overview", OperationId::kGetDeviceOverview);
  EXPECT_EQ(overview.json["last_evidence"]["source"].text_or(""), "Security");
  EXPECT_EQ(overview.json["last_evidence"]["time"].text_or(""), "2026-11-17T09:12:33.0904127Z");
  EXPECT_EQ(overview.json["health"]["headline"].text_or(""), "not_known");
  EXPECT_EQ(overview.json["health"]["checks"].size(), 6U);
  EXPECT_EQ(overview.json["risk"]["level"].text_or("?"), "");
  EXPECT_EQ(overview.json["risk"]["reason"].text_or(""), "Not known: nothing detects yet.");
  EXPECT_TRUE(overview.json["alerts"].is_null());
  EXPECT_EQ(overview.json["logons"]["interactive_accounts"].int_or(-1), 0);
  EXPECT_EQ(overview.json["logons"]["other_accounts"].int_or(-1), 1);
  EXPECT_EQ(overview.json["logons"]["most_frequent"].text_or("?"), "")
      << "counts interactive logons alone";
}

TEST_F(DeviceCardTest, LogonsAreListed) {
  const Answer logons = card("/logons", OperationId::kListDeviceLogons);
  ASSERT_EQ(logons.json["items"].size(), 1U) << logons.body;
  const json::Dynamic& mira = logons.json["items"][std::size_t{0}];
  EXPECT_EQ(mira["name"].text_or(""), "mira");
  EXPECT_EQ(mira["domain"].text_or(""), "TIDE");
  EXPECT_EQ(mira["kind"].text_or(""), "user");
  EXPECT_EQ(mira["types"].dump(), R"([{"type":"Network","count":1}])");
  EXPECT_EQ(logons.json["to"].text_or(""), "2026-11-17T09:12:33.0904127Z");
  EXPECT_TRUE(logons.json["next"].is_null());
}

TEST_F(DeviceCardTest, CoverageIsOfTheDaysAskedFor) {
  const Answer coverage = card("/coverage?days=1", OperationId::kGetDeviceCoverage);
  EXPECT_EQ(coverage.json["from"].text_or(""), "2026-11-17T00:00:00.0000000Z");
  EXPECT_EQ(coverage.json["cells"].dump(), "[0,0,0,0,2,0,0,0,0,0,0,0]");
  EXPECT_EQ(coverage.json["sources"][std::size_t{0}]["source"].text_or(""), "Security");
  EXPECT_TRUE(*coverage.json["is_logs_only"].as_bool());
  const Answer earlier = card("/coverage?days=1&to=2026-11-16", OperationId::kGetDeviceCoverage);
  EXPECT_EQ(earlier.json["sources"].size(), 0U);
}

TEST_F(DeviceCardTest, ActivityIsTheNewestDay) {
  const Answer activity = card("/activity", OperationId::kGetDeviceActivity);
  EXPECT_EQ(activity.json["from"].text_or(""), "2026-11-17T00:00:00.0000000Z") << activity.body;
  EXPECT_EQ(activity.json["rows"].int_or(0), 2);
}

TEST_F(DeviceCardTest, PeersAreListed) {
  const Answer peers = card("/peers", OperationId::kListDevicePeers);
  EXPECT_EQ(peers.json["peer_count"].int_or(-1), 0) << "its events tell of no connection";
}

}  // namespace
}  // namespace spoor::api
