#include "api/timeline_selection.h"

#include "api/errors.h"

namespace spoor::api {

Result<investigate::TimelineSelection> read_selection(
    investigate::DeviceKey device,
    const std::function<const json::Dynamic&(std::string_view)>& value) {
  investigate::TimelineSelection selection;
  selection.device = std::move(device);
  selection.from = TRY(Call::read_time(value("from"), "from")).value_or(selection.from);
  selection.to = TRY(Call::read_time(value("to"), "to")).value_or(selection.to);
  auto filter =
      investigate::parse_filter(value("q").text_or(""), investigate::FilterSubject::kTimeline);
  if (!filter) {
    return fail(in_field(std::move(filter).error(), "q"));
  }
  selection.filter = *std::move(filter);
  selection.groups = Call::texts(value("groups"));
  selection.without_groups = Call::texts(value("without_groups"));
  selection.action_types = Call::texts(value("action_types"));
  selection.flags = Call::texts(value("flags"));
  const std::string_view segment = value("segment").text_or("all");
  if (segment == "flagged") {
    selection.segment = investigate::Segment::kFlagged;
  } else if (segment == "alerts_and_techniques") {
    selection.segment = investigate::Segment::kAlertsAndTechniques;
  }
  return selection;
}

Result<investigate::TimelineSelection> read_selection(investigate::DeviceKey device,
                                                      const Call& call) {
  return read_selection(std::move(device), [&](std::string_view name) -> const json::Dynamic& {
    return call.argument(name);
  });
}

}  // namespace spoor::api
