#include "investigate/timeline_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "investigate/event_marks.h"
#include "investigate/filter_plan.h"

namespace spoor::investigate {
namespace {

constexpr std::string_view kMarksOf =
    "DeviceMarks | where {} and Kind == \"flag\" | summarize arg_max(SetTime, Value, Removed, "
    "SetBy) by EventId | where not(Removed)";

std::string flagged(const TimelineSelection& selection, const std::string& device,
                    Arguments& arguments) {
  std::string marks = fmt::format(fmt::runtime(kMarksOf), device);
  if (!selection.flags.empty()) {
    marks += " and Value in (" + arguments.texts(selection.flags) + ")";
  }
  if (!selection.flagged_by.empty()) {
    marks += " and SetBy =~ " + arguments.text(selection.flagged_by);
  }
  return "EventId in (" + marks + " | project EventId)";
}

}  // namespace

bool TimelineSelection::is_filtered() const {
  return !filter.terms.empty() || !groups.empty() || !without_groups.empty() ||
         !action_types.empty() || segment != Segment::kAll;
}

std::string SelectionPlan::filters() const {
  std::string text;
  for (const SelectionCondition& each : conditions) {
    text += " | where " + each.condition;
  }
  return text;
}

SelectionPlan plan_selection(const TimelineSelection& selection, Arguments& arguments, Ticks from,
                             Ticks to) {
  SelectionPlan plan;
  for (const std::string& id : selection.device.ids) {
    plan.legs.push_back("DeviceTimeline | where DeviceId == " + arguments.text(id));
  }
  plan.device = device_condition(selection.device.ids, arguments);
  plan.scan = "DeviceTimeline | where " + plan.device;
  if (!selection.groups.empty()) {
    plan.conditions.push_back({"Group", "Group in (" + arguments.texts(selection.groups) + ")"});
  }
  if (!selection.without_groups.empty()) {
    plan.conditions.push_back(
        {"Group", "Group !in (" + arguments.texts(selection.without_groups) + ")"});
  }
  if (!selection.action_types.empty()) {
    plan.conditions.push_back(
        {"ActionType", "ActionType in (" + arguments.texts(selection.action_types) + ")"});
  }
  if (selection.segment == Segment::kFlagged) {
    plan.conditions.push_back({"", flagged(selection, plan.device, arguments)});
  }
  Filter filter = selection.filter;
  if (selection.segment == Segment::kAlertsAndTechniques) {
    plan.conditions.push_back(
        {"", fmt::format("(array_length(Techniques) > 0 or EventId in (union "
                         "(DeviceTechniqueEvents | where {0} | project EventId), "
                         "(AlertEvidence | where {0} | project EventId)))",
                         plan.device)});
    plan.is_wide = true;
  }
  const std::vector<std::string> conditions =
      term_conditions(filter, arguments, selection.device.ids, from, to, plan.is_wide);
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    plan.conditions.push_back({filter.terms[i].field, conditions[i]});
  }
  return plan;
}

TimelineRow read_row(const kql::Row& cells) {
  TimelineRow row;
  row.time = number_of(cells[0]);
  row.event_id = number_of(cells[1]);
  row.device_id = text_of(cells[2]);
  row.table = text_of(cells[3]);
  row.action_type = text_of(cells[4]);
  row.group = text_of(cells[5]);
  row.actor = text_of(cells[6]);
  row.account = text_of(cells[7]);
  row.title = text_of(cells[8]);
  row.detail = text_of(cells[9]);
  row.techniques = texts_of(cells[10]);
  row.source = text_of(cells[11]);
  row.process_key = number_of(cells[12]);
  row.actor_key = number_of(cells[13]);
  row.ancestry = numbers_of(cells[14]);
  return row;
}

