// What happened on a device: pages, counts, overview, facets.

#include "api/cursor.h"
#include "api/device_scope.h"
#include "api/handlers.h"
#include "api/overview_body.h"
#include "api/timeline_rows.h"
#include "api/timeline_selection.h"
#include "api/write_json.h"
#include "investigate/timeline_overview.h"

namespace spoor::api {
namespace {

constexpr std::string_view kList = "timeline";

std::string cursor_text(bool towards_older, const investigate::Views::Cursor& place) {
  return encode_cursor(kList, {towards_older ? "older" : "newer", std::to_string(place.time),
                               std::to_string(place.event_id)});
}

/// Where the page begins: a cursor, an instant, or an end of the range.
Result<void> read_place(const Call& call, investigate::TimelinePageRequest& request) {
  if (call.has("cursor")) {
    const auto parts = TRY(decode_cursor(kList, call.text("cursor"), 3));
    request.towards_older = parts[0] == "older";
    request.cursor =
        investigate::Views::Cursor{TRY(cursor_number(parts[1])), TRY(cursor_number(parts[2]))};
    return {};
  }
  const auto instant = TRY(call.time("at"));
  if (!instant) {
    request.towards_older = call.text("start") == "newest";
    return {};
  }
  request.towards_older = request.newest_first;
  std::int64_t event = request.towards_older ? INT64_MAX : 0;
  if (call.has("at_event")) {
    event = TRY(call.key("at_event"));
    request.with_cursor_row = true;
  }
  request.cursor = investigate::Views::Cursor{*instant, event};
  return {};
}

/// The cursor that goes on from an end of the page; null where the range ends there.
void write_cursor(json::Writer& writer, std::string_view name, bool towards_older,
                  const investigate::TimelinePageRequest& request,
                  const investigate::TimelinePage& page) {
  const bool was_read_so = request.towards_older == towards_older;
  const bool goes_on = was_read_so ? page.more : request.cursor.has_value();
  const auto& place = towards_older ? page.older : page.newer;
  writer.key(name);
  if (goes_on && place) {
    writer.string(cursor_text(towards_older, *place));
  } else {
    writer.null();
  }
}

Result<Reply> get_timeline(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  investigate::TimelinePageRequest request;
  request.selection = TRY(read_selection(TRY(device_of(services, call)), call));
  request.newest_first = call.text("order") == "desc";
  request.rows = call.integer("limit");
  TRY_VOID(read_place(call, request));
  const auto page = TRY(investigate::timeline_page(views_of(services, call), request));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("items").begin_array();
  for (const auto& row : page.rows) {
    write_timeline_row(writer, row);
  }
  writer.end_array();
  write_cursor(writer, "next", request.newest_first, request, page);
  write_cursor(writer, "previous", !request.newest_first, request, page);
  write_count_or_null(writer, "hidden_after", page.hidden_after);
  write_time_or_null(writer, "nearest_before", page.nearest_before);
  write_time_or_null(writer, "nearest_after", page.nearest_after);
  writer.end_object();
  return Reply::json(std::move(out));
}

Reply count_reply(const investigate::TimelineCount& count) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("rows").number(count.rows).key("left_out").number(count.left_out);
  writer.key("is_exact").boolean(count.is_exact).end_object();
  return Reply::json(std::move(out));
}

Result<Reply> count_timeline(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto selection = TRY(read_selection(TRY(device_of(services, call)), call));
  return count_reply(
      TRY(investigate::count_timeline(views_of(services, call), selection, call.flag("exact"))));
}

Result<Reply> count_trail(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto device = TRY(device_of(services, call));
  const Ticks from = TRY(call.time("from")).value_or(kYearOne);
  const Ticks to = TRY(call.time("to")).value_or(kMaxTicks);
  return count_reply(TRY(investigate::count_trail(views_of(services, call), device,
                                                  TRY(call.key("process")), from, to)));
}

Result<Reply> get_timeline_overview(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  investigate::OverviewRequest request;
  request.selection = TRY(read_selection(TRY(device_of(services, call)), call));
  request.bars = static_cast<int>(call.integer("bars"));
  return Reply::json(
      overview_body(TRY(investigate::timeline_overview(views_of(services, call), request))));
}

Result<Reply> get_timeline_facets(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto selection = TRY(read_selection(TRY(device_of(services, call)), call));
  const auto facets = TRY(investigate::timeline_facets(views_of(services, call), selection));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("items").begin_array();
  for (const auto& facet : facets) {
    writer.begin_object()
        .key("field")
        .string(facet.field)
        .key("more")
        .boolean(facet.more)
        .key("values")
        .begin_array();
    for (const auto& value : facet.values) {
      writer.begin_object()
          .key("value")
          .string(value.value)
          .key("count")
          .number(value.count)
          .end_object();
    }
    writer.end_array().end_object();
  }
  writer.end_array().end_object();
  return Reply::json(std::move(out));
}

Result<Reply> get_timeline_query(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto selection = TRY(read_selection(TRY(device_of(services, call)), call));
  std::string out;
  json::Writer writer(out);
  writer.begin_object()
      .key("query")
      .string(investigate::timeline_query_text(selection, call.text("order") == "desc"))
      .end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kGetTimeline, get_timeline, ""},
    {OperationId::kCountTimeline, count_timeline, ""},
    {OperationId::kCountTrail, count_trail, ""},
    {OperationId::kGetTimelineOverview, get_timeline_overview, ""},
    {OperationId::kGetTimelineFacets, get_timeline_facets, ""},
    {OperationId::kGetTimelineQuery, get_timeline_query, ""},
};

}  // namespace

std::span<const HandlerEntry> timeline_handlers() { return kHandlers; }

}  // namespace spoor::api
