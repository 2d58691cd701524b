#pragma once
// Counters of the server beside those of HTTP, in Prometheus' text format.

#include <cstdint>
#include <string>

#include "pipeline/live_intake.h"

namespace spoor::server {

struct ServerCounters {
  pipeline::IntakeCounters intake;
  bool engine_answers = false;
  int engine_restarts = 0;
  int engine_pid = -1;
  std::uint64_t password_hashes = 0;
  std::string data_folder;  ///< for the free space of its disk
};

void write_server_metrics(std::string& out, const ServerCounters& counters);

}  // namespace spoor::server
