// Evidence from files: the jobs that read uploads.

#include "api/cursor.h"
#include "api/handlers.h"
#include "api/ongoing.h"
#include "api/write_json.h"
#include "base/text.h"
#include "ingest/sample/sample_logs.h"
#include "pipeline/import_jobs.h"
#include "pipeline/uploads.h"

namespace spoor::api {
namespace {

using pipeline::ImportJobState;

constexpr std::string_view kList = "imports";

void write_import(json::Writer& writer, const pipeline::ImportJob& job) {
  writer.begin_object().key("id").string(job.id).key("owner").string(job.owner);
  write_texts(writer, "names", job.names);
  writer.key("progress").raw(progress_body(job.last)).end_object();
}

Result<Reply> import_reply(const Services& services, std::string_view id, int status = 200) {
  std::string out;
  json::Writer writer(out);
  write_import(writer, TRY(services.imports.get(id)));
  return Reply::json(std::move(out), status);
}

Result<Reply> list_imports(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kJobsRead));
  std::string last;
  if (call.has("cursor")) {
    last = TRY(decode_cursor(kList, call.text("cursor"), 1))[0];
  }
  const std::size_t limit = static_cast<std::size_t>(call.integer("limit"));
  auto jobs = TRY(services.imports.list(static_cast<int>(limit) + 1, last));
  std::string next;
  if (jobs.size() > limit) {
    jobs.resize(limit);
    next = encode_cursor(kList, {jobs.back().id});
  }
  return Reply::json(list_body(jobs, next, write_import));
}

Result<Reply> start_import(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  pipeline::ImportJobRequest request;
  request.owner = call.caller().actor();
  request.upload_ids = Call::texts(call.body()["upload_ids"]);
  const std::string id = TRY(services.imports.start(request));
  call.note(id);
  return import_reply(services, id, 202);
}

Result<Reply> start_sample_import(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  pipeline::ImportJobRequest request;
  request.owner = call.caller().actor();
  for (const ingest::sample::SampleLog& log : TRY(ingest::sample::sample_logs())) {
    const auto upload = TRY(services.uploads.create(request.owner, log.name, log.bytes.size()));
    TRY(services.uploads.append(request.owner, upload.id, 0, log.bytes));
    request.upload_ids.push_back(upload.id);
  }
  const std::string id = TRY(services.imports.start(request));
  call.note(id, R"({"sample":true})");
  return import_reply(services, id, 202);
}

Result<Reply> get_import(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kJobsRead));
  return import_reply(services, call.text("import_id"));
}

Result<Reply> purge_import(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportPurge));
  call.note(call.text("import_id"));
  const std::uint64_t records =
      TRY(services.imports.purge(call.text("import_id"), call.caller().actor()));
  std::string out;
  json::Writer(out).begin_object().key("records").number(records).end_object();
  return Reply::json(std::move(out));
}

Result<Reply> cancel_import(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kImportRun));
  call.note(call.text("import_id"));
  TRY_VOID(services.imports.cancel(call.text("import_id"), call.caller().actor()));
  return import_reply(services, call.text("import_id"), 202);
}

Result<Reply> get_import_report(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kJobsRead));
  const auto job = TRY(services.imports.get(call.text("import_id")));
  if (job.last.state == ImportJobState::kQueued || job.last.state == ImportJobState::kRunning) {
    return fail(ErrorCode::kConflict, "The import has not ended yet.");
  }
  // One that was cut off, or cancelled before it began, has none.
  if (const auto report = json::parse(job.report); !report || (*report)["job"].is_null()) {
    return fail(ErrorCode::kConflict, "The import ended without a report.");
  }
  return Reply::json(job.report);
}

Result<Reply> follow_import(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kJobsRead));
  const std::string id = call.text("import_id");
  TRY(services.imports.get(id));
  const auto last = parse_int(call.request().header("Last-Event-ID"));
  const http::EventStream stream = call.exchange().start_events();
  TRY_VOID(services.ongoing.followers.follow(
      services.imports, id, last && *last > 0 ? static_cast<std::uint64_t>(*last) : 0, stream));
  return Reply::streamed();
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListImports, list_imports, ""},
    {OperationId::kStartImport, start_import, "import.start"},
    {OperationId::kStartSampleImport, start_sample_import, "import.start"},
    {OperationId::kGetImport, get_import, ""},
    {OperationId::kPurgeImport, purge_import, "import.purge"},
    {OperationId::kCancelImport, cancel_import, "import.cancel"},
    {OperationId::kGetImportReport, get_import_report, ""},
    {OperationId::kFollowImport, follow_import, ""},
};

}  // namespace

std::span<const HandlerEntry> import_handlers() { return kHandlers; }

}  // namespace spoor::api
