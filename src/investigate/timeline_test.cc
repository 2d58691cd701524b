// Pages, counts, overview, facets, events and exports of a timeline, on a real engine.

#include <gmock/gmock.h>

#include <map>

#include "base/sha256.h"
#include "base/text.h"
#include "investigate/device_list.h"
#include "investigate/event_detail.h"
#include "investigate/investigate_fixture.h"
#include "investigate/mark_rows.h"
#include "investigate/timeline_export.h"
#include "investigate/timeline_overview.h"
#include "kql/exec/kept_answers.h"

namespace spoor::investigate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TimelineTest : public StoryTest {
 protected:
  static std::vector<std::int64_t> ids(const std::vector<TimelineRow>& rows) {
    std::vector<std::int64_t> made;
    for (const TimelineRow& row : rows) {
      if (!row.is_technique) {
        made.push_back(row.event_id);
      }
    }
    return made;
  }
  static TimelinePage page(const TimelinePageRequest& request) {
    auto read = timeline_page(views(), request);
    EXPECT_TRUE(read) << read.error().to_string();
    return read ? *std::move(read) : TimelinePage{};
  }
  /// Ids of all rows that a filter shows, oldest first.
  static std::vector<std::int64_t> shown(const std::string& filter) {
    TimelinePageRequest request;
    request.selection = selection_of(filter);
    request.towards_older = false;
    request.rows = 500;
    return ids(page(request).rows);
  }
};

TEST_F(TimelineTest, PagesMeetInBothDirections) {
  for (const bool older : {true, false}) {
    std::vector<std::int64_t> all;
    TimelinePageRequest request;
    request.selection = selection_of();
    request.towards_older = older;
    request.newest_first = older;
    request.rows = 7;
    TimelinePage read;
    do {
      read = page(request);
      ASSERT_FALSE(read.rows.empty());
      const auto part = ids(read.rows);
      all.insert(all.end(), part.begin(), part.end());
      request.cursor = older ? read.older : read.newer;
    } while (read.more);
    EXPECT_EQ(all.size(), 108u);
    std::ranges::sort(all);
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end()) << "a row came twice";
  }
}

TEST_F(TimelineTest, WhereTheDeviceWasSeenIsAHintAndNoBound) {
  for (const bool older : {true, false}) {
    for (const Ticks seen :
         {Ticks{0}, kNine, kNine - 30 * kTicksPerDay, kNine + 30 * kTicksPerDay, kMaxTicks}) {
      TimelinePageRequest request;
      request.selection = selection_of();
      request.selection.device.first_seen = seen;
      request.selection.device.last_seen = seen;
      request.towards_older = older;
      request.rows = 5;
      const TimelinePage read = page(request);
      EXPECT_EQ(ids(read.rows), older ? std::vector<std::int64_t>({1097, 1098, 1099, 7, 8})
                                      : std::vector<std::int64_t>({1, 1000, 1001, 1002, 1003}))
          << seen;
    }
  }
}

TEST_F(TimelineTest, APageGoesOnBehindTheDaysThatAreReadFirst) {
  const std::string sparse(40, 'd');
  event::Rows rows;
  std::vector<std::int64_t> stored;
  for (std::int64_t day = 0; day < 10; ++day) {
    stored.push_back(3000 + day);
    add(rows, {.id = stored.back(), .time = kNine + day * kTicksPerDay, .device = sparse});
  }
  store(rows);
  for (const bool older : {true, false}) {
    TimelinePageRequest request;
    request.selection = selection_of("", sparse);
    request.selection.device.first_seen = kNine;
    request.selection.device.last_seen = kNine + 9 * kTicksPerDay;
    request.towards_older = older;
    request.rows = 4;
    std::vector<std::int64_t> all;
    TimelinePage read;
    do {
      read = page(request);
      const auto part = ids(read.rows);
      all.insert(older ? all.begin() : all.end(), part.begin(), part.end());
      request.cursor = older ? read.older : read.newer;
    } while (read.more);
    EXPECT_EQ(all, stored);
  }
}

