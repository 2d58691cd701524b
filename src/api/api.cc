#include "api/api.h"

#include <memory>
#include <utility>

#include "api/arguments.h"
#include "api/authentication.h"
#include "api/contract.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/recording.h"

namespace spoor::api {
namespace {

bool changes(const OperationSpec& spec) { return spec.method != http::Method::kGet; }

class Dispatcher {
 public:
  Dispatcher(const Services& services, std::unique_ptr<const Contract> contract,
             std::vector<HandlerEntry> handlers)
      : services_(services), contract_(std::move(contract)), handlers_(std::move(handlers)) {}

  void dispatch(OperationId id, http::Exchange& exchange) const {
    auto reply = answer((*contract_)[id], exchange);
    if (exchange.has_responded()) {
      return;
    }
    if (!reply) {
      report(reply.error(), exchange);
      exchange.respond(error_response(reply.error(), exchange.request().id));
      return;
    }
    if (!reply->is_streamed) {
      exchange.respond(std::move(reply->response));
    }
  }

 private:
  Result<Reply> answer(const CheckedOperation& operation, http::Exchange& exchange) const {
    const OperationSpec& spec = *operation.spec;
    const http::Request& request = exchange.request();
    auth::Caller caller = TRY(authenticate(services_, request, spec));
    if (auto allowed = authorize(caller, spec); !allowed) {
      if (changes(spec)) {
        TRY_VOID(record_refusal(services_, caller, request, spec.name));
      }
      return std::unexpected(std::move(allowed).error());
    }
    auto arguments = TRY(read_arguments(operation, exchange));
    if (!has_accepted_type(operation, request)) {
      return unsupported_type(spec, request.id);
    }
    auto body = TRY(read_body(operation, request));
    Call call(exchange, spec, std::move(caller), std::move(arguments), std::move(body));
    const HandlerEntry& handler = handlers_[static_cast<std::size_t>(spec.id)];
    auto reply = handler.handle(services_, call);
    if (!handler.action.empty() && !call.is_recorded()) {
      TRY_VOID(record(services_, call, handler.action, outcome_of(reply)));
    }
    return reply;
  }

  static state::AuditOutcome outcome_of(const Result<Reply>& reply) {
    if (reply) {
      return state::AuditOutcome::kDone;
    }
    return reply.error().code == ErrorCode::kForbidden ? state::AuditOutcome::kRefused
                                                       : state::AuditOutcome::kFailed;
  }

  static Reply unsupported_type(const OperationSpec& spec, std::string_view request_id) {
    std::string accepted;
    for (const ContentSpec& body : spec.bodies) {
      accepted += (accepted.empty() ? "" : " or ") + std::string(body.media_type);
    }
    return Reply::json(
        http_error_body(415, "unsupported_media_type", "The body must be " + accepted, request_id),
        415);
  }

  void report(const Error& error, const http::Exchange& exchange) const {
    if (services_.on_failure && error_status(error.code) >= 500) {
      services_.on_failure(exchange.request().id, error);
    }
  }

  const Services& services_;
  std::unique_ptr<const Contract> contract_;
  std::vector<HandlerEntry> handlers_;
};

}  // namespace

Result<void> add_routes(http::Router& router, const Services& services) {
  const auto dispatcher =
      std::make_shared<const Dispatcher>(services, TRY(Contract::load()), TRY(all_handlers()));
  for (const OperationSpec& spec : operations()) {
    http::RouteOptions options;
    options.name = spec.name;
    options.max_body_bytes = spec.max_body_bytes;
    options.seconds = spec.seconds;
    TRY_VOID(router.add(
        spec.method, spec.path,
        [dispatcher, id = spec.id](http::Exchange& exchange) {
          dispatcher->dispatch(id, exchange);
        },
        std::move(options)));
  }
  return router.check();
}

}  // namespace spoor::api
