// Who did what.

#include "api/cursor.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/write_json.h"
#include "json/reader.h"
#include "state/state.h"

namespace spoor::api {
namespace {

constexpr std::string_view kList = "audit";

void write_entry(json::Writer& writer, const state::AuditEntry& entry) {
  writer.begin_object();
  write_key(writer, "id", entry.id);
  write_time(writer, "time", entry.time);
  writer.key("actor")
      .string(entry.actor)
      .key("action")
      .string(entry.action)
      .key("object")
      .string(entry.object);
  const auto detail = json::parse(entry.detail);
  writer.key("detail").raw(detail ? detail->dump() : "null");
  writer.key("address")
      .string(entry.address)
      .key("outcome")
      .string(state::audit_outcome_name(entry.outcome))
      .end_object();
}

Result<Reply> list_audit(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kAuditRead));
  std::int64_t before = INT64_MAX;
  if (call.has("cursor")) {
    before = TRY(cursor_number(TRY(decode_cursor(kList, call.text("cursor"), 1))[0]));
  }
  state::AuditFilter filter;
  filter.since = TRY(call.time("from"));
  if (const auto last = TRY(call.time("to"))) {
    filter.until = *last + 1;
  }
  filter.actor = call.text("actor");
  filter.action_prefix = call.text("action");
  filter.object = call.text("object");
  const int limit = static_cast<int>(call.integer("limit"));
  const auto entries = TRY(services.state.audit().newest(limit, before, filter));
  const bool is_full = static_cast<int>(entries.size()) == limit;
  const std::string next = is_full ? encode_cursor(kList, {std::to_string(entries.back().id)}) : "";
  return Reply::json(list_body(entries, next, write_entry));
}

constexpr HandlerEntry kHandlers[] = {{OperationId::kListAudit, list_audit, ""}};

}  // namespace

std::span<const HandlerEntry> audit_handlers() { return kHandlers; }

}  // namespace spoor::api
