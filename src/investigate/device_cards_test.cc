// Cards of a device's page, and what people decide about devices as lists know it.

#include "investigate/device_cards.h"

#include <gmock/gmock.h>

#include "investigate/device_export.h"
#include "investigate/device_list.h"
#include "investigate/investigate_fixture.h"
#include "investigate/mark_rows.h"

namespace spoor::investigate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

const std::string kCards(40, 'e');
const Ticks kMidnight = *parse_iso_ticks("2026-03-02T00:00:00Z");

class DeviceCardsTest : public StoryTest {
 protected:
  void SetUp() override {
    StoryTest::SetUp();
    if (!IsSkipped() && !std::exchange(is_filled_, true)) {
      fill();
    }
  }

  static Filter filter(std::string_view text) {
    auto parsed = parse_filter(text, FilterSubject::kDevices);
    EXPECT_TRUE(parsed) << parsed.error().to_string();
    return *std::move(parsed);
  }
  static std::vector<DeviceRow> rows(std::string_view text,
                                     const std::vector<DeviceSort>& sort = {}) {
    DeviceListRequest request;
    request.selection.filter = filter(text);
    request.sort = sort;
    const auto page = device_page(views(), {}, request);
    EXPECT_TRUE(page) << page.error().to_string();
    return page ? page->rows : std::vector<DeviceRow>{};
  }
  static std::vector<std::string> names(std::string_view text) {
    std::vector<std::string> found;
    for (const DeviceRow& row : rows(text, {{"DeviceName", false}})) {
      found.push_back(row.name);
    }
    return found;
  }

  static state::DeviceEdit edit(const std::string& device, std::vector<std::string> tags,
                                std::string value, std::string criticality, Ticks set) {
    state::DeviceEdit made;
    made.device_id = device;
    made.tags = std::move(tags);
    made.asset_value = std::move(value);
    made.criticality = std::move(criticality);
    made.author = "nadia";
    made.set = set;
    return made;
  }
  static void decide(const state::DeviceEdit& before, const state::DeviceEdit& after) {
    event::Rows made;
    add_device_edit_rows(made, before, after);
    store(made);
  }

 private:
  static void logon(event::Rows& into, std::int64_t id, Ticks time, std::string name,
                    std::string sid, std::string type, bool is_good = true) {
    add(into, {.id = id,
               .time = time,
               .device = kCards,
               .table = "DeviceLogonEvents",
               .action = is_good ? "LogonSuccess" : "LogonFailed",
               .group = "logon",
               .title = name,
               .columns = {{"LogonType", std::move(type)},
                           {"AccountDomain", "CORP"},
                           {"AccountName", name},
                           {"AccountSid", std::move(sid)}}});
  }
  static void connection(event::Rows& into, std::int64_t id, Ticks time, const std::string& device,
                         std::string address, std::string action, std::string url = "") {
    add(into, {.id = id,
               .time = time,
               .device = device,
               .table = "DeviceNetworkEvents",
               .action = std::move(action),
               .group = "network",
               .title = address,
               .columns = {{"RemoteIP", address},
                           {"RemoteUrl", std::move(url)},
                           {"RemoteIPType", "Public"}},
               .numbers = {{"RemotePort", 443}}});
  }
  static void fill();
  static inline bool is_filled_ = false;
};

