// What the first page of a device shows.

#include <algorithm>
#include <iterator>

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

/// An account as it is called.
std::string full_name(const investigate::LogonAccount& account) {
  return account.domain.empty() ? account.name : account.domain + "\\" + account.name;
}

void write_users(json::Writer& writer, const DeviceOverview& overview) {
  const auto has_interactive = [](const investigate::LogonAccount& account) {
    return account.interactive > 0;
  };
  const auto others = std::ranges::find_if_not(overview.users, has_interactive);
  const auto interactive = others - overview.users.begin();
  writer.key("logons").begin_object();
  write_time_or_null(writer, "from", overview.logons_from);
  write_time_or_null(writer, "to", overview.device.last_seen);
  writer.key("interactive_accounts").number(static_cast<std::int64_t>(interactive));
  writer.key("other_accounts").number(static_cast<std::int64_t>(overview.users.end() - others));
  writer.key("most_frequent").string(interactive > 0 ? full_name(overview.users.front()) : "");
  writer.key("least_frequent").string(interactive > 1 ? full_name(*std::prev(others)) : "");
  writer.end_object();
  writer.key("user_count").number(static_cast<std::int64_t>(overview.users.size()));
  writer.key("users").begin_array();
  for (const auto& user : overview.users) {
    writer.begin_object().key("domain").string(user.domain).key("name").string(user.name);
    writer.key("interactive").number(user.interactive);
    writer.key("other").number(user.count - user.interactive);
    write_time_or_null(writer, "first", user.first);
    write_time_or_null(writer, "last", user.last);
    writer.end_object();
  }
  writer.end_array();
}

void write_gaps(json::Writer& writer, const DeviceOverview& overview) {
  writer.key("gaps").begin_array();
  for (const auto& gap : overview.gaps) {
    write_gap(writer, gap);
  }
  writer.end_array();
}

/// The outermost time of the evidence, and its source.
void write_outermost(json::Writer& writer, const DeviceOverview& overview) {
  const DeviceOverview::Evidence* first = nullptr;
  const DeviceOverview::Evidence* last = nullptr;
  for (const auto& evidence : overview.evidence) {
    first = first == nullptr || evidence.first < first->first ? &evidence : first;
    last = last == nullptr || evidence.last > last->last ? &evidence : last;
  }
  writer.key("first_evidence").begin_object();
  write_time_or_null(writer, "time", first == nullptr ? 0 : first->first);
  writer.key("source").string(first == nullptr ? "" : first->source).end_object();
  writer.key("last_evidence").begin_object();
  write_time_or_null(writer, "time", last == nullptr ? 0 : last->last);
  writer.key("source").string(last == nullptr ? "" : last->source).end_object();
}

void write_health(json::Writer& writer, const DeviceOverview& overview) {
  writer.key("health").begin_object().key("sensor").string(overview.device.health);
  writer.key("headline").string(overview.health.headline);
  writer.key("reason").string(overview.health.reason).key("checks").begin_array();
  for (const auto& check : overview.health.checks) {
    writer.begin_object().key("name").string(check.name).key("state").string(check.state);
    writer.key("value").string(check.value);
    write_time_or_null(writer, "time", check.time);
    writer.key("source").string(check.source).end_object();
  }
  writer.end_array().end_object();
}

/// What nothing has judged yet is said to be not known.
void write_judgements(json::Writer& writer, const DeviceOverview& overview) {
  const std::string& exposure = overview.device.exposure_level;
  const bool is_known = !exposure.empty() && exposure != "None";
  writer.key("risk").begin_object().key("level").string("").key("reason").string(
      "Not known: nothing detects yet.");
  writer.end_object().key("exposure").begin_object();
  writer.key("level").string(is_known ? exposure : "").key("reason");
  writer.string(is_known ? "As the source of the device's state says."
                         : "Not known: no software inventory has been received.");
  writer.end_object().key("alerts").null().key("actions").begin_array().end_array();
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
  write_texts(writer, "gateways", overview.gateways);
  write_texts(writer, "dns_servers", overview.dns_servers);
  write_outermost(writer, overview);
  write_evidence(writer, overview);
  write_users(writer, overview);
  write_gaps(writer, overview);
  write_techniques(writer, overview);
  writer.key("technique_count").number(overview.technique_count);
  write_health(writer, overview);
  write_judgements(writer, overview);
  write_time_or_null(writer, "newest_event", overview.newest_event);
  writer.end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {{OperationId::kGetDeviceOverview, get_device_overview, ""}};

}  // namespace

std::span<const HandlerEntry> device_overview_handlers() { return kHandlers; }

}  // namespace spoor::api
