// What the server says of itself: settings, schema, the contract, health, metrics.

#include "api/gen/operations.h"
#include "api/handlers.h"
#include "api/write_json.h"
#include "schema/schema.h"

namespace spoor::api {
namespace {

void write_setting(json::Writer& writer, const EffectiveSetting& setting) {
  writer.begin_object().key("key").string(setting.key).key("value").string(setting.value);
  writer.key("origin").string(setting.origin).key("doc").string(setting.doc);
  writer.key("is_changeable").boolean(setting.is_changeable);
  writer.key("changed_by").string(setting.changed_by);
  write_time_or_null(writer, "changed", setting.changed);
  writer.end_object();
}

Result<Reply> list_settings(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kSettingsRead));
  const auto settings =
      services.settings ? TRY(services.settings()) : std::vector<EffectiveSetting>();
  return Reply::json(list_body(settings, "", write_setting));
}

Result<Reply> change_to(const Services& services, const Call& call,
                        const std::optional<std::string>& value) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kSettingsWrite));
  if (!services.change_setting) {
    return fail(ErrorCode::kUnsupported, "This server does not offer it.");
  }
  std::string out;
  json::Writer writer(out);
  write_setting(writer, TRY(services.change_setting(call.caller(), call.text("key"), value)));
  return Reply::json(std::move(out));
}

Result<Reply> change_setting(const Services& services, Call& call) {
  return change_to(services, call, std::string(call.body()["value"].text_or("")));
}

Result<Reply> reset_setting(const Services& services, Call& call) {
  return change_to(services, call, std::nullopt);
}

void write_table(json::Writer& writer, const schema::Table& table) {
  writer.begin_object().key("name").string(table.name);
  writer.key("kind")
      .string(table.kind == schema::TableKind::kEvent ? "event" : "snapshot")
      .key("doc")
      .string(table.doc);
  writer.key("columns").begin_array();
  for (const schema::Column& column : table.columns) {
    writer.begin_object()
        .key("name")
        .string(column.name)
        .key("type")
        .string(schema::type_name(column.type));
    writer.key("is_hidden").boolean(column.hidden).key("doc").string(column.doc).end_object();
  }
  writer.end_array().end_object();
}

Result<Reply> get_schema(const Services& /*services*/, Call& /*call*/) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object()
      .key("version")
      .number(static_cast<std::int64_t>(schema::version()))
      .key("tables")
      .begin_array();
  for (const schema::Table& table : schema::tables()) {
    write_table(writer, table);
  }
  writer.end_array().end_object();
  return Reply::json(std::move(out));
}

Result<Reply> get_open_api(const Services& /*services*/, Call& /*call*/) {
  return Reply::json(std::string(openapi_json()));
}

Result<Reply> get_health(const Services& /*services*/, Call& /*call*/) {
  return Reply::json(R"({"status":"ok"})");
}

Result<Reply> get_readiness(const Services& services, Call& /*call*/) {
  const auto checks = services.readiness ? services.readiness() : std::vector<ReadinessCheck>();
  bool is_ready = true;
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("checks").begin_array();
  for (const ReadinessCheck& check : checks) {
    is_ready = is_ready && check.is_ok;
    writer.begin_object().key("name").string(check.name).key("is_ok").boolean(check.is_ok);
    writer.key("detail").string(std::string_view(check.detail).substr(0, 1000)).end_object();
  }
  writer.end_array().key("status").string(is_ready ? "ready" : "not_ready").end_object();
  return Reply::json(std::move(out), is_ready ? 200 : 503);
}

Result<Reply> get_metrics(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kMetricsRead));
  Reply reply;
  reply.response = http::Response::text(services.metrics ? services.metrics() : "");
  reply.response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return reply;
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListSettings, list_settings, ""},
    {OperationId::kChangeSetting, change_setting, ""},
    {OperationId::kResetSetting, reset_setting, ""},
    {OperationId::kGetSchema, get_schema, ""},
    {OperationId::kGetOpenApi, get_open_api, ""},
    {OperationId::kGetHealth, get_health, ""},
    {OperationId::kGetReadiness, get_readiness, ""},
    {OperationId::kGetMetrics, get_metrics, ""},
};

}  // namespace

std::span<const HandlerEntry> server_handlers() { return kHandlers; }

}  // namespace spoor::api
