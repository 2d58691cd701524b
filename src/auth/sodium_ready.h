#pragma once
// libsodium must be set up before its first use. Internal to the module.

namespace spoor::auth {

/// Call it before anything of libsodium; cheap after the first time. Ends the program where the
/// operating system gives no random numbers: nothing could be done safely without.
void make_sodium_ready();

}  // namespace spoor::auth