TEST_F(TimelineTest, AKeptAnswerIsNeverOlderThanWhatIsStored) {
  kql::KeptAnswers answers(
      [](std::span<const std::string> tables) { return client().changes().state_of(tables); });
  int statements = 0;
  const kql::Runner counted = [&](const kql::EngineStatement& statement, const auto& sink) {
    ++statements;
    return kql::store_runner(client())(statement, sink);
  };
  const Views kept(answers.over(counted), {});
  const std::string device(40, 'e');
  const auto rows_of = [&](const Views& by) {
    const auto overview = timeline_overview(by, {selection_of("", device), 240});
    EXPECT_TRUE(overview) << overview.error().to_string();
    return overview->rows;
  };
  event::Rows rows;
  for (std::int64_t stored = 1; stored <= 3; ++stored) {
    rows.clear();
    add(rows, {.id = 4000 + stored, .time = kNine + seconds(stored), .device = device});
    store(rows);
    EXPECT_EQ(rows_of(kept), stored);
    const int before = statements;
    EXPECT_EQ(rows_of(kept), stored);
    EXPECT_EQ(statements, before) << "nothing changed since";
  }
  const Views other(answers.over(counted), {.all = false, .device_ids_or_groups = {kServer}});
  EXPECT_EQ(timeline_overview(other, {selection_of("", device), 240}).error().code,
            ErrorCode::kNotFound);
  const auto whole = device_page(kept, {}, {});
  const auto part = device_page(other, {}, {});
  ASSERT_TRUE(whole);
  ASSERT_TRUE(part);
  EXPECT_GT(whole->rows.size(), 1U);
  EXPECT_EQ(part->rows.size(), 1U) << "another caller's answer is another one";
}

TEST_F(TimelineTest, AnswersInTheOrderAskedForWhateverWayItReads) {
  TimelinePageRequest request;
  request.selection = selection_of("Group:process");
  request.rows = 2;
  EXPECT_THAT(ids(page(request).rows), ElementsAre(3, 6));
  request.newest_first = true;
  EXPECT_THAT(ids(page(request).rows), ElementsAre(6, 3));
  request.towards_older = false;
  EXPECT_THAT(ids(page(request).rows), ElementsAre(2, 1));
  request.newest_first = false;
  request.cursor = Views::Cursor{kNine + seconds(20), 3};
  EXPECT_THAT(ids(page(request).rows), ElementsAre(6));
  request.with_cursor_row = true;
  EXPECT_THAT(ids(page(request).rows), ElementsAre(3, 6));
}

TEST_F(TimelineTest, RowsTellWhatTheyAreMadeOf) {
  TimelinePageRequest request;
  request.selection = selection_of("Title:powershell.exe");
  const TimelinePage read = page(request);
  ASSERT_EQ(read.rows.size(), 2u);
  const TimelineRow& event = read.rows[0];
  EXPECT_EQ(event.time, kNine + seconds(20));
  EXPECT_EQ(event.table, "DeviceProcessEvents");
  EXPECT_EQ(event.actor, "WINWORD.EXE");
  EXPECT_EQ(event.process_key, 120);
  EXPECT_EQ(event.actor_key, 110);
  EXPECT_THAT(event.ancestry, ElementsAre(100));
  EXPECT_THAT(event.techniques, ElementsAre("T1059.001"));
  EXPECT_TRUE(read.rows[1].is_technique);
  EXPECT_EQ(read.rows[1].title, "PowerShell");
  EXPECT_EQ(read.rows[1].event_id, 3);
  request.technique_rows = false;
  EXPECT_EQ(page(request).rows.size(), 1u);
}

