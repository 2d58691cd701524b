// Cards of a device's page.

#include "investigate/device_cards.h"

#include <tuple>

#include "api/cursor.h"
#include "api/device_rows.h"
#include "api/device_scope.h"
#include "api/handlers.h"
#include "api/overview_body.h"
#include "api/write_json.h"
#include "investigate/timeline_overview.h"
#include "state/state.h"

namespace spoor::api {
namespace {

constexpr std::string_view kLogons = "logons";
constexpr int kActivityBars = 48;
constexpr int kListedDays = 30;

/// The days before the device was last seen; before the present where nothing is stored.
Result<std::pair<Ticks, Ticks>> span_of(const Services& services, const Call& call,
                                        const investigate::DeviceKey& device) {
  const auto presence = TRY(investigate::device_presence(views_of(services, call), device));
  const Ticks to = presence.last_seen == 0 ? now_ticks() : presence.last_seen;
  return std::pair(to - (call.integer("days") * kTicksPerDay), to);
}

void write_account(json::Writer& writer, const investigate::LogonAccount& account) {
  writer.begin_object().key("domain").string(account.domain).key("name").string(account.name);
  writer.key("sid").string(account.sid).key("kind").string(account.kind);
  writer.key("interactive").number(account.interactive).key("count").number(account.count);
  writer.key("failed").number(account.failed).key("types").begin_array();
  for (const auto& [type, count] : account.types) {
    writer.begin_object().key("type").string(type).key("count").number(count).end_object();
  }
  writer.end_array();
  write_time_or_null(writer, "first", account.first);
  write_time_or_null(writer, "last", account.last);
  writer.end_object();
}

Result<Reply> list_device_logons(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  investigate::LogonRequest request;
  request.device = TRY(device_of(services, call));
  std::tie(request.from, request.to) = TRY(span_of(services, call, request.device));
  request.rows = call.integer("limit");
  if (call.has("cursor")) {
    // The span is part of the place: it moves with what arrives.
    const auto parts = TRY(decode_cursor(kLogons, call.text("cursor"), 3));
    request.from = TRY(cursor_number(parts[0]));
    request.to = TRY(cursor_number(parts[1]));
    request.cursor = parts[2];
  }
  const auto page = TRY(investigate::device_logons(views_of(services, call), request));
  std::string body =
      list_body(page.accounts,
                page.next.empty() ? ""
                                  : encode_cursor(kLogons, {std::to_string(request.from),
                                                            std::to_string(request.to), page.next}),
                write_account);
  body.pop_back();
  return Reply::json(body + R"(,"from":")" + format_ticks(request.from) + R"(","to":")" +
                     format_ticks(request.to) + "\"}");
}

void write_cells(json::Writer& writer, std::string_view name,
                 const std::vector<std::int64_t>& cells) {
  writer.key(name).begin_array();
  for (const std::int64_t cell : cells) {
    writer.number(cell);
  }
  writer.end_array();
}

std::string coverage_body(const investigate::DeviceCoverage& coverage) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_time(writer, "from", coverage.from);
  write_time(writer, "to", coverage.to);
  writer.key("cell_hours").number(investigate::kCoverageCell / kTicksPerHour);
  writer.key("is_logs_only").boolean(coverage.is_logs_only);
  write_cells(writer, "cells", coverage.cells);
  writer.key("sources").begin_array();
  for (const investigate::CoverageSource& source : coverage.sources) {
    writer.begin_object().key("source").string(source.source).key("kind").string(source.kind);
    writer.key("records").number(source.records);
    write_time_or_null(writer, "first", source.first);
    write_time_or_null(writer, "last", source.last);
    write_cells(writer, "cells", source.cells);
    writer.end_object();
  }
  writer.end_array().key("more_sources").number(coverage.more_sources).key("gaps").begin_array();
  for (const investigate::CoverageGap& gap : coverage.gaps) {
    write_gap(writer, gap);
  }
  writer.end_array().key("gap_count").number(coverage.gap_count).end_object();
  return out;
}

Result<Reply> get_device_coverage(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  const auto device = TRY(device_of(services, call));
  const auto last_day = TRY(call.time("to"));
  return Reply::json(coverage_body(TRY(investigate::device_coverage(
      views_of(services, call), device, static_cast<int>(call.integer("days")), last_day))));
}

Result<Reply> get_device_activity(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  investigate::OverviewRequest request;
  request.selection.device = TRY(device_of(services, call));
  request.bars = kActivityBars;
  const auto views = views_of(services, call);
  const Ticks newest =
      TRY(investigate::newest_event(views, request.selection.device)).value_or(now_ticks());
  request.selection.from = investigate::start_of_day(newest);
  request.selection.to = request.selection.from + kTicksPerDay - 1;
  return Reply::json(overview_body(TRY(investigate::timeline_overview(views, request))));
}

void write_peer(json::Writer& writer, const investigate::DevicePeer& peer) {
  writer.begin_object().key("address").string(peer.address);
  writer.key("is_public").boolean(peer.is_public);
  write_texts(writer, "names", peer.names);
  write_cells(writer, "ports", peer.ports);
  writer.key("outbound").number(peer.outbound).key("inbound").number(peer.inbound);
  write_time(writer, "first", peer.first);
  write_time(writer, "last", peer.last);
  write_time_or_null(writer, "fleet_first", peer.fleet_first);
  writer.key("fleet_devices").number(peer.fleet_devices).end_object();
}

Result<Reply> list_device_peers(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto device = TRY(device_of(services, call));
  const auto [from, to] = TRY(span_of(services, call, device));
  const auto found = TRY(
      investigate::device_peers(views_of(services, call), device, from, to, call.integer("limit")));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("items").begin_array();
  for (const investigate::DevicePeer& peer : found.peers) {
    write_peer(writer, peer);
  }
  writer.end_array();
  write_time(writer, "from", from);
  write_time(writer, "to", to);
  writer.key("peer_count").number(found.peer_count);
  writer.key("inbound_public").number(found.inbound_public).end_object();
  return Reply::json(std::move(out));
}

Result<Reply> list_device_coverage(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  std::vector<investigate::DeviceKey> devices;
  for (const std::string& id : call.list("devices")) {
    auto device = investigate::find_device(services.state.devices(), call.caller().scope, id);
    if (device) {
      devices.push_back(*std::move(device));
    } else if (device.error().code != ErrorCode::kNotFound) {
      return fail(std::move(device).error());
    }
  }
  const Ticks from = investigate::start_of_day(now_ticks()) - ((kListedDays - 1) * kTicksPerDay);
  const auto rows =
      TRY(investigate::presence_by_day(views_of(services, call), devices, from, kListedDays));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("items").begin_array();
  for (const investigate::DevicePresenceDays& row : rows) {
    writer.begin_object().key("device_id").string(row.device_id);
    write_time(writer, "from", row.from);
    write_cells(writer, "days", row.days);
    writer.end_object();
  }
  writer.end_array().end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListDeviceLogons, list_device_logons, ""},
    {OperationId::kGetDeviceCoverage, get_device_coverage, ""},
    {OperationId::kGetDeviceActivity, get_device_activity, ""},
    {OperationId::kListDevicePeers, list_device_peers, ""},
    {OperationId::kListDeviceCoverage, list_device_coverage, ""},
};

}  // namespace

std::span<const HandlerEntry> device_card_handlers() { return kHandlers; }

}  // namespace spoor::api
