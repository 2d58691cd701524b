#pragma once
// One client's connection: requests one after the other.

#include "storeworker/engine.h"

namespace spoor::storeworker {

class DisconnectWatch;
struct ServerOptions;

/// Serves `socket` until the client closes it. Does not close it.
void run_session(int socket, Engine& engine, DisconnectWatch& watch, const ServerOptions& options);

}  // namespace spoor::storeworker
