// The list of devices, what is known of one, process trees, and what a caller may not see.

#include <gmock/gmock.h>

#include "base/temp_folder.h"
#include "investigate/device_export.h"
#include "investigate/device_list.h"
#include "investigate/event_detail.h"
#include "investigate/investigate_fixture.h"
#include "investigate/process_tree.h"
#include "investigate/timeline_export.h"
#include "investigate/timeline_overview.h"
#include "state/state.h"

namespace spoor::investigate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DeviceTest : public StoryTest {
 protected:
  static Filter filter(std::string_view text) {
    auto parsed = parse_filter(text, FilterSubject::kDevices);
    EXPECT_TRUE(parsed) << parsed.error().to_string();
    return *std::move(parsed);
  }
  static DeviceSelection at(Ticks now, std::string_view text = "") {
    return {filter(text), false, now};
  }
  static std::vector<std::string> names(const DeviceListRequest& request,
                                        const MergedDevices& merged = {}) {
    std::vector<std::string> found;
    const auto page = device_page(views(), merged, request);
    EXPECT_TRUE(page) << page.error().to_string();
    for (const DeviceRow& row : page->rows) {
      found.push_back(row.name);
    }
    return found;
  }
  static std::vector<std::string> matching(std::string_view text) {
    DeviceListRequest request;
    request.selection.filter = filter(text);
    return names(request);
  }
  static std::vector<std::int64_t> keys(const ProcessTree& tree) {
    std::vector<std::int64_t> made;
    for (const ProcessNode& node : tree.nodes) {
      made.push_back(node.key);
    }
    return made;
  }
};

TEST_F(DeviceTest, ListsFiltersAndSorts) {
  DeviceListRequest request;
  EXPECT_THAT(names(request),
              ElementsAre("ws01.corp.example", "app-srv-02", "app-srv-02.corp.example"));
  request.sort = {{"DeviceName", false}};
  EXPECT_THAT(names(request),
              ElementsAre("app-srv-02", "app-srv-02.corp.example", "ws01.corp.example"));
  EXPECT_THAT(matching("ws0"), ElementsAre("ws01.corp.example"));
  EXPECT_THAT(matching("OSPlatform:windowsserver*"), ElementsAre("app-srv-02.corp.example"));
  EXPECT_THAT(matching("Address:10.24.0.0/16"), ElementsAre("ws01.corp.example"));
  EXPECT_THAT(matching("-Domain:corp.example"), ElementsAre("app-srv-02"));
  EXPECT_THAT(matching("LastSeen>2026-03-03"), IsEmpty());
  request.sort = {{"Nope", false}};
  EXPECT_EQ(device_page(views(), {}, request).error().message,
            "devices cannot be sorted by 'Nope'");
}

TEST_F(DeviceTest, PagesOfDevicesMeet) {
  for (const std::vector<DeviceSort>& sort : {std::vector<DeviceSort>{},
                                              {{"Domain", true}, {"FirstSeen", false}},
                                              {{"OSBuild", true}, {"DeviceName", true}}}) {
    DeviceListRequest request;
    request.sort = sort;
    const auto whole = names(request);
    request.rows = 1;
    std::vector<std::string> parts;
    do {
      const auto page = device_page(views(), {}, request);
      ASSERT_TRUE(page) << page.error().to_string();
      ASSERT_EQ(page->rows.size(), 1u);
      parts.push_back(page->rows[0].name);
      request.cursor = page->next;
    } while (!request.cursor.empty());
    EXPECT_EQ(parts, whole);
  }
  DeviceListRequest request;
  request.cursor = R"(["DeviceName","x","y"])";
  EXPECT_EQ(device_page(views(), {}, request).error().message, "the cursor is none of this order");
}

TEST_F(DeviceTest, MergedDevicesAreOne) {
  const MergedDevices merged = {{kServerPart, kServer}};
  EXPECT_EQ(names({}, merged).size(), 2u);
  DeviceListRequest request;
  request.selection.filter = filter("srv");
  const auto page = device_page(views(), merged, request);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].device_id, kServer);
  EXPECT_EQ(page->rows[0].merged, 1);
  EXPECT_EQ(page->rows[0].last_seen, kNine + seconds(5));
  EXPECT_EQ(page->rows[0].os_platform, "WindowsServer2022") << "the part does not know its system";
  EXPECT_EQ(device_counters(views(), merged, {})->total, 2);
}

