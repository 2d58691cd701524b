#include "auth/record.h"

namespace spoor::auth {

Result<void> record(state::State& state, const Caller& caller, Ticks time, std::string_view action,
                    std::string_view object, std::string_view detail, state::AuditOutcome outcome) {
  TRY(state.audit().append({.time = time,
                            .actor = caller.actor(),
                            .action = std::string(action),
                            .object = std::string(object),
                            .detail = std::string(detail),
                            .address = caller.address,
                            .outcome = outcome}));
  return {};
}

}  // namespace spoor::auth
