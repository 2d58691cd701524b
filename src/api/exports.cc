// The events of a view, or the list of devices, as a file.

#include <fmt/core.h>

#include "api/device_scope.h"
#include "api/device_selection.h"
#include "api/handlers.h"
#include "api/recording.h"
#include "api/timeline_selection.h"
#include "investigate/device_export.h"
#include "investigate/timeline_export.h"
#include "state/state.h"

namespace spoor::api {
namespace {

using investigate::ExportFormat;

/// "timeline-0123abcd-20261124.csv": nothing of it is from outside.
std::string file_name(std::string_view what, ExportFormat format) {
  const CivilTime now = civil_from_ticks(now_ticks());
  return fmt::format("{}-{:04}{:02}{:02}.{}", what, now.year, now.month, now.day,
                     format == ExportFormat::kCsv ? "csv" : "ndjson");
}

ExportFormat format_of(const json::Dynamic& body) {
  return body["format"].text_or("") == "csv" ? ExportFormat::kCsv : ExportFormat::kNdjson;
}

/// Sends a file as it is made; its head goes out with the first bytes, so that what fails before
/// them is answered as an error.
class FileAnswer {
 public:
  FileAnswer(http::Exchange& exchange, std::string name, ExportFormat format)
      : exchange_(exchange), name_(std::move(name)), format_(format) {}

  Result<void> write(std::string_view bytes) {
    if (!std::exchange(has_begun_, true)) {
      exchange_.begin(
          200, {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name_)}},
          format_ == ExportFormat::kCsv ? "text/csv; charset=utf-8" : "application/x-ndjson");
    }
    return exchange_.write(bytes);
  }

 private:
  http::Exchange& exchange_;
  std::string name_;
  ExportFormat format_;
  bool has_begun_ = false;
};

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
  request.format = format_of(body);
  request.columns = Call::texts(body["columns"]);
  TRY_VOID(record(services, call, "export.run", state::AuditOutcome::kDone));

  http::Exchange& exchange = call.exchange();
  FileAnswer file(exchange, file_name("timeline-" + device_id.substr(0, 8), request.format),
                  request.format);
  TRY(investigate::export_timeline(
      views_of(services, call), request, [&](std::string_view bytes) { return file.write(bytes); },
      exchange.stop_token()));
  TRY_VOID(exchange.finish());
  return Reply::streamed();
}

Result<Reply> export_devices(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kExportRun));
  const json::Dynamic& body = call.body();
  call.note("devices", body.dump());
  investigate::DeviceExportRequest request;
  request.selection = TRY(read_device_selection(
      [&](std::string_view name) -> const json::Dynamic& { return body[name]; }));
  request.sort = read_device_sort(Call::texts(body["sort"]));
  request.query_text = body["q"].text_or("");
  request.format = format_of(body);
  request.columns = Call::texts(body["columns"]);
  TRY_VOID(record(services, call, "export.run", state::AuditOutcome::kDone));

  http::Exchange& exchange = call.exchange();
  FileAnswer file(exchange, file_name("devices", request.format), request.format);
  const auto merged = TRY(investigate::merged_devices(services.state.devices()));
  TRY(investigate::export_devices(views_of(services, call), merged, request,
                                  [&](std::string_view bytes) { return file.write(bytes); }));
  TRY_VOID(exchange.finish());
  return Reply::streamed();
}

constexpr HandlerEntry kHandlers[] = {{OperationId::kExportEvents, export_events, ""},
                                      {OperationId::kExportDevices, export_devices, ""}};

}  // namespace

std::span<const HandlerEntry> export_handlers() { return kHandlers; }

}  // namespace spoor::api
