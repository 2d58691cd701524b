#pragma once
// How commands say that something failed.

#include "base/result.h"

namespace spoor::cli {

/// Prints the error to standard error and returns the exit code 1.
int say_failure(const Error& error);

}  // namespace spoor::cli
