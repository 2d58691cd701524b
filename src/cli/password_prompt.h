#pragma once
// Passwords come from the terminal, unseen, or from standard input; never from arguments, which
// every user of the machine can read.

#include <string>

#include "auth/secret.h"
#include "base/result.h"

namespace spoor::cli {

/// A new password: asked for twice on a terminal, else the first line of standard input.
/// kInvalidInput where the two differ or there is none.
Result<auth::Secret> read_new_password(const std::string& user);

}  // namespace spoor::cli
