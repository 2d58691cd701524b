#include "api/recording.h"

#include "json/writer.h"
#include "state/state.h"

namespace spoor::api {

Result<void> record(const Services& services, const Call& call, std::string_view action,
                    state::AuditOutcome outcome) {
  state::AuditEntry entry;
  entry.time = now_ticks();
  entry.actor = call.caller().actor();
  entry.action = action;
  entry.object = call.audit_object();
  entry.detail = call.audit_detail();
  entry.address = call.request().remote_address;
  entry.outcome = outcome;
  TRY(services.state.audit().append(entry));
  return {};
}

Result<void> record_refusal(const Services& services, const auth::Caller& caller,
                            const http::Request& request, std::string_view operation) {
  state::AuditEntry entry;
  entry.time = now_ticks();
  entry.actor = caller.actor();
  entry.action = "api.refused";
  entry.object = operation;
  entry.detail.clear();
  json::Writer writer(entry.detail);
  writer.begin_object()
      .key("path")
      .string(std::string_view(request.path).substr(0, 500))
      .end_object();
  entry.address = request.remote_address;
  entry.outcome = state::AuditOutcome::kRefused;
  TRY(services.state.audit().append(entry));
  return {};
}

Result<void> record_with(const Services& services, Call& call, std::string_view action,
                         const std::function<Result<void>()>& effect) {
  TRY_VOID(services.state.in_transaction([&]() -> Result<void> {
    TRY_VOID(effect());
    return record(services, call, action, state::AuditOutcome::kDone);
  }));
  call.set_recorded();
  return {};
}

}  // namespace spoor::api
