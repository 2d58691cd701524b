#pragma once
// From what is stored to a Caller. Internal to the module.

#include "auth/caller.h"
#include "state/tokens.h"
#include "state/users.h"

namespace spoor::auth {

/// A person with a session: no permission at all while the password must be changed.
Caller user_caller(const state::User& user, std::string_view session_id, std::string_view address);
/// A program: what the token's scopes name and its owner may, of the devices that both may see.
Caller token_caller(const state::Token& token, const state::User& owner, std::string_view address);

}  // namespace spoor::auth
