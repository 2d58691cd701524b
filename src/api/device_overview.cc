// What the first page of a device shows.

#include "api/device_rows.h"
#include "api/device_scope.h"
#include "api/handlers.h"
#include "api/write_json.h"
#include "state/state.h"

namespace spoor::api {
namespace {

using investigate::DeviceOverview;

void write_addresses(json::Writer& writer, const DeviceOverview& overview) {
  writer.key("addresses").begin_array();
  for (const auto& address : overview.addresses) {
    writer.begin_object().key("address").string(address.address).key("mac").string(address.mac);
    writer.key("adapter").string(address.adapter);
    write_time_or_null(writer, "last_seen", address.last_seen);
    writer.end_object();
  }
  writer.end_array();
}

void write_evidence(json::Writer& writer, const DeviceOverview& overview) {
  writer.key("evidence").begin_array();
  for (const auto& evidence : overview.evidence) {
    writer.begin_object()
        .key("source")
        .string(evidence.source)
        .key("records")
        .number(evidence.records);
    write_time_or_null(writer, "first", evidence.first);
    write_time_or_null(writer, "last", evidence.last);
    writer.end_object();
  }
  writer.end_array().key("tables").begin_array();
  for (const auto& table : overview.tables) {
    writer.begin_object().key("table").string(table.table).key("rows").number(table.rows);
    write_time_or_null(writer, "first", table.first);
    write_time_or_null(writer, "last", table.last);
    writer.end_object();
  }
  writer.end_array();
}

void write_users(json::Writer& writer, const DeviceOverview& overview) {
  writer.key("user_count").number(overview.user_count).key("users").begin_array();
  for (const auto& user : overview.users) {
    writer.begin_object().key("domain").string(user.domain).key("name").string(user.name);
    writer.key("interactive").number(user.interactive).key("other").number(user.other);
    write_time_or_null(writer, "first", user.first);
    write_time_or_null(writer, "last", user.last);
    writer.end_object();
  }
  writer.end_array();
}

void write_gaps(json::Writer& writer, const DeviceOverview& overview) {
  writer.key("gaps").begin_array();
  for (const auto& gap : overview.gaps) {
    writer.begin_object()
        .key("kind")
        .string(gap.kind)
        .key("source")
        .string(gap.source)
        .key("detail")
        .string(gap.detail);
    write_time(writer, "from", gap.from);
    write_time_or_null(writer, "to", gap.to);
    write_count_or_null(writer, "lost", gap.lost);
    writer.end_object();
  }
  writer.end_array();
}

void write_techniques(json::Writer& writer, const DeviceOverview& overview) {
  writer.key("techniques").begin_array();
  for (const auto& technique : overview.techniques) {
    writer.begin_object().key("id").string(technique.id).key("name").string(technique.name);
    write_time(writer, "time", technique.time);
    write_key(writer, "event_id", technique.event_id);
    writer.end_object();
  }
  writer.end_array();
}

Result<Reply> get_device_overview(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  const auto device = TRY(device_of(services, call));
  const DeviceOverview overview = TRY(
      investigate::device_overview(views_of(services, call), device, &services.state.devices()));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("device");
  write_device_row(writer, overview.device);
  writer.key("aliases").begin_array();
  for (const state::Alias& alias : overview.aliases) {
    write_alias(writer, alias);
  }
  writer.end_array();
  write_texts(writer, "merged_ids", overview.merged_ids);
  write_addresses(writer, overview);
  write_evidence(writer, overview);
  write_users(writer, overview);
  write_gaps(writer, overview);
  write_techniques(writer, overview);
  write_time_or_null(writer, "newest_event", overview.newest_event);
  writer.end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {{OperationId::kGetDeviceOverview, get_device_overview, ""}};

}  // namespace

std::span<const HandlerEntry> device_overview_handlers() { return kHandlers; }

}  // namespace spoor::api