TEST_F(DeviceTest, CountersCountWhatIsFiltered) {
  const auto counters = device_counters(views(), {}, at(kNine + kTicksPerDay));
  ASSERT_TRUE(counters) << counters.error().to_string();
  EXPECT_EQ(counters->total, 3);
  EXPECT_EQ(counters->logs_only, 3);
  EXPECT_EQ(counters->silent, 0) << "no device has a sensor";
  EXPECT_EQ(counters->new_in_week, 3);
  EXPECT_EQ(device_counters(views(), {}, at(kNine + 30 * kTicksPerDay, "ws"))->new_in_week, 0);
}

TEST_F(DeviceTest, TellsWhatIsKnownOfADevice) {
  const auto overview = device_overview(views(), key_of(kWorkstation), nullptr);
  ASSERT_TRUE(overview) << overview.error().to_string();
  EXPECT_EQ(overview->device.name, "ws01.corp.example");
  EXPECT_EQ(overview->device.domain, "corp.example");
  EXPECT_EQ(overview->device.address, "10.24.7.31");
  EXPECT_EQ(overview->device.health, "LogsOnly");
  EXPECT_EQ(overview->device.first_seen, kNine);
  ASSERT_EQ(overview->addresses.size(), 1u);
  ASSERT_EQ(overview->evidence.size(), 3u);
  EXPECT_EQ(overview->evidence[0].source, "Setup");
  EXPECT_EQ(overview->evidence[0].last, kNine + seconds(210));
  EXPECT_EQ(overview->tables[0].table, "DeviceRegistryEvents");
  EXPECT_EQ(overview->tables[0].rows, 100);
  EXPECT_THAT(overview->gateways, IsEmpty());
  ASSERT_EQ(overview->users.size(), 1u);
  EXPECT_EQ(overview->users[0].name, "mira.oduya");
  EXPECT_EQ(overview->users[0].interactive, 1);
  ASSERT_EQ(overview->gaps.size(), 1u);
  EXPECT_EQ(overview->gaps[0].kind, "log_cleared");
  EXPECT_EQ(overview->newest_event, kNine + seconds(210));
  ASSERT_EQ(overview->techniques.size(), 1u);
  EXPECT_EQ(overview->technique_count, 1);
  EXPECT_EQ(overview->health.headline, "not_known") << "nothing reports: never said to be good";
  EXPECT_EQ(device_overview(views(), key_of(std::string(40, 'f')), nullptr).error().message,
            "there is no such device");
}

TEST_F(DeviceTest, ATreeShowsAncestorsAndDescendants) {
  ProcessTreeRequest request;
  request.device = key_of(kWorkstation);
  request.process_key = 120;
  const auto tree = process_tree(views(), request);
  ASSERT_TRUE(tree) << tree.error().to_string();
  EXPECT_THAT(keys(*tree), ElementsAre(100, 110, 120, 130));
  EXPECT_EQ(tree->nodes[3].depth, 3);
  EXPECT_FALSE(tree->known_descendants) << "the tree is complete";
  request.process_key = 100;
  request.depth = 1;
  const auto shallow = process_tree(views(), request);
  EXPECT_THAT(keys(*shallow), ElementsAre(100, 110));
  EXPECT_TRUE(shallow->nodes[1].has_more);
  EXPECT_EQ(shallow->known_descendants, 3);
  request.process_key = 12345;
  EXPECT_EQ(process_tree(views(), request).error().message, "no process has the key 12345");
}