TEST_F(TimelineTest, SaysHowManyRowsTheFilterLeavesOut) {
  TimelinePageRequest request;
  request.selection = selection_of("-Actor:svchost.exe");
  request.technique_rows = false;
  const TimelinePage read = page(request);
  ASSERT_THAT(ids(read.rows), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  std::vector<std::int64_t> hidden;
  for (const TimelineRow& row : read.rows) {
    hidden.push_back(row.hidden_before.value_or(-1));
  }
  // One busy row a second; the one of the same instant has the higher id and comes behind.
  EXPECT_THAT(hidden, ElementsAre(0, 10, 10, 10, 0, 10, 60, 0));
  EXPECT_EQ(read.hidden_after, 0);

  request.rows = 2;
  const TimelinePage newest = page(request);
  ASSERT_THAT(ids(newest.rows), ElementsAre(7, 8));
  EXPECT_EQ(newest.rows[0].hidden_before, std::nullopt) << "the row before was not read yet";
  request.cursor = newest.older;
  const TimelinePage before = page(request);
  ASSERT_THAT(ids(before.rows), ElementsAre(5, 6));
  EXPECT_EQ(before.hidden_after, 60);
  request.newest_first = true;
  const TimelinePage reversed = page(request);
  ASSERT_THAT(ids(reversed.rows), ElementsAre(6, 5));
  EXPECT_EQ(reversed.rows[0].hidden_before, 60);
  EXPECT_EQ(reversed.rows[1].hidden_before, 10);

  const auto count = count_timeline(views(), request.selection);
  EXPECT_EQ(count->rows, 8);
  EXPECT_EQ(count->left_out, 100);
  EXPECT_TRUE(count->is_exact);
}

TEST_F(TimelineTest, FindsWordsAndFieldsWhereverTheyLie) {
  EXPECT_THAT(shown("powershell"), ElementsAre(3, 4, 5, 6)) << "narrow columns";
  EXPECT_THAT(shown("skyline"), ElementsAre(4, 5)) << "columns of hunting tables";
  EXPECT_THAT(shown("POWERSHELL -whoami skyline"), ElementsAre(4, 5));
  EXPECT_THAT(shown("record8"), ElementsAre(8)) << "the original record, where nothing else is";
  EXPECT_THAT(shown("\"-enc SQBFAFgA\""), ElementsAre(3));
  EXPECT_THAT(shown("443 RemotePort>400"), ElementsAre(4));
  EXPECT_THAT(shown("whoa*"), ElementsAre(6));
  EXPECT_THAT(shown("SHA256:" + std::string(64, '7')), ElementsAre(3));
  EXPECT_THAT(shown(std::string(64, '7')), ElementsAre(3));
  EXPECT_THAT(shown("RemoteIP:203.0.113.0/24"), ElementsAre(4));
  EXPECT_THAT(shown("RemoteIP:10.0.0.0/8"), IsEmpty());
  EXPECT_EQ(shown("-RemoteIP:203.0.113.0/24").size(), 107u);
  EXPECT_EQ(shown("RegistryKey:HKLM\\SOFTWARE\\Busy Title:Counter7,counter8").size(), 2u);
  EXPECT_THAT(shown("FolderPath:*\\programdata\\*"), ElementsAre(5));
  EXPECT_THAT(shown("Title:*.dll"), ElementsAre(5));
  EXPECT_THAT(shown("has:technique"), ElementsAre(3));
  EXPECT_THAT(shown("Techniques:T1059"), ElementsAre(3)) << "a technique holds its sub-techniques";
  EXPECT_THAT(shown("Timestamp>2026-03-02T09:03:00Z"), ElementsAre(7, 8));
  EXPECT_EQ(shown("Timestamp:2026-03-02").size(), 108u);
}

TEST_F(TimelineTest, ATrailIsAProcessWithItsAncestorsAndDescendants) {
  EXPECT_THAT(shown("trail:120"), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(count_trail(views(), key_of(kWorkstation), 120, kYearOne, kMaxTicks)->rows, 6);
  EXPECT_EQ(count_trail(views(), key_of(kWorkstation), 200, kYearOne, kMaxTicks)->rows, 100);
  EXPECT_EQ(count_trail(views(), key_of(kWorkstation), 999, kYearOne, kMaxTicks)->rows, 0);
}

TEST_F(TimelineTest, FiltersByGroupsActionsAndRange) {
  TimelinePageRequest request;
  request.selection = selection_of();
  request.selection.groups = {"network", "file"};
  EXPECT_THAT(ids(page(request).rows), ElementsAre(4, 5));
  request.selection.groups = {};
  request.selection.without_groups = {"registry", "process"};
  EXPECT_THAT(ids(page(request).rows), ElementsAre(4, 5, 7, 8));
  request.selection.action_types = {"LogonSuccess"};
  EXPECT_THAT(ids(page(request).rows), ElementsAre(7));
  request.selection = selection_of();
  request.selection.segment = Segment::kAlertsAndTechniques;
  EXPECT_THAT(ids(page(request).rows), ElementsAre(3));
  request.selection = selection_of();
  request.selection.from = kNine + seconds(100);
  request.selection.to = kNine + seconds(199);
  const TimelinePage none = page(request);
  EXPECT_THAT(none.rows, IsEmpty());
  EXPECT_EQ(none.nearest_before, kNine + seconds(99));
  EXPECT_EQ(none.nearest_after, kNine + seconds(200));
  request.rows = 501;
  EXPECT_EQ(timeline_page(views(), request).error().message, "a page has 1 to 500 rows, not 501");
}

TEST_F(TimelineTest, FlagsAndNotesAreShownAndFilterable) {
  event::Rows rows;
  state::MarkChange change;
  change.mark = {{kWorkstation, 6, kNine + seconds(40)},
                 state::MarkKind::kFlag,
                 1,
                 "red",
                 "n.varga",
                 kNine + seconds(1000)};
  add_mark_rows(rows, change);
  change.mark.kind = state::MarkKind::kNote;
  change.mark.value = "came from the mail";
  add_mark_rows(rows, change);
  store(rows);
  EXPECT_THAT(shown("has:flag"), ElementsAre(6));
  EXPECT_THAT(shown("has:note has:flag"), ElementsAre(6));
  TimelinePageRequest request;
  request.selection = selection_of();
  request.selection.segment = Segment::kFlagged;
  TimelinePage read = page(request);
  ASSERT_THAT(ids(read.rows), ElementsAre(6));
  EXPECT_EQ(read.rows[0].flag, "red");
  EXPECT_TRUE(read.rows[0].has_note);
  request.selection.flags = {"blue"};
  EXPECT_THAT(page(request).rows, IsEmpty());
  request.selection.flags = {};
  request.selection.flagged_by = "somebody";
  EXPECT_THAT(page(request).rows, IsEmpty());

  const auto overview = timeline_overview(views(), {selection_of(), 240});
  ASSERT_TRUE(overview) << overview.error().to_string();
  ASSERT_EQ(overview->marks.size(), 1u);
  EXPECT_EQ(overview->marks[0].value, "red");
  EXPECT_EQ(overview->marks[0].time, kNine + seconds(40));

  // Another colour takes the place of the first, and none takes both away.
  rows.clear();
  change.mark.kind = state::MarkKind::kFlag;
  change.mark.value = "green";
  change.mark.set += 10;
  change.replaced = "red";
  add_mark_rows(rows, change);
  store(rows);
  request.selection.flagged_by = "";
  ASSERT_EQ(page(request).rows.size(), 1u);
  EXPECT_EQ(page(request).rows[0].flag, "green");
  rows.clear();
  change.mark.value = "";
  change.mark.set += 10;
  change.replaced = "green";
  add_mark_rows(rows, change);
  store(rows);
  EXPECT_THAT(page(request).rows, IsEmpty());
}

TEST_F(TimelineTest, AlertsStandOnTheirEventsAndOnTheAxis) {
  event::Rows rows;
  namespace evidence = schema::alert_evidence;
  event::Batch& seen = rows[schema::TableId::kAlertEvidence];
  for (int i = 0; i < 2; ++i) {
    seen.begin_row();
    seen.set_number(evidence::kTimestamp, kNine + seconds(30));
    seen.set_text(evidence::kAlertId, "al-1");
    seen.set_text(evidence::kDeviceId, kServer);
    seen.set_number(*seen.table().find("EventId"), 2001);
  }
  namespace info = schema::alert_info;
  event::Batch& alerts = rows[schema::TableId::kAlertInfo];
  alerts.begin_row();
  alerts.set_number(info::kTimestamp, kNine + seconds(30));
  alerts.set_text(info::kAlertId, "al-1");
  alerts.set_text(info::kTitle, "Odd service");
  alerts.set_text(info::kSeverity, "High");
  store(rows);
  TimelinePageRequest request;
  request.selection = selection_of("has:alert", kServer);
  const TimelinePage read = page(request);
  ASSERT_THAT(ids(read.rows), ElementsAre(2001));
  ASSERT_EQ(read.rows[0].alerts.size(), 1u);
  EXPECT_EQ(read.rows[0].alerts[0].severity, "High");
  EXPECT_EQ(read.rows[0].alerts[0].title, "Odd service");
  OverviewRequest overview{selection_of("", kServer), 240};
  overview.selection.to = kNine + seconds(60);
  const auto marks = timeline_overview(views(), overview);
  ASSERT_TRUE(marks) << marks.error().to_string();
  ASSERT_EQ(marks->marks.size(), 1u);
  EXPECT_EQ(marks->marks[0].kind, "alert");
  EXPECT_EQ(marks->marks[0].alert_id, "al-1");
  const auto detail = event_detail(views(), key_of(kServer), 2001);
  EXPECT_EQ(detail->evidence.size(), 2u);
}

TEST_F(TimelineTest, TheOverviewCountsByKindOnRoundSteps) {
  const auto overview = timeline_overview(views(), {selection_of(), 240});
  ASSERT_TRUE(overview) << overview.error().to_string();
  EXPECT_EQ(overview->from, kNine);
  EXPECT_EQ(overview->to, kNine + seconds(210));
  EXPECT_EQ(overview->step_name, "1 s");
  EXPECT_EQ(overview->rows, 108);
  EXPECT_EQ(overview->peak, 3);
  std::map<std::string, std::int64_t> by_kind;
  for (const HistogramBar& bar : overview->bars) {
    for (std::size_t i = 0; i < overview->kinds.size(); ++i) {
      by_kind[overview->kinds[i]] += bar.counts[i];
    }
  }
  EXPECT_EQ(by_kind["registry"], 100);
  EXPECT_EQ(by_kind["process"], 4);
  EXPECT_EQ(by_kind["logon"], 1);
  EXPECT_EQ(by_kind["other"], 1);
  std::int64_t records = 0;
  bool is_cleared = false;
  for (const CoverageSegment& segment : overview->coverage) {
    records += segment.kind == "logs" ? segment.records.value_or(0) : 0;
    is_cleared = is_cleared || (segment.kind == "cleared" && segment.source == "Security");
  }
  EXPECT_EQ(records, 108);
  EXPECT_TRUE(is_cleared);

  const auto coarse = timeline_overview(views(), {selection_of("Group:process"), 10});
  ASSERT_TRUE(coarse);
  EXPECT_EQ(coarse->step_name, "30 s");
  EXPECT_EQ(coarse->rows, 4);
  ASSERT_EQ(coarse->bars.size(), 2u);
  EXPECT_EQ(coarse->bars[0].start, kNine);
  EXPECT_EQ(coarse->bars[1].start, kNine + seconds(30));
}

TEST_F(TimelineTest, AFacetIsCountedWithoutItsOwnTerms) {
  const auto value = [](const std::vector<Facet>& facets, std::string_view field,
                        std::string_view wanted) {
    for (const Facet& facet : facets) {
      for (const FacetValue& each : facet.values) {
        if (facet.field == field && each.value == wanted) {
          return each.count;
        }
      }
    }
    return std::int64_t{0};
  };
  const auto all = timeline_facets(views(), selection_of());
  ASSERT_TRUE(all) << all.error().to_string();
  EXPECT_EQ(value(*all, "Group", "registry"), 100);
  EXPECT_EQ(value(*all, "Actor", "powershell.exe"), 3);
  EXPECT_EQ(value(*all, "Techniques", "T1059.001"), 1);
  EXPECT_EQ(value(*all, "RemoteIP", "203.0.113.57"), 1);
  EXPECT_EQ((*all)[0].values[0].value, "registry") << "the most frequent comes first";

  auto selection = selection_of("Actor:powershell.exe");
  selection.groups = {"network"};
  const auto some = timeline_facets(views(), selection);
  ASSERT_TRUE(some) << some.error().to_string();
  EXPECT_EQ(value(*some, "Group", "file"), 1) << "of powershell, in any group";
  EXPECT_EQ(value(*some, "Group", "registry"), 0);
  EXPECT_EQ(value(*some, "Actor", "powershell.exe"), 1) << "of the network, by any process";
  EXPECT_EQ(value(*some, "Actor", "svchost.exe"), 0);
  EXPECT_EQ(value(*some, "ActionType", "ConnectionSuccess"), 1);
  EXPECT_EQ(value(*some, "ActionType", "FileCreated"), 0);
  EXPECT_EQ(value(*some, "RemoteIP", "203.0.113.57"), 1);
  const auto wide = timeline_facets(views(), selection_of("RemotePort:443"));
  EXPECT_EQ(value(*wide, "Actor", "powershell.exe"), 1);
}

TEST_F(TimelineTest, AnEventComesWithAllThatIsStoredOfIt) {
  for (const std::optional<Ticks> time :
       {std::optional<Ticks>{}, std::optional(kNine + seconds(20)), std::optional(kNine)}) {
    const auto detail = event_detail(views(), key_of(kWorkstation), 3, time);
    ASSERT_TRUE(detail) << detail.error().to_string();
    EXPECT_EQ(detail->row.title, "powershell.exe");
    ASSERT_EQ(detail->tables.size(), 1u);
    EXPECT_EQ(detail->tables[0].table, "DeviceProcessEvents");
    const auto& fields = detail->tables[0].fields;
    EXPECT_EQ(fields.size(), schema::find_table("DeviceProcessEvents")->columns.size());
    EXPECT_EQ(fields[0].column.name, "Timestamp");
    ASSERT_EQ(detail->techniques.size(), 1u);
    ASSERT_TRUE(detail->original);
    bool has_data = false;
    for (const EventField& field : detail->original->fields) {
      const auto* text = std::get_if<std::string>(&field.value);
      has_data = has_data || (text != nullptr && text->find("record3") != std::string::npos);
    }
    EXPECT_TRUE(has_data);
  }
  EXPECT_EQ(event_detail(views(), key_of(kWorkstation), 8)->tables.size(), 0u);
  EXPECT_EQ(event_detail(views(), key_of(kWorkstation), 2000).error().message,
            "the device has no event 2000");
}

TEST_F(TimelineTest, ExportsAllRowsInConstantPages) {
  ExportRequest request;
  request.selection = selection_of("-Actor:svchost.exe");
  request.query_text = "-Actor:svchost.exe";
  request.rows_a_page = 3;
  std::string out;
  const auto write = [&](std::string_view bytes) -> Result<void> {
    out += bytes;
    return {};
  };
  const auto ndjson = export_timeline(views(), request, write, {});
  ASSERT_TRUE(ndjson) << ndjson.error().to_string();
  EXPECT_EQ(ndjson->rows, 8);
  EXPECT_EQ(ndjson->bytes, out.size());
  const std::size_t trailer = out.rfind("\n{\"export\":") + 1;
  EXPECT_THAT(out.substr(trailer), HasSubstr(R"("rows":8,"sha256":")" + ndjson->sha256));
  Sha256 hash;
  hash.add(std::string_view(out).substr(0, trailer));
  EXPECT_EQ(hash.finish(), ndjson->sha256);

  out.clear();
  request.format = ExportFormat::kCsv;
  request.columns = {"EventId", "Detail", "Techniques"};
  request.newest_first = true;
  ASSERT_TRUE(export_timeline(views(), request, write, {}));
  EXPECT_THAT(out, testing::StartsWith("EventId,Detail,Techniques\r\n8,,\r\n7,Interactive,\r\n"));
  EXPECT_THAT(out, HasSubstr("5,'=cmd|' /C calc'!A0,\r\n"));
  EXPECT_THAT(out, HasSubstr("3,powershell.exe -NoP -enc SQBFAFgA,T1059.001\r\n"));
  EXPECT_THAT(out, HasSubstr("\r\n#export,device=" + kWorkstation + ",query=-Actor:svchost.exe,"));

  request.columns = {"Nope"};
  EXPECT_EQ(export_timeline(views(), request, write, {}).error().message,
            "an export has no column 'Nope'");
  request.columns = {};
  std::stop_source stop;
  std::int64_t reported = 0;
  const auto stopped =
      export_timeline(views(), request, write, stop.get_token(), [&](const ExportProgress& at) {
        reported = at.rows;
        stop.request_stop();
      });
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(reported, 3);
}

TEST_F(TimelineTest, AMergedDeviceIsReadUnderAllOfItsIds) {
  TimelinePageRequest request;
  request.selection = selection_of();
  request.selection.device = {kServer, {kServer, kServerPart}};
  request.rows = 4;
  const TimelinePage newest = page(request);
  EXPECT_THAT(ids(newest.rows), ElementsAre(2001, 2011, 2002, 2012));
  request.cursor = newest.older;
  EXPECT_THAT(ids(page(request).rows), ElementsAre(2000, 2010));
  EXPECT_EQ(count_timeline(views(), request.selection)->rows, 6);
  EXPECT_EQ(timeline_overview(views(), {request.selection, 240})->rows, 6);
  EXPECT_EQ(event_detail(views(), request.selection.device, 2012)->row.device_id, kServerPart);
}

}  // namespace
}  // namespace spoor::investigate
