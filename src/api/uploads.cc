// Files on their way here. An upload is its owner's alone.

#include "pipeline/uploads.h"

#include "api/handlers.h"
#include "api/list_page.h"
#include "api/write_json.h"

namespace spoor::api {
namespace {

void write_upload(json::Writer& writer, const pipeline::Upload& upload) {
  writer.begin_object().key("id").string(upload.id).key("name").string(upload.name);
  writer.key("size").number(upload.size).key("received").number(upload.received);
  writer.key("sha256").string(upload.sha256).key("is_complete").boolean(upload.is_complete);
  write_time(writer, "created", upload.created);
  write_time(writer, "changed", upload.changed);
  writer.end_object();
}

Reply upload_reply(const pipeline::Upload& upload, int status = 200) {
  std::string out;
  json::Writer writer(out);
  write_upload(writer, upload);
  return Reply::json(std::move(out), status);
}

Result<Reply> list_uploads(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  const auto uploads = services.uploads.list(call.caller().actor());
  const auto place = [](const pipeline::Upload& upload) {
    return ListPlace(upload.created, upload.id);
  };
  return Reply::json(TRY(list_page(call, "uploads", uploads, place, write_upload)));
}

Result<Reply> create_upload(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  const json::Dynamic& body = call.body();
  const auto upload = TRY(services.uploads.create(
      call.caller().actor(), body["name"].text_or(""),
      static_cast<std::uint64_t>(body["size"].int_or(0)), body["sha256"].text_or("")));
  call.note(upload.id);
  return upload_reply(upload, 201);
}

Result<Reply> get_upload(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  return upload_reply(TRY(services.uploads.get(call.caller().actor(), call.text("upload_id"))));
}

Result<Reply> append_upload(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  return upload_reply(TRY(services.uploads.append(
      call.caller().actor(), call.text("upload_id"),
      static_cast<std::uint64_t>(call.integer("offset")), call.request().body)));
}

Result<Reply> delete_upload(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  call.note(call.text("upload_id"));
  TRY_VOID(services.uploads.remove(call.caller().actor(), call.text("upload_id")));
  return Reply::empty();
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListUploads, list_uploads, ""},
    {OperationId::kCreateUpload, create_upload, "upload.create"},
    {OperationId::kGetUpload, get_upload, ""},
    {OperationId::kAppendUpload, append_upload, ""},
    {OperationId::kDeleteUpload, delete_upload, "upload.remove"},
};

}  // namespace

std::span<const HandlerEntry> upload_handlers() { return kHandlers; }

}  // namespace spoor::api
