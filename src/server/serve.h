#pragma once
// `spoor serve`: one data folder, served until a signal ends it.

#include <string>

#include "base/result.h"
#include "server/config.h"

namespace spoor::server {

struct ServeOptions {
  std::string data;
  LoadedConfig config;
  /// Say address, fingerprint and one-time password on standard output even where it is no
  /// terminal.
  bool greets = false;
};

/// Opens the folder, serves, and returns when SIGTERM or SIGINT has ended it in order. SIGHUP reads
/// certificate, key and the token for metrics again. Must be called while the process has one
/// thread.
Result<void> serve(const ServeOptions& options);

}  // namespace spoor::server
