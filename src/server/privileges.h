#pragma once
// Gives up root before anything is served.

#include <string>

#include "base/result.h"

namespace spoor::server {

/// Where this process is root: becomes `user`, for good, and checks that there is no way back.
/// `data_folder` is made for that user where it is missing, and given to it where it is empty; one
/// with content must be its own. kConflict where no user is named or the user is root,
/// kNotFound where there is no such user. Does nothing for a process that is not root, save that
/// kConflict says where it was to become somebody else. Only while the process has one thread.
Result<void> leave_root(const std::string& user, const std::string& data_folder);

}  // namespace spoor::server