TEST_F(DeviceTest, ALargeTreeFoldsItsLargestGroups) {
  const std::string device(40, 'd');
  event::Rows rows;
  std::int64_t id = 50'000;
  const auto start = [&](std::int64_t key, std::int64_t parent, std::string name,
                         std::vector<std::int64_t> ancestors) {
    add(rows, {.id = ++id,
               .time = kNine + seconds(id),
               .device = device,
               .title = name,
               .process_key = key,
               .actor_key = parent,
               .ancestors = std::move(ancestors),
               .columns = {{"FileName", name}}});
  };
  start(1, 0, "root.exe", {});
  start(2, 1, "shell.exe", {});
  for (std::int64_t i = 0; i < 40; ++i) {
    start(100 + i, 2, "chrome.exe", {1});
  }
  for (std::int64_t i = 0; i < 5; ++i) {
    start(200 + i, 2, "cmd.exe", {1});
    start(300 + i, 1, "svchost.exe", {});
  }
  store(rows);
  ProcessTreeRequest request;
  request.device = key_of(device);
  request.process_key = 2;
  request.most = 10;
  request.siblings = true;
  const auto tree = process_tree(views(), request);
  ASSERT_TRUE(tree) << tree.error().to_string();
  EXPECT_THAT(keys(*tree), ElementsAre(1, 2, 200, 201, 202, 203, 204));
  EXPECT_TRUE(tree->truncated);
  EXPECT_EQ(tree->known_descendants, 45);
  ASSERT_EQ(tree->folds.size(), 2u);
  EXPECT_EQ(tree->folds[0].file_name, "svchost.exe");
  EXPECT_EQ(tree->folds[0].count, 5);
  EXPECT_TRUE(tree->folds[0].is_sibling);
  EXPECT_EQ(tree->folds[1].file_name, "chrome.exe");
  EXPECT_EQ(tree->folds[1].count, 40);
  EXPECT_TRUE(tree->nodes[1].has_more);
}

TEST_F(DeviceTest, ATreeTellsWhatProcessesDidAndWhenTheyEnded) {
  const std::string device(40, 'e');
  event::Rows rows;
  std::int64_t id = 60'000;
  const auto tell = [&](Event event) {
    event.id = ++id;
    event.time = kNine + seconds(id);
    event.device = device;
    add(rows, event);
  };
  tell({.process_key = 1, .columns = {{"FileName", "explorer.exe"}}});
  tell({.techniques = {"T1059.001"},
        .process_key = 2,
        .actor_key = 1,
        .columns = {{"FileName", "powershell.exe"},
                    {"ProcessIntegrityLevel", "High"},
                    {"ProcessTokenElevation", "TokenElevationTypeFull"}}});
  tell({.table = "DeviceNetworkEvents",
        .action = "DnsQueryResponse",
        .group = "dns",
        .actor_key = 2});
  tell({.table = "DeviceNetworkEvents",
        .action = "ConnectionSuccess",
        .group = "network",
        .actor_key = 2});
  tell({.table = "DeviceEvents",
        .action = "OpenProcessApiCall",
        .techniques = {"T1003.001"},
        .process_key = 1,
        .actor_key = 2});
  const Ticks last = kNine + seconds(id);
  for (int record = 0; record < 2; ++record) {
    tell(
        {.table = "DeviceEvents", .action = "ProcessTerminated", .process_key = 2, .actor_key = 2});
  }
  store(rows);
  ProcessTreeRequest request;
  request.device = key_of(device);
  const auto bare = process_tree(views(), request);
  ASSERT_TRUE(bare) << bare.error().to_string();
  EXPECT_FALSE(bare->nodes[0].acts) << "not asked for";
  request.acts = true;
  const auto tree = process_tree(views(), request);
  ASSERT_TRUE(tree) << tree.error().to_string();
  ASSERT_THAT(keys(*tree), ElementsAre(1, 2));
  const ProcessActs& parent = tree->nodes[0].acts.value();
  EXPECT_EQ(parent.process, 1) << "it started the other";
  EXPECT_EQ(parent.ended, 0);
  EXPECT_THAT(parent.techniques, IsEmpty()) << "those of a start are of what was started";
  EXPECT_EQ(tree->nodes[0].integrity, "");
  const ProcessActs& child = tree->nodes[1].acts.value();
  EXPECT_EQ(child.network, 2);
  EXPECT_EQ(child.process, 1);
  EXPECT_EQ(child.file + child.registry + child.other, 0);
  EXPECT_EQ(child.last, last) << "its end is no act";
  EXPECT_EQ(child.ended, last + seconds(1)) << "the first of two records";
  EXPECT_THAT(child.techniques, ElementsAre("T1003.001", "T1059.001"));
  EXPECT_EQ(tree->nodes[1].integrity, "High");
  EXPECT_EQ(tree->nodes[1].elevation, "TokenElevationTypeFull");
}

