// The events of a view as a file.

#include <fmt/core.h>

#include "api/device_scope.h"
#include "api/handlers.h"
#include "api/recording.h"
#include "api/timeline_selection.h"
#include "investigate/timeline_export.h"
#include "state/state.h"

namespace spoor::api {
namespace {

using investigate::ExportFormat;

/// "timeline-0123abcd-20261124.csv": nothing of it is from outside.
std::string file_name(std::string_view device_id, ExportFormat format) {
  const CivilTime now = civil_from_ticks(now_ticks());
  return fmt::format("timeline-{}-{:04}{:02}{:02}.{}", device_id.substr(0, 8), now.year, now.month,
                     now.day, format == ExportFormat::kCsv ? "csv" : "ndjson");
}

Result<Reply> export_events(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kExportRun));
  const json::Dynamic& body = call.body();
  const std::string device_id(body["device_id"].text_or(""));
  call.note(device_id, body.dump());
  auto device =
      TRY(investigate::find_device(services.state.devices(), call.caller().scope, device_id));
  investigate::ExportRequest request;
  request.selection =
      TRY(read_selection(std::move(device), [&](std::string_view name) -> const json::Dynamic& {
        return body[name];
      }));
  request.query_text = body["q"].text_or("");
  request.newest_first = body["order"].text_or("asc") == "desc";
  request.format = body["format"].text_or("") == "csv" ? ExportFormat::kCsv : ExportFormat::kNdjson;
  request.columns = Call::texts(body["columns"]);
  TRY_VOID(record(services, call, "export.run", state::AuditOutcome::kDone));

  http::Exchange& exchange = call.exchange();
  bool has_begun = false;
  const auto write = [&](std::string_view bytes) -> Result<void> {
    if (!std::exchange(has_begun, true)) {
      exchange.begin(200,
                     {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"",
                                                          file_name(device_id, request.format))}},
                     request.format == ExportFormat::kCsv ? "text/csv; charset=utf-8"
                                                          : "application/x-ndjson");
    }
    return exchange.write(bytes);
  };
  TRY(investigate::export_timeline(views_of(services, call), request, write,
                                   exchange.stop_token()));
  TRY_VOID(exchange.finish());
  return Reply::streamed();
}

constexpr HandlerEntry kHandlers[] = {{OperationId::kExportEvents, export_events, ""}};

}  // namespace

std::span<const HandlerEntry> export_handlers() { return kHandlers; }

}  // namespace spoor::api
