#pragma once
// Entries of the audit log in a caller's name.

#include <string_view>

#include "auth/caller.h"
#include "base/result.h"
#include "base/ticks.h"
#include "state/state.h"

namespace spoor::auth {

/// Adds an entry in the caller's name. Call it in the transaction of the effect (see
/// State::in_transaction). `detail` is JSON and must hold no secret.
Result<void> record(state::State& state, const Caller& caller, Ticks time, std::string_view action,
                    std::string_view object, std::string_view detail = "{}",
                    state::AuditOutcome outcome = state::AuditOutcome::kDone);

}  // namespace spoor::auth