/// A device out of reach looks to every service like one that is not there.
TEST_F(DeviceTest, WhatIsOutOfScopeIsNotFoundByAnyService) {
  const kql::AccessScope scope{.all = false, .device_ids_or_groups = {kServer}};
  const Views limited = views(scope);
  const DeviceKey device = key_of(kWorkstation);
  const auto is_refused = [](const auto& result) {
    return !result && result.error().code == ErrorCode::kNotFound &&
           result.error().message == "there is no such device";
  };
  TimelinePageRequest page;
  page.selection = selection_of();
  ExportRequest exported;
  exported.selection = selection_of();
  ProcessTreeRequest tree;
  tree.device = device;
  EXPECT_TRUE(is_refused(device_key(scope, kWorkstation)));
  EXPECT_TRUE(is_refused(timeline_page(limited, page)));
  EXPECT_TRUE(is_refused(count_timeline(limited, selection_of())));
  EXPECT_TRUE(is_refused(count_trail(limited, device, 120, kYearOne, kMaxTicks)));
  EXPECT_TRUE(is_refused(timeline_overview(limited, {selection_of(), 240})));
  EXPECT_TRUE(is_refused(timeline_facets(limited, selection_of())));
  EXPECT_TRUE(is_refused(event_detail(limited, device, 3)));
  EXPECT_TRUE(is_refused(process_tree(limited, tree)));
  EXPECT_TRUE(is_refused(device_overview(limited, device, nullptr)));
  EXPECT_TRUE(is_refused(device_presence(limited, device)));
  EXPECT_TRUE(is_refused(newest_event(limited, device)));
  EXPECT_TRUE(is_refused(device_logons(limited, {.device = device})));
  EXPECT_TRUE(is_refused(device_coverage(limited, device, 30, {})));
  EXPECT_TRUE(is_refused(device_peers(limited, device, kYearOne, kMaxTicks, 5)));
  EXPECT_TRUE(is_refused(device_health(limited, device)));
  EXPECT_TRUE(is_refused(presence_by_day(limited, std::span(&device, 1), kNine, 30)));
  EXPECT_TRUE(is_refused(
      export_timeline(limited, exported, [](std::string_view) { return Result<void>{}; }, {})));
  EXPECT_EQ(device_counters(limited, {}, {})->total, 1);
  const auto list = device_page(limited, {}, {});
  ASSERT_EQ(list->rows.size(), 1u);
  EXPECT_EQ(list->rows[0].device_id, kServer);
  EXPECT_THAT(*device_ids(limited, {}, {}, 10), ElementsAre(kServer));
  std::string file;
  ASSERT_TRUE(export_devices(limited, {}, {}, [&](std::string_view bytes) {
    file += bytes;
    return Result<void>{};
  }));
  EXPECT_EQ(file.find(kWorkstation), std::string::npos);
  EXPECT_NE(file.find(kServer), std::string::npos);

  const TempFolder folder;
  const auto state = *state::State::open(folder / "state.sqlite");
  state::Devices& devices = state->devices();
  for (const std::string& id : {kWorkstation, kServer, kServerPart}) {
    ASSERT_TRUE(devices.see(id, "x", kNine, kNine));
  }
  ASSERT_TRUE(devices.merge(kServerPart, kServer));
  EXPECT_TRUE(is_refused(find_device(devices, scope, kWorkstation)));
  EXPECT_TRUE(is_refused(find_device(devices, scope, std::string(40, 'f'))));
  EXPECT_THAT(find_device(devices, scope, kServerPart)->ids, ElementsAre(kServer));
  EXPECT_THAT(find_device(devices, {}, kServerPart)->ids, ElementsAre(kServer, kServerPart));
  EXPECT_EQ(*merged_devices(devices), (MergedDevices{{kServerPart, kServer}}));
}

}  // namespace
}  // namespace spoor::investigate