namespace {

/// What stands on one event beside its row.
struct Decorations {
  std::string flag;
  bool has_note = false;
  std::vector<TimelineRow::Alert> alerts;
  std::vector<TimelineRow> techniques;
};

constexpr std::int64_t kMostDecorations = 100'000;

using Found = std::map<std::int64_t, Decorations>;  // by event

Result<void> find_marks(const Views& views, const DeviceKey& device,
                        std::span<const std::int64_t> ids, Found& found) {
  auto marks = TRY(event_marks(views, device, {.ids = ids}));
  auto alerts = TRY(event_alerts(views, device, {.ids = ids}));
  for (const std::int64_t id : ids) {
    if (const auto mark = marks.find(id); mark != marks.end()) {
      found[id].flag = std::move(mark->second.flag);
      found[id].has_note = mark->second.has_note;
    }
  }
  const std::set<std::int64_t> shown(ids.begin(), ids.end());
  for (EventAlert& alert : alerts) {
    if (!shown.contains(alert.event_id)) {
      continue;
    }
    Decorations& of = found[alert.event_id];
    if (std::ranges::find(of.alerts, alert.alert_id, &TimelineRow::Alert::id) == of.alerts.end()) {
      of.alerts.push_back({std::move(alert.alert_id), "", "", std::move(alert.title)});
    }
  }
  return {};
}

/// `rows` names the techniques that each event shows already; most pages have none to look for.
Result<void> find_techniques(const Views& views, const DeviceKey& device,
                             std::span<const TimelineRow> rows, Found& found) {
  std::vector<std::int64_t> ids;
  Ticks earliest = kMaxTicks;
  Ticks latest = kYearOne;
  for (const TimelineRow& row : rows) {
    if (!row.techniques.empty()) {
      ids.push_back(row.event_id);
      earliest = std::min(earliest, row.time);
      latest = std::max(latest, row.time);
    }
  }
  if (ids.empty()) {
    return {};
  }
  Arguments arguments("t");
  const std::string query = fmt::format(
      "DeviceTechniqueEvents | where {} and EventId in ({}) and {} | project EventId, TechniqueId, "
      "TechniqueName, Tactics, Ancestors, ProcessKey, InitiatingProcessKey",
      device_condition(device.ids, arguments), arguments.numbers(ids),
      time_condition(earliest, latest, arguments));
  TRY(views.run(query, arguments.take(), kMostDecorations,
                [&](std::span<const kql::Row> part) -> Result<void> {
                  for (const kql::Row& cells : part) {
                    TimelineRow row;
                    row.is_technique = true;
                    row.techniques = {text_of(cells[1])};
                    row.title = text_of(cells[2]);
                    row.table = "DeviceTechniqueEvents";
                    row.tactics = texts_of(cells[3]);
                    row.ancestry = numbers_of(cells[4]);
                    row.process_key = number_of(cells[5]);
                    row.actor_key = number_of(cells[6]);
                    found[number_of(cells[0])].techniques.push_back(std::move(row));
                  }
                  return {};
                }));
  return {};
}

Result<void> describe_alerts(const Views& views, Found& found) {
  std::set<std::string> ids;
  for (const auto& [event_id, of] : found) {
    for (const TimelineRow::Alert& alert : of.alerts) {
      ids.insert(alert.id);
    }
  }
  const auto known = TRY(alerts_by_id(views, ids));
  for (auto& [event_id, of] : found) {
    for (TimelineRow::Alert& alert : of.alerts) {
      const auto told = known.find(alert.id);
      alert = told == known.end() ? alert : told->second;
    }
  }
  return {};
}

}  // namespace

Result<void> decorate(const Views& views, const DeviceKey& device, bool technique_rows,
                      std::vector<TimelineRow>& rows) {
  if (rows.empty()) {
    return {};
  }
  std::vector<std::int64_t> ids;
  for (const TimelineRow& row : rows) {
    ids.push_back(row.event_id);
  }
  Found found;
  TRY_VOID(find_marks(views, device, ids, found));
  if (technique_rows) {
    TRY_VOID(find_techniques(views, device, rows, found));
  }
  TRY_VOID(describe_alerts(views, found));
  std::vector<TimelineRow> all;
  all.reserve(rows.size());
  for (TimelineRow& row : rows) {
    const auto decorations = found.find(row.event_id);
    if (decorations == found.end()) {
      all.push_back(std::move(row));
      continue;
    }
    Decorations& of = decorations->second;
    row.flag = of.flag;
    row.has_note = of.has_note;
    row.alerts = of.alerts;
    std::ranges::sort(row.alerts, {}, &TimelineRow::Alert::id);
    all.push_back(std::move(row));
    const TimelineRow event = all.back();
    std::ranges::sort(of.techniques, {}, [](const TimelineRow& each) { return each.techniques; });
    for (TimelineRow technique : of.techniques) {
      technique.time = event.time;
      technique.event_id = event.event_id;
      technique.device_id = event.device_id;
      technique.group = event.group;
      technique.action_type = event.action_type;
      technique.actor = event.actor;
      technique.account = event.account;
      technique.source = event.source;
      all.push_back(std::move(technique));
    }
  }
  rows = std::move(all);
  return {};
}

Result<std::optional<Ticks>> outermost_row(const Views& views, const DeviceKey& device, Ticks from,
                                           Ticks to, bool newest) {
  std::optional<Ticks> found;
  for (const std::string& id : device.ids) {
    Arguments arguments("o");
    const std::string direction = newest ? "desc" : "asc";
    const std::string query = fmt::format(
        "DeviceTimeline | where DeviceId == {} and {} | sort by Timestamp {} | take 1 | project "
        "Timestamp",
        arguments.text(id), time_condition(from, to, arguments), direction);
    TRY(views.run_kept(
        query, arguments.take(), 1, [&](std::span<const kql::Row> rows) -> Result<void> {
          const Ticks time = number_of(rows[0][0]);
          found = !found ? time : newest ? std::max(*found, time) : std::min(*found, time);
          return {};
        }));
  }
  return found;
}

}  // namespace spoor::investigate
