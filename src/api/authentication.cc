#include "api/authentication.h"

#include "auth/authenticator.h"
#include "auth/credential.h"
#include "base/text.h"

namespace spoor::api {
namespace {

constexpr std::string_view kBearer = "bearer ";

auth::Caller nobody(const http::Request& request) {
  auth::Caller caller;
  caller.kind = auth::CallerKind::kUser;
  caller.address = request.remote_address;
  return caller;
}

auth::Caller metrics_reader(const http::Request& request) {
  auth::Caller caller = nobody(request);
  caller.kind = auth::CallerKind::kToken;
  caller.name = "metrics";
  caller.permissions.set(static_cast<std::size_t>(auth::Permission::kMetricsRead));
  return caller;
}

bool changes(http::Method method) {
  return method != http::Method::kGet && method != http::Method::kHead;
}

}  // namespace

Result<auth::Caller> authenticate(const Services& services, const http::Request& request,
                                  const OperationSpec& spec) {
  if (spec.access == Access::kPublic) {
    return nobody(request);
  }
  if (request.has_header("Authorization")) {
    const std::string_view value = request.header("Authorization");
    if (!starts_with_ignoring_case(value, kBearer)) {
      return fail(Error::make(ErrorCode::kUnauthenticated,
                              "The header Authorization holds no bearer token.")
                      .with_hint("send Authorization: Bearer TOKEN"));
    }
    const std::string_view token = value.substr(kBearer.size());
    if (services.is_metrics_token && spec.access == Access::kPermission &&
        spec.permission == auth::Permission::kMetricsRead && services.is_metrics_token(token)) {
      return metrics_reader(request);
    }
    return services.authenticator.from_bearer(token, request.remote_address);
  }
  if (request.has_header("Cookie")) {
    const auto cookie = request.cookie(auth::kCookieName);
    if (cookie) {
      auth::Caller caller =
          TRY(services.authenticator.from_cookie(*cookie, request.remote_address));
      if (changes(spec.method)) {
        TRY_VOID(auth::check_csrf(*cookie, request.header(auth::kCsrfHeader)));
      }
      return caller;
    }
  }
  if (request.peer && request.peer->user >= 0) {
    return services.authenticator.from_peer_uid(static_cast<unsigned>(request.peer->user));
  }
  return fail(ErrorCode::kUnauthenticated, "Sign in to go on.");
}

Result<void> authorize(const auth::Caller& caller, const OperationSpec& spec) {
  return spec.access == Access::kPermission ? auth::require(caller, spec.permission)
                                            : Result<void>();
}

}  // namespace spoor::api
