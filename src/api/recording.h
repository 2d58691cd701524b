#pragma once
// What the API itself writes into the audit log. Internal to the module.

#include <functional>
#include <string_view>

#include "api/call.h"
#include "api/services.h"
#include "base/result.h"
#include "state/audit.h"

namespace spoor::api {

/// Adds an entry of the call: its caller and address, with the object and detail that the handler
/// has noted.
Result<void> record(const Services& services, const Call& call, std::string_view action,
                    state::AuditOutcome outcome);
/// Adds an entry of a request that was not let through to its handler.
Result<void> record_refusal(const Services& services, const auth::Caller& caller,
                            const http::Request& request, std::string_view operation);

/// Runs `effect` and adds the entry of the call in one transaction of the state: both hold, or
/// neither.
Result<void> record_with(const Services& services, Call& call, std::string_view action,
                         const std::function<Result<void>()>& effect);

}  // namespace spoor::api
