// Devices and their names.

#include <fmt/core.h>

#include "api/cursor.h"
#include "api/device_rows.h"
#include "api/device_scope.h"
#include "api/device_selection.h"
#include "api/handlers.h"
#include "api/recording.h"
#include "api/write_json.h"
#include "enrich/device_identity.h"
#include "investigate/device_list.h"
#include "state/state.h"

namespace spoor::api {
namespace {

constexpr std::string_view kList = "devices";

void write_counters(json::Writer& writer, const investigate::DeviceCounters& counters) {
  writer.begin_object().key("total").number(counters.total);
  writer.key("computers").number(counters.computers).key("network").number(counters.network);
  writer.key("iot").number(counters.iot).key("uncategorised").number(counters.uncategorised);
  // Nothing detects yet: how many are at risk is not known.
  writer.key("critical").number(counters.critical).key("high_risk").null();
  writer.key("high_exposure").number(counters.high_exposure);
  writer.key("not_onboarded").number(counters.not_onboarded);
  writer.key("silent").number(counters.silent).key("logs_only").number(counters.logs_only);
  writer.key("new_in_week").number(counters.new_in_week);
  writer.key("internet_facing").number(counters.internet_facing);
  writer.key("left_out").begin_object().key("transient").number(counters.left_out_transient);
  writer.key("excluded").number(counters.left_out_excluded).end_object();
  write_time(writer, "as_of", counters.as_of);
  writer.end_object();
}

Result<Reply> list_devices(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  const auto views = views_of(services, call);
  investigate::DeviceListRequest request;
  request.selection = TRY(read_device_selection(
      [&](std::string_view name) -> const json::Dynamic& { return call.argument(name); }));
  request.sort = read_device_sort(call.list("sort"));
  if (call.has("cursor")) {
    request.cursor = TRY(decode_cursor(kList, call.text("cursor"), 1))[0];
  }
  request.rows = call.integer("limit");
  const auto merged = TRY(investigate::merged_devices(services.state.devices()));
  const auto page = TRY(investigate::device_page(views, merged, request));
  std::string body = list_body(
      page.rows, page.next.empty() ? "" : encode_cursor(kList, {page.next}), write_device_row);
  if (!call.flag("counters")) {
    return Reply::json(std::move(body));
  }
  const auto counters = TRY(investigate::device_counters(views, merged, request.selection));
  std::string more;
  json::Writer writer(more);
  writer.begin_object().key("total").number(counters.total).key("counters");
  write_counters(writer, counters);
  writer.end_object();
  body.back() = ',';
  return Reply::json(body + more.substr(1));
}

Result<std::string> device_body(const Services& services, const Call& call,
                                std::string_view device_id) {
  const auto key =
      TRY(investigate::find_device(services.state.devices(), call.caller().scope, device_id));
  const auto device = TRY(services.state.devices().get(device_id));
  if (!device) {
    return fail(ErrorCode::kNotFound, "There is no such device.");
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("device_id").string(device->device_id).key("name").string(device->name);
  write_time_or_null(writer, "first_seen", device->first_seen);
  write_time_or_null(writer, "last_seen", device->last_seen);
  write_time_or_null(writer, "created", device->created);
  write_texts(writer, "merged_ids", device->merged_ids);
  state::DeviceEdit edit{.device_id = key.id};
  if (sees_whole(key)) {
    edit = TRY(services.state.device_edits().newest(key.id));
  }
  writer.key("edit");
  write_device_edit(writer, edit);
  writer.end_object();
  return out;
}

Result<Reply> get_device(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  return Reply::json(TRY(device_body(services, call, call.text("device_id"))));
}

Result<Reply> list_device_aliases(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  const auto device = TRY(device_of(services, call));
  return Reply::json(list_body(TRY(services.state.devices().aliases(device.id)), "", write_alias));
}

/// A change of devices concerns every one that it names: the caller must see them all.
Result<void> check_seen(const Services& services, const Call& call, std::string_view device_id) {
  TRY(investigate::find_device(services.state.devices(), call.caller().scope, device_id));
  return {};
}

Result<Reply> merge_device(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesEdit));
  const std::string part = call.text("device_id");
  const std::string whole(call.body()["into"].text_or(""));
  std::string detail;
  json::Writer(detail).begin_object().key("into").string(whole).end_object();
  call.note(part, std::move(detail));
  TRY_VOID(check_seen(services, call, part));
  TRY_VOID(check_seen(services, call, whole));
  TRY_VOID(record_with(services, call, "device.merge",
                       [&] { return services.state.devices().merge(part, whole); }));
  return Reply::json(TRY(device_body(services, call, whole)));
}

Result<Reply> unmerge_device(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesEdit));
  const std::string part = call.text("device_id");
  call.note(part);
  TRY_VOID(check_seen(services, call, part));
  TRY_VOID(record_with(services, call, "device.unmerge",
                       [&] { return services.state.devices().unmerge(part); }));
  return Reply::json(TRY(device_body(services, call, part)));
}

Result<Reply> split_device(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesEdit));
  const std::string from = call.text("device_id");
  const std::string name(call.body()["name"].text_or(""));
  const std::string made = enrich::new_device_id(fmt::format("{} of {}", name, from));
  std::vector<state::Alias> names;
  for (const json::Dynamic& alias : *call.body()["aliases"].as_array()) {
    names.push_back(
        {std::string(alias["kind"].text_or("")), std::string(alias["value"].text_or(""))});
  }
  std::string detail;
  json::Writer(detail)
      .begin_object()
      .key("made")
      .string(made)
      .key("name")
      .string(name)
      .end_object();
  call.note(from, std::move(detail));
  TRY_VOID(check_seen(services, call, from));
  const auto device = TRY(services.state.devices().get(from));
  TRY_VOID(record_with(services, call, "device.split", [&] {
    return services.state.devices().split(from, names, made, name, device ? device->first_seen : 0,
                                          device ? device->last_seen : 0);
  }));
  return Reply::json(TRY(device_body(services, call, made)), 201);
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListDevices, list_devices, ""},
    {OperationId::kGetDevice, get_device, ""},
    {OperationId::kListDeviceAliases, list_device_aliases, ""},
    {OperationId::kMergeDevice, merge_device, "device.merge"},
    {OperationId::kUnmergeDevice, unmerge_device, "device.unmerge"},
    {OperationId::kSplitDevice, split_device, "device.split"},
};

}  // namespace

std::span<const HandlerEntry> device_handlers() { return kHandlers; }

}  // namespace spoor::api
