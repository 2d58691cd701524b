// What each device sends.

#include "api/cursor.h"
#include "api/device_rows.h"
#include "api/device_scope.h"
#include "api/handlers.h"
#include "api/overview_body.h"
#include "api/write_json.h"
#include "investigate/source_channels.h"

namespace spoor::api {
namespace {

constexpr std::string_view kSources = "sources";

investigate::ChannelOrder order_of(std::string_view name) {
  return name == "unmapped" ? investigate::ChannelOrder::kUnmapped
         : name == "last"   ? investigate::ChannelOrder::kLast
                            : investigate::ChannelOrder::kRecords;
}

void write_source(json::Writer& writer, const investigate::SourceChannel& channel) {
  writer.begin_object().key("device_id").string(channel.device_id);
  writer.key("device_name").string(channel.device_name).key("channel").string(channel.channel);
  writer.key("records").number(channel.records).key("unmapped").number(channel.unmapped);
  writer.key("event_ids").number(channel.event_ids).key("days").number(channel.days);
  write_time_or_null(writer, "first", channel.first);
  write_time_or_null(writer, "last", channel.last);
  writer.end_object();
}

Result<Reply> list_channels(const Services& services, Call& call,
                            std::optional<investigate::DeviceKey> device) {
  investigate::ChannelRequest request;
  request.device = std::move(device);
  request.order = order_of(call.text("order"));
  request.rows = call.integer("limit");
  if (call.has("cursor")) {
    request.cursor = TRY(decode_cursor(kSources, call.text("cursor"), 1))[0];
  }
  const auto page = TRY(investigate::source_channels(views_of(services, call), request));
  return Reply::json(list_body(
      page.channels, page.next.empty() ? "" : encode_cursor(kSources, {page.next}), write_source));
}

Result<Reply> list_sources(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kSourcesRead));
  return list_channels(services, call, {});
}

Result<Reply> list_device_sources(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kSourcesRead));
  return list_channels(services, call, TRY(device_of(services, call)));
}

Result<Reply> get_source(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kSourcesRead));
  const auto device = TRY(device_of(services, call));
  const auto report =
      TRY(investigate::source_channel(views_of(services, call), device, call.text("channel")));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("source");
  write_source(writer, report.channel);
  writer.key("events").begin_array();
  for (const investigate::ChannelEvent& event : report.events) {
    writer.begin_object().key("provider").string(event.provider);
    writer.key("source_event_id").number(event.source_event_id);
    writer.key("records").number(event.records);
    writer.key("mapping_version").number(event.mapping_version);
    write_time_or_null(writer, "first", event.first);
    write_time_or_null(writer, "last", event.last);
    writer.key("sample").string(std::to_string(event.sample)).end_object();
  }
  writer.end_array().key("more_events").number(report.more_events).key("days").begin_array();
  for (const investigate::ChannelDay& day : report.days) {
    writer.begin_object();
    write_time(writer, "day", day.day);
    writer.key("records").number(day.records).end_object();
  }
  writer.end_array().key("pauses").begin_array();
  for (const investigate::ChannelPause& pause : report.pauses) {
    writer.begin_object();
    write_time(writer, "from", pause.from);
    write_time(writer, "to", pause.to);
    writer.end_object();
  }
  writer.end_array().key("marks").begin_array();
  for (const investigate::CoverageGap& mark : report.marks) {
    write_gap(writer, mark);
  }
  writer.end_array().end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListSources, list_sources, ""},
    {OperationId::kListDeviceSources, list_device_sources, ""},
    {OperationId::kGetSource, get_source, ""},
};

}  // namespace

std::span<const HandlerEntry> source_handlers() { return kHandlers; }

}  // namespace spoor::api
