// What who looks after the data folder asks for: snapshots for backups, removal of a device.

#include "api/device_edit_mirror.h"
#include "api/device_scope.h"
#include "api/handlers.h"
#include "json/writer.h"
#include "state/state.h"

namespace spoor::api {
namespace {

std::unexpected<Error> not_offered() {
  return fail(ErrorCode::kUnsupported, "This server does not offer it.");
}

Result<Reply> take_snapshot(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kBackupRun));
  if (!services.take_snapshot) {
    return not_offered();
  }
  const std::string id = TRY(services.take_snapshot());
  call.note(id);
  std::string out;
  json::Writer(out).begin_object().key("id").string(id).end_object();
  return Reply::json(std::move(out), 201);
}

Result<Reply> drop_snapshot(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kBackupRun));
  if (!services.drop_snapshot) {
    return not_offered();
  }
  TRY_VOID(services.drop_snapshot(call.text("snapshot_id")));
  return Reply::empty();
}

Result<Reply> purge_device(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportPurge));
  if (!services.purge_device) {
    return not_offered();
  }
  const investigate::DeviceKey device = TRY(device_of(services, call));
  call.note(device.id);
  std::uint64_t records = 0;
  std::vector<state::DeviceEditChange> decided;
  for (const std::string& id : device.ids) {
    records += TRY(services.purge_device(id));
    const state::DeviceEdit edit = TRY(services.state.device_edits().newest(id));
    decided.push_back({{}, edit, edit.version > 0});
  }
  // Evidence goes; what people decided stays known, as the names do.
  TRY_VOID(mirror_edits(services, decided));
  std::string out;
  json::Writer(out).begin_object().key("records").number(records).end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kTakeSnapshot, take_snapshot, "backup.snapshot"},
    {OperationId::kDropSnapshot, drop_snapshot, ""},
    {OperationId::kPurgeDevice, purge_device, "device.purge"},
};

}  // namespace

std::span<const HandlerEntry> upkeep_handlers() { return kHandlers; }

}  // namespace spoor::api