void DeviceCardsTest::fill() {
  event::Rows made;
  for (std::int64_t i = 0; i < 3; ++i) {
    logon(made, 60'000 + i, kMidnight + seconds(i), i == 0 ? "Mira" : "mira", "S-1-5-21-1",
          "Unlock");
  }
  logon(made, 60'003, kMidnight + seconds(3), "mira", "S-1-5-21-1", "Network");
  logon(made, 60'004, kMidnight + seconds(4), "adm", "S-1-5-21-2", "RemoteInteractive");
  logon(made, 60'005, kMidnight + seconds(5), "SYSTEM", "S-1-5-18", "Service");
  logon(made, 60'006, kMidnight + seconds(6), "WS01$", "S-1-5-21-3", "Network");
  logon(made, 60'007, kMidnight + seconds(7), "guess", "", "Network", false);
  connection(made, 61'000, kMidnight + seconds(20), kCards, "203.0.113.99", "ConnectionSuccess",
             "new.example");
  connection(made, 61'001, kMidnight + seconds(10), kCards, "203.0.113.57", "ConnectionSuccess");
  connection(made, 61'002, kMidnight + seconds(11), kCards, "198.51.100.1",
             "InboundConnectionAccepted");
  connection(made, 61'003, kMidnight - kTicksPerDay, kServer, "198.51.100.1", "ConnectionSuccess");
  namespace info = schema::device_info;
  event::Batch& device = made[schema::TableId::kDeviceInfo];
  device.begin_row();
  device.set_number(info::kTimestamp, kMidnight + seconds(100));
  device.set_text(info::kDeviceId, kCards);
  device.set_text(info::kDeviceName, "=cards,01");
  device.set_text(info::kOSPlatform, "Linux");
  device.set_text(info::kSensorHealthState, "Active");
  device.set_text(info::kOnboardingStatus, "Onboarded");
  device.set_text(info::kDeviceCategory, "IoT");
  device.set_text(info::kAssetValue, "Low");
  device.set_text(info::kRegistryDeviceTag, "lab");
  device.set_text(info::kExposureLevel, "High");
  device.set_number(info::kIsTransient, 1);
  device.set_number(info::kOSBuild, 19045);
  device.set_number(info::kEventId, 62'000);
  store(made);
}

TEST_F(DeviceCardsTest, LogonsAreCountedByAccountWhateverItsCase) {
  LogonRequest request;
  request.device = key_of(kCards);
  const auto page = device_logons(views(), request);
  ASSERT_TRUE(page) << page.error().to_string();
  ASSERT_THAT(page->accounts, SizeIs(5));
  const LogonAccount& mira = page->accounts[0];
  EXPECT_EQ(mira.name, "mira");
  EXPECT_EQ(mira.interactive, 3);
  EXPECT_EQ(mira.count, 4);
  EXPECT_THAT(mira.types, ElementsAre(Pair("Unlock", 3), Pair("Network", 1)));
  EXPECT_EQ(mira.first, kMidnight);
  EXPECT_EQ(mira.last, kMidnight + seconds(3));
  EXPECT_EQ(page->accounts[1].name, "adm");
  EXPECT_EQ(page->accounts[2].kind, "system");
  EXPECT_EQ(page->accounts[3].kind, "machine");
  EXPECT_EQ(page->accounts[4].name, "guess");
  EXPECT_EQ(page->accounts[4].count, 0);
  EXPECT_EQ(page->accounts[4].failed, 1);
  request.people_only = true;
  EXPECT_THAT(device_logons(views(), request)->accounts, SizeIs(2)) << "mira and adm";
}

TEST_F(DeviceCardsTest, PagesOfLogonsMeet) {
  LogonRequest request;
  request.device = key_of(kCards);
  request.rows = 1;
  std::vector<std::string> found;
  do {
    const auto page = device_logons(views(), request);
    ASSERT_TRUE(page) << page.error().to_string();
    ASSERT_THAT(page->accounts, SizeIs(1));
    found.push_back(page->accounts[0].name);
    request.cursor = page->next;
  } while (!request.cursor.empty() && found.size() < 9);
  EXPECT_THAT(found, ElementsAre("mira", "adm", "SYSTEM", "WS01$", "guess"));
  request.cursor = R"([1,2,"x"])";
  EXPECT_EQ(device_logons(views(), request).error().message, "the cursor is damaged");
}

TEST_F(DeviceCardsTest, CoverageIsCellsOfTwoHoursAndWhatIsMissing) {
  const auto coverage = device_coverage(views(), key_of(kWorkstation), 2, {});
  ASSERT_TRUE(coverage) << coverage.error().to_string();
  EXPECT_EQ(coverage->from, kMidnight - kTicksPerDay);
  EXPECT_EQ(coverage->to, kMidnight + kTicksPerDay);
  EXPECT_TRUE(coverage->is_logs_only);
  ASSERT_THAT(coverage->cells, SizeIs(24));
  EXPECT_EQ(coverage->cells[16], 108) << "nine o'clock of the second day";
  EXPECT_EQ(coverage->cells[15], 0);
  ASSERT_THAT(coverage->sources, SizeIs(3));
  EXPECT_EQ(coverage->sources[0].source, "Security");
  EXPECT_EQ(coverage->sources[0].records, coverage->sources[0].cells[16]);
  ASSERT_THAT(coverage->gaps, SizeIs(1));
  EXPECT_EQ(coverage->gaps[0].kind, "log_cleared");
  const auto before = device_coverage(views(), key_of(kWorkstation), 1, kMidnight - 1);
  EXPECT_EQ(before->to, kMidnight);
  EXPECT_EQ(before->gap_count, 0);
  EXPECT_FALSE(device_coverage(views(), key_of(kCards), 1, {})->is_logs_only);
  EXPECT_EQ(device_coverage(views(), key_of(kCards), 91, {}).error().message,
            "coverage is told of 1 to 90 days, not 91");
  EXPECT_TRUE(device_coverage(views(), key_of(kWorkstation), 90, kMaxTicks));
  EXPECT_TRUE(device_coverage(views(), key_of(kWorkstation), 90, kYearOne));
}

TEST_F(DeviceCardsTest, PresenceIsCountedByDayForSeveralDevices) {
  const std::vector<DeviceKey> keys = {{kServer, {kServer, kServerPart}}, key_of(kWorkstation)};
  const auto days = presence_by_day(views(), keys, kMidnight - kTicksPerDay, 2);
  ASSERT_TRUE(days) << days.error().to_string();
  ASSERT_THAT(*days, SizeIs(2));
  EXPECT_THAT((*days)[0].days, ElementsAre(1, 6)) << "with its part";
  EXPECT_THAT((*days)[1].days, ElementsAre(0, 108));
  EXPECT_EQ((*days)[1].from, kMidnight - kTicksPerDay);
  EXPECT_THAT(*presence_by_day(views(), {}, kMidnight, 2), IsEmpty());
}

TEST_F(DeviceCardsTest, PresenceOfADeviceOfThePastEndsWithItsLastDay) {
  DeviceKey past = key_of(kWorkstation);
  past.last_seen = kMidnight + kTicksPerDay - 1;
  const std::vector<DeviceKey> keys = {past, {kServer, {kServer, kServerPart}}};
  const auto days = presence_by_day(views(), keys, kMidnight + (400 * kTicksPerDay), 2);
  ASSERT_TRUE(days) << days.error().to_string();
  ASSERT_THAT(*days, SizeIs(2));
  EXPECT_EQ((*days)[0].from, kMidnight - kTicksPerDay);
  EXPECT_THAT((*days)[0].days, ElementsAre(0, 108));
  EXPECT_THAT((*days)[1].days, ElementsAre(0, 0)) << "it is not known when it was last seen";
}

TEST_F(DeviceCardsTest, PresenceOfAPageOfDevicesOfDifferentTimesIsOneQuestion) {
  std::vector<DeviceKey> keys;
  for (int day = 0; day < 100; ++day) {
    keys.push_back(key_of(kWorkstation));
    keys.back().last_seen = kMidnight - (day * kTicksPerDay);
  }
  const auto days = presence_by_day(views(), keys, kMidnight + (400 * kTicksPerDay), 30);
  ASSERT_TRUE(days) << days.error().to_string();
  EXPECT_THAT(*days, SizeIs(100));
}

TEST_F(DeviceCardsTest, PeersComeByWhenTheFleetFirstMetThem) {
  const auto found = device_peers(views(), key_of(kCards), kMidnight, kMidnight + kTicksPerDay, 2);
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_EQ(found->peer_count, 3);
  EXPECT_EQ(found->inbound_public, 1);
  ASSERT_THAT(found->peers, SizeIs(2));
  EXPECT_EQ(found->peers[0].address, "203.0.113.99");
  EXPECT_THAT(found->peers[0].names, ElementsAre("new.example"));
  EXPECT_THAT(found->peers[0].ports, ElementsAre(443));
  EXPECT_EQ(found->peers[0].fleet_devices, 1);
  EXPECT_EQ(found->peers[1].address, "203.0.113.57");
  EXPECT_EQ(found->peers[1].fleet_devices, 2) << "the workstation met it later";
  EXPECT_EQ(found->peers[1].fleet_first, kMidnight + seconds(10));
  const auto none = device_peers(views(), key_of(kCards), kYearOne, kYearOne + 1, 5);
  EXPECT_THAT(none->peers, IsEmpty());
}

TEST_F(DeviceCardsTest, HealthIsWhatReportsSayAndElseUnknown) {
  const std::string device(40, '9');
  event::Rows made;
  namespace gathered = schema::device_tvm_info_gathering;
  event::Batch& facts = made[schema::TableId::kDeviceTvmInfoGathering];
  facts.begin_row();
  facts.set_number(gathered::kTimestamp, kNine);
  facts.set_text(gathered::kDeviceId, device);
  facts.set_text(gathered::kAdditionalFields,
                 R"({"AvMode":"0","AvSignatureVersion":"1.421.12","AvIsSignatureUptoDate":"true",)"
                 R"("AvEngineVersion":"1.1.24","AvIsEngineUptodate":false})");
  add(made, {.id = 63'000,
             .time = kNine,
             .device = device,
             .table = "DeviceEvents",
             .action = "AntivirusScanCompleted",
             .group = "other",
             .columns = {{"AdditionalFields", R"({"ScanTypeIndex":"Quick"})"}}});
  store(made);
  const auto health = device_health(views(), key_of(device));
  ASSERT_TRUE(health) << health.error().to_string();
  ASSERT_THAT(health->checks, SizeIs(6));
  EXPECT_EQ(health->checks[0].value, "Active");
  EXPECT_EQ(health->checks[1].state, "good");
  EXPECT_EQ(health->checks[2].state, "bad");
  EXPECT_EQ(health->checks[2].value, "1.1.24");
  EXPECT_EQ(health->checks[2].time, kNine);
  EXPECT_EQ(health->checks[3].state, "unknown");
  EXPECT_EQ(health->checks[4].value, "Completed");
  EXPECT_EQ(health->checks[5].source, "") << "no full scan is known";
  EXPECT_EQ(health->headline, "engine_not_up_to_date");
  const auto silent = device_health(views(), key_of(kWorkstation));
  EXPECT_EQ(silent->headline, "not_known");
  EXPECT_EQ(silent->reason, "No antivirus on this device reports here.");
}

TEST_F(DeviceCardsTest, HealthIsReadFromTheLogOfTheAntivirus) {
  const std::string device(40, '8');
  event::Rows made;
  std::int64_t id = 64'000;
  const auto log = [&](Ticks time, std::string_view action, std::string_view fields) {
    add(made, {.id = ++id,
               .time = time,
               .device = device,
               .table = "DeviceEvents",
               .action = std::string(action),
               .group = "other",
               .columns = {{"AdditionalFields", std::string(fields)}}});
  };
  log(kNine, "AntivirusHealthReport",
      R"({"PlatformVersion":"4.18.1","LatestPlatformVersion":"4.18.2","EngineVersion":"1.1.1",)"
      R"("SecurityIntelligenceVersion":"1.400.1","SecurityIntelligenceAgeDays":9,)"
      R"("RealTimeProtection":"Enabled"})");
  log(kNine + seconds(10), "AntivirusDefinitionsUpdated",
      R"({"SecurityIntelligenceVersion":"1.400.7","EngineVersion":"1.1.2"})");
  log(kNine + seconds(20), "AntivirusProtectionDisabled", "{}");
  log(kNine + seconds(30), "AntivirusScanFailed", R"({"ScanTypeIndex":"Full"})");
  store(made);
  const auto health = device_health(views(), key_of(device));
  ASSERT_TRUE(health) << health.error().to_string();
  EXPECT_EQ(health->checks[0].value, "Disabled") << "the newest word counts";
  EXPECT_EQ(health->checks[0].time, kNine + seconds(20));
  EXPECT_EQ(health->checks[0].source, "DeviceEvents");
  EXPECT_EQ(health->checks[1].value, "1.400.7");
  EXPECT_EQ(health->checks[1].state, "good") << "they were renewed after the report";
  EXPECT_EQ(health->checks[2].value, "1.1.2");
  EXPECT_EQ(health->checks[3].value, "4.18.1");
  EXPECT_EQ(health->checks[3].state, "bad") << "a later one is known";
  EXPECT_EQ(health->checks[4].source, "");
  EXPECT_EQ(health->checks[5].value, "Failed");
  EXPECT_EQ(health->headline, "antivirus_not_active");
}

TEST_F(DeviceCardsTest, WhatPeopleDecideIsListedFilteredAndCounted) {
  const state::DeviceEdit none = edit(kCards, {}, "", "", 0);
  const state::DeviceEdit first = edit(kCards, {"Tier 0", "old"}, "High", "VeryHigh", 100);
  decide(none, first);
  decide(first, edit(kCards, {"Tier 0"}, "Normal", "VeryHigh", 200));
  const auto found = rows("OwnTags:\"tier 0\"");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].own_tags, ElementsAre("Tier 0"));
  EXPECT_THAT(found[0].tags, ElementsAre("lab", "Tier 0"));
  EXPECT_EQ(found[0].asset_value, "Normal") << "people's word stands above the source's";
  EXPECT_EQ(found[0].criticality, "VeryHigh");
  EXPECT_THAT(names("Tags:old"), IsEmpty());
  EXPECT_THAT(names("Criticality:High,VeryHigh"), ElementsAre("=cards,01"));
  EXPECT_THAT(names("AssetValue:Low"), IsEmpty());
  EXPECT_EQ(rows("", {{"Criticality", true}})[0].device_id, kCards) << "by rank, not by letters";
  EXPECT_THAT(rows("", {{"ExposureLevel", true}, {"AssetValue", false}}), SizeIs(4));
  const auto tags = device_tags(views());
  ASSERT_THAT(*tags, SizeIs(1));
  EXPECT_EQ((*tags)[0].tag, "Tier 0");
  EXPECT_EQ((*tags)[0].devices, 1);
  const kql::AccessScope scope{.all = false, .device_ids_or_groups = {kServer}};
  EXPECT_THAT(*device_tags(views(scope)), IsEmpty());
  decide(edit(kCards, {"Tier 0"}, "Normal", "VeryHigh", 200), edit(kCards, {}, "", "", 300));
  EXPECT_EQ(rows("cards")[0].asset_value, "Low") << "as the source says";
}

TEST_F(DeviceCardsTest, CountersSayWhatIsShownAndWhatIsLeftOut) {
  DeviceSelection selection;
  selection.now = kMidnight + kTicksPerDay;
  const auto all = device_counters(views(), {}, selection);
  ASSERT_TRUE(all) << all.error().to_string();
  EXPECT_EQ(all->total, 4);
  EXPECT_EQ(all->iot, 1);
  EXPECT_EQ(all->computers, 3);
  EXPECT_EQ(all->silent, 1);
  EXPECT_EQ(all->high_exposure, 1);
  EXPECT_EQ(all->not_onboarded, 0);
  EXPECT_EQ(all->left_out_transient, 0);
  selection.leave_out = true;
  const auto shown = device_counters(views(), {}, selection);
  EXPECT_EQ(shown->total, 3);
  EXPECT_EQ(shown->iot, 0);
  EXPECT_EQ(shown->left_out_transient, 1);
  DeviceListRequest request;
  request.selection = selection;
  EXPECT_THAT(device_page(views(), {}, request)->rows, SizeIs(3));
  EXPECT_THAT(*device_ids(views(), {}, selection, 1), SizeIs(2)) << "one more tells of too many";
  EXPECT_THAT(names("IsSilent:true"), ElementsAre("=cards,01"));
  EXPECT_THAT(names("Kind:iot IsOnboarded:true OSBuild>19000"), ElementsAre("=cards,01"));
}

TEST_F(DeviceCardsTest, TheListIsAFileWithoutFormulas) {
  DeviceExportRequest request;
  request.selection.filter = filter("cards");
  request.query_text = "cards";
  request.format = ExportFormat::kCsv;
  request.columns = {"name", "kind", "os_build", "is_transient", "is_excluded", "tags"};
  std::string file;
  const auto write = [&](std::string_view bytes) {
    file += bytes;
    return Result<void>{};
  };
  const auto summary = export_devices(views(), {}, request, write);
  ASSERT_TRUE(summary) << summary.error().to_string();
  EXPECT_EQ(summary->rows, 1);
  EXPECT_EQ(summary->bytes, file.size());
  EXPECT_TRUE(
      file.starts_with("name,kind,os_build,is_transient,is_excluded,tags\r\n"
                       "\"'=cards,01\",iot,19045,true,,lab\r\n"
                       "#export,devices,query=cards,zone=UTC,rows=1,sha256="))
      << file;
  file.clear();
  request.format = ExportFormat::kNdjson;
  request.columns = {};
  ASSERT_TRUE(export_devices(views(), {}, request, write));
  EXPECT_NE(file.find(R"("name":"=cards,01","kind":"iot")"), std::string::npos) << file;
  request.columns = {"nope"};
  EXPECT_EQ(export_devices(views(), {}, request, write).error().message,
            "an export has no column 'nope'");
}

}  // namespace
}  // namespace spoor::investigate
