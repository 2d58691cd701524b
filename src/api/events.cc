// One event with all that is stored of it; processes.

#include "api/device_scope.h"
#include "api/handlers.h"
#include "api/timeline_rows.h"
#include "api/write_json.h"
#include "investigate/event_detail.h"
#include "investigate/process_tree.h"
#include "kql/exec/format.h"

namespace spoor::api {
namespace {

void write_event_row(json::Writer& writer, const investigate::EventRow& row) {
  writer.begin_object().key("table").string(row.table).key("fields").begin_array();
  for (const auto& field : row.fields) {
    std::string value;
    kql::append_json(value, field.column.type, field.value);
    writer.begin_object()
        .key("name")
        .string(field.column.name)
        .key("type")
        .string(schema::type_name(field.column.type));
    writer.key("value").raw(value).key("is_hidden").boolean(field.is_hidden).end_object();
  }
  writer.end_array().end_object();
}

void write_event_rows(json::Writer& writer, std::string_view name,
                      const std::vector<investigate::EventRow>& rows) {
  writer.key(name).begin_array();
  for (const auto& row : rows) {
    write_event_row(writer, row);
  }
  writer.end_array();
}

Result<Reply> get_event(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  const auto device = TRY(device_of(services, call));
  const auto time = TRY(call.time("time"));
  const auto event = TRY(
      investigate::event_detail(views_of(services, call), device, TRY(call.key("event_id")), time));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("row");
  write_timeline_row(writer, event.row);
  write_event_rows(writer, "tables", event.tables);
  write_event_rows(writer, "techniques", event.techniques);
  write_event_rows(writer, "evidence", event.evidence);
  if (event.original) {
    writer.key("original");
    write_event_row(writer, *event.original);
  }
  writer.end_object();
  return Reply::json(std::move(out));
}

void write_process_acts(json::Writer& writer, const investigate::ProcessActs& acts) {
  writer.key("acts").begin_object();
  writer.key("process").number(acts.process).key("network").number(acts.network);
  writer.key("file").number(acts.file).key("registry").number(acts.registry);
  writer.key("other").number(acts.other);
  write_time_or_null(writer, "last", acts.last);
  write_time_or_null(writer, "ended", acts.ended);
  writer.key("techniques").begin_array();
  for (const std::string& technique : acts.techniques) {
    writer.string(technique);
  }
  writer.end_array().end_object();
}

void write_process(json::Writer& writer, const investigate::ProcessNode& node) {
  writer.begin_object();
  write_key(writer, "ProcessKey", node.key);
  write_key(writer, "ParentKey", node.parent_key);
  write_count_or_null(writer, "ProcessId",
                      node.process_id < 0 ? std::nullopt : std::optional(node.process_id));
  writer.key("FileName").string(node.file_name).key("ProcessCommandLine").string(node.command_line);
  writer.key("Account").string(node.account);
  writer.key("integrity").string(node.integrity).key("elevation").string(node.elevation);
  write_time_or_null(writer, "ProcessCreationTime", node.started);
  writer.key("is_inferred").boolean(node.is_inferred).key("depth").number(node.depth);
  writer.key("has_more").boolean(node.has_more);
  if (node.acts) {
    write_process_acts(writer, *node.acts);
  }
  writer.end_object();
}

Result<Reply> get_processes(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kTimelineRead));
  investigate::ProcessTreeRequest request;
  request.device = TRY(device_of(services, call));
  request.process_key = call.has("process") ? TRY(call.key("process")) : 0;
  request.depth = static_cast<int>(call.integer("depth"));
  request.most = call.integer("most");
  request.siblings = call.flag("siblings");
  request.acts = call.flag("acts");
  const auto tree = TRY(investigate::process_tree(views_of(services, call), request));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("items").begin_array();
  for (const auto& node : tree.nodes) {
    write_process(writer, node);
  }
  writer.end_array().key("folds").begin_array();
  for (const auto& fold : tree.folds) {
    writer.begin_object();
    write_key(writer, "ParentKey", fold.parent_key);
    writer.key("FileName").string(fold.file_name).key("count").number(fold.count);
    writer.key("is_sibling").boolean(fold.is_sibling).end_object();
  }
  writer.end_array().key("truncated").boolean(tree.truncated);
  write_count_or_null(writer, "known_descendants", tree.known_descendants);
  writer.end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kGetEvent, get_event, ""},
    {OperationId::kGetProcesses, get_processes, ""},
};

}  // namespace

std::span<const HandlerEntry> event_handlers() { return kHandlers; }

}  // namespace spoor::api
