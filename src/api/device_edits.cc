// What people decide about devices: tags, value, criticality.

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "api/device_edit_mirror.h"
#include "api/device_rows.h"
#include "api/device_scope.h"
#include "api/device_selection.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/recording.h"
#include "api/write_json.h"
#include "auth/credential.h"
#include "investigate/device_list.h"
#include "state/state.h"

namespace spoor::api {
namespace {

constexpr std::int64_t kMostDevices = 20'000;
constexpr int kMostVersions = 1000;

/// The id of the device to be changed. What is decided holds for the whole of a merged device, so
/// seeing a part of it is not enough.
Result<std::string> device_to_edit(const Services& services, const Call& call,
                                   std::string_view device_id) {
  const auto key =
      TRY(investigate::find_device(services.state.devices(), call.caller().scope, device_id));
  if (!sees_whole(key)) {
    return fail(ErrorCode::kForbidden, "Only a part of this device is yours to see.");
  }
  return key.id;
}

Result<state::DeviceChange> read_change(const json::Dynamic& body, std::string_view place) {
  state::DeviceChange change;
  change.add_tags = Call::texts(body["add_tags"]);
  change.remove_tags = Call::texts(body["remove_tags"]);
  if (const auto* value = body["asset_value"].as_string()) {
    change.asset_value = *value;
  }
  if (const auto* criticality = body["criticality"].as_string()) {
    change.criticality = *criticality;
  }
  if (change.add_tags.empty() && change.remove_tags.empty() && !change.asset_value &&
      !change.criticality) {
    return fail(in_field(Error::make(ErrorCode::kInvalidInput, "says nothing to change"), place));
  }
  return change;
}

state::ChangeOrigin origin_of(const Call& call) {
  return {call.caller().actor(), now_ticks(), auth::random_id()};
}

std::string result_body(const state::DeviceEditChange& change) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("edit");
  write_device_edit(writer, change.after);
  writer.key("changed").boolean(change.changed).end_object();
  return out;
}

/// {"before":…,"after":…} for the audit log.
std::string before_and_after(const state::DeviceEditChange& change) {
  std::string detail;
  json::Writer writer(detail);
  writer.begin_object();
  for (const auto& [name, edit] :
       {std::pair("before", &change.before), std::pair("after", &change.after)}) {
    writer.key(name).begin_object().key("version").number(edit->version);
    write_texts(writer, "tags", edit->tags);
    writer.key("asset_value").string(edit->asset_value);
    writer.key("criticality").string(edit->criticality).end_object();
  }
  writer.end_object();
  return detail;
}

/// A change of one device: on disk with its audit entry, then mirrored.
Result<Reply> change_one(const Services& services, Call& call, const std::string& device_id,
                         std::string_view action,
                         const std::function<Result<state::DeviceEditChange>()>& effect) {
  state::DeviceEditChange change;
  TRY_VOID(record_with(services, call, action, [&]() -> Result<void> {
    change = TRY(effect());
    call.note(device_id, before_and_after(change));
    return {};
  }));
  TRY_VOID(mirror_edits(services, std::span(&change, 1)));
  return Reply::json(result_body(change));
}

Result<Reply> change_device(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesEdit));
  call.note(call.text("device_id"), call.body().dump());
  const std::string id = TRY(device_to_edit(services, call, call.text("device_id")));
  const state::DeviceChange change = TRY(read_change(call.body(), ""));
  const auto* expected = call.body().find("expected");
  return change_one(services, call, id, "device.change", [&] {
    return services.state.device_edits().change(
        id, change, origin_of(call),
        expected != nullptr ? std::optional(expected->int_or(0)) : std::nullopt);
  });
}

Result<Reply> undo_device_edit(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesEdit));
  call.note(call.text("device_id"), call.body().dump());
  const std::string id = TRY(device_to_edit(services, call, call.text("device_id")));
  return change_one(services, call, id, "device.undo", [&] {
    return services.state.device_edits().restore(id, call.body()["version"].int_or(0),
                                                 origin_of(call));
  });
}

Result<Reply> list_device_edits(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  const auto device = TRY(device_of(services, call));
  std::vector<state::DeviceEdit> versions;
  if (sees_whole(device)) {
    versions = TRY(services.state.device_edits().versions(device.id, kMostVersions));
  }
  return Reply::json(list_body(versions, "", write_device_edit));
}

/// Ids of the devices that a change of many names, each once.
Result<std::vector<std::string>> named_devices(const Services& services, const Call& call,
                                               const std::vector<std::string>& given) {
  std::set<std::string> ids;
  for (std::size_t at = 0; at < given.size(); ++at) {
    auto id = device_to_edit(services, call, given[at]);
    if (!id) {
      return fail(in_field(std::move(id).error(), fmt::format("/device_ids/{}", at)));
    }
    ids.insert(*std::move(id));
  }
  return std::vector<std::string>(ids.begin(), ids.end());
}

