// What each device sends, over HTTP.

#include <fmt/format.h>

#include "api/server_fixture.h"

namespace spoor::api {
namespace {

using SourceTest = ServerTest;

TEST_F(SourceTest, ChannelsAreListed) {
  const Answer all = local("GET", "/api/sources?order=last");
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(check_answer(OperationId::kListSources, all), "") << all.body;
  const Answer one = local("GET", fmt::format("/api/devices/{}/sources", device_id()));
  EXPECT_EQ(check_answer(OperationId::kListDeviceSources, one), "") << one.body;
  ASSERT_EQ(one.json["items"].size(), 1U) << one.body;
  const json::Dynamic& security = one.json["items"][std::size_t{0}];
  EXPECT_EQ(security["channel"].text_or(""), "Security");
  EXPECT_EQ(security["device_id"].text_or(""), device_id());
  EXPECT_GE(security["records"].int_or(0), 2) << "other tests may have imported more";
  EXPECT_GE(security["last"].text_or(""), "2026-11-17T09:12:33.0904127Z");
  EXPECT_TRUE(one.json["next"].is_null());
}

TEST_F(SourceTest, AChannelIsToldInDetail) {
  const Answer report =
      local("GET", fmt::format("/api/devices/{}/source?channel=Security", device_id()));
  ASSERT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(check_answer(OperationId::kGetSource, report), "") << report.body;
  const std::int64_t records = report.json["source"]["records"].int_or(0);
  EXPECT_GE(records, 2);
  ASSERT_EQ(report.json["days"].size(), 1U) << report.body;
  EXPECT_EQ(report.json["days"][std::size_t{0}]["day"].text_or(""), "2026-11-17T00:00:00.0000000Z");
  EXPECT_EQ(report.json["days"][std::size_t{0}]["records"].int_or(0), records);
  EXPECT_GE(report.json["events"].size(), 1U);
}

TEST_F(SourceTest, AChannelThatIsNotThereIsNotFound) {
  const Answer none =
      local("GET", fmt::format("/api/devices/{}/source?channel=Setup", device_id()));
  EXPECT_EQ(none.status, 404) << none.body;
}

}  // namespace
}  // namespace spoor::api
