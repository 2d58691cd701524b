#pragma once
// From what a request carries to who calls. Internal to the module.

#include "api/gen/operations.h"
#include "api/services.h"
#include "auth/caller.h"
#include "base/result.h"
#include "http/message.h"

namespace spoor::api {

/// The caller by bearer token, else by session cookie (with its CSRF token where something is
/// changed), else by the local socket. Nobody, with no permission, for public operations.
/// kUnauthenticated, kForbidden.
Result<auth::Caller> authenticate(const Services& services, const http::Request& request,
                                  const OperationSpec& spec);

/// kForbidden where the caller may not call the operation.
Result<void> authorize(const auth::Caller& caller, const OperationSpec& spec);

}  // namespace spoor::api