/// Ids of all devices that match, as long as they are as many as the person was told.
Result<std::vector<std::string>> matching_devices(const Services& services, const Call& call,
                                                  const json::Dynamic& matching) {
  auto selection = read_device_selection(
      [&](std::string_view name) -> const json::Dynamic& { return matching[name]; });
  if (!selection) {
    return fail(in_field(std::move(selection).error(), "/matching/q"));
  }
  const auto merged = TRY(investigate::merged_devices(services.state.devices()));
  const auto found =
      TRY(investigate::device_ids(views_of(services, call), merged, *selection, kMostDevices));
  const auto count = static_cast<std::int64_t>(found.size());
  if (count > kMostDevices) {
    return fail(Error::make(ErrorCode::kLimit,
                            fmt::format("at most {} devices are changed at once", kMostDevices))
                    .with_hint("narrow the filter"));
  }
  if (const std::int64_t counted = matching["count"].int_or(0); counted != count) {
    return fail(Error::make(ErrorCode::kConflict,
                            fmt::format("{} devices were counted, {} match now", counted, count))
                    .with_hint("look at the list again"));
  }
  std::vector<std::string> ids;
  for (const std::string& id : found) {
    ids.push_back(TRY(device_to_edit(services, call, id)));
  }
  return ids;
}

Result<std::vector<std::string>> devices_to_change(const Services& services, const Call& call) {
  const json::Dynamic* given = call.body().find("device_ids");
  const json::Dynamic* matching = call.body().find("matching");
  if ((given == nullptr) == (matching == nullptr)) {
    return fail(in_field(
        Error::make(ErrorCode::kInvalidInput, "one of device_ids and matching must be given"),
        "/device_ids"));
  }
  return given != nullptr ? named_devices(services, call, Call::texts(*given))
                          : matching_devices(services, call, *matching);
}

Result<Reply> change_devices(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesEdit));
  const state::ChangeOrigin origin = origin_of(call);
  call.note(origin.change_id, call.body()["change"].dump());
  const state::DeviceChange change = TRY(read_change(call.body()["change"], "/change"));
  const std::vector<std::string> ids = TRY(devices_to_change(services, call));
  std::vector<state::DeviceEditChange> changes;
  std::int64_t changed = 0;
  TRY_VOID(record_with(services, call, "device.change_many", [&]() -> Result<void> {
    for (const std::string& id : ids) {
      changes.push_back(TRY(services.state.device_edits().change(id, change, origin)));
      changed += changes.back().changed ? 1 : 0;
    }
    std::string detail;
    json::Writer writer(detail);
    writer.begin_object().key("change").raw(call.body()["change"].dump());
    if (const json::Dynamic* matching = call.body().find("matching")) {
      writer.key("matching").raw(matching->dump());
    }
    writer.key("matched").number(static_cast<std::int64_t>(ids.size()));
    writer.key("changed").number(changed).end_object();
    call.note(origin.change_id, std::move(detail));
    return {};
  }));
  TRY_VOID(mirror_edits(services, changes));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("change_id").string(origin.change_id);
  writer.key("matched").number(static_cast<std::int64_t>(ids.size()));
  writer.key("changed").number(changed).end_object();
  return Reply::json(std::move(out));
}

Result<Reply> undo_device_change(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesEdit));
  const std::string change_id = call.text("change_id");
  call.note(change_id);
  const state::ChangeOrigin origin = origin_of(call);
  const auto is_seen = [&](std::string_view device_id) {
    return device_to_edit(services, call, device_id).has_value();
  };
  state::UndoneChange undone;
  TRY_VOID(record_with(services, call, "device.undo_many", [&]() -> Result<void> {
    undone = TRY(services.state.device_edits().undo(change_id, is_seen, origin));
    std::string detail;
    json::Writer writer(detail);
    writer.begin_object().key("change_id").string(origin.change_id);
    writer.key("restored").number(static_cast<std::int64_t>(undone.restored.size()));
    writer.key("skipped").number(undone.skipped).end_object();
    call.note(change_id, std::move(detail));
    return {};
  }));
  TRY_VOID(mirror_edits(services, undone.restored));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("change_id").string(origin.change_id);
  writer.key("restored").number(static_cast<std::int64_t>(undone.restored.size()));
  writer.key("skipped").number(undone.skipped).end_object();
  return Reply::json(std::move(out));
}

Result<Reply> list_device_tags(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  const auto tags = TRY(investigate::device_tags(views_of(services, call)));
  return Reply::json(
      list_body(tags, "", [](json::Writer& writer, const investigate::DeviceTagCount& tag) {
        writer.begin_object().key("tag").string(tag.tag);
        writer.key("devices").number(tag.devices).end_object();
      }));
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kChangeDevice, change_device, "device.change"},
    {OperationId::kListDeviceEdits, list_device_edits, ""},
    {OperationId::kUndoDeviceEdit, undo_device_edit, "device.undo"},
    {OperationId::kChangeDevices, change_devices, "device.change_many"},
    {OperationId::kUndoDeviceChange, undo_device_change, "device.undo_many"},
    {OperationId::kListDeviceTags, list_device_tags, ""},
};

}  // namespace

std::span<const HandlerEntry> device_edit_handlers() { return kHandlers; }

}  // namespace spoor::api
