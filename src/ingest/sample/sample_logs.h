#pragma once
// Event logs of an invented incident, for people who have none at hand, and for tests: written with
// our own EVTX writer, the same bytes at each call.

#include <string>
#include <vector>

#include "base/result.h"

namespace spoor::ingest::sample {

struct SampleLog {
  std::string name;  ///< "WS01-Sysmon.evtx"
  std::string bytes;
};

/// A workstation, seen by its sensor and its audit log, and a server that it moves on to.
Result<std::vector<SampleLog>> sample_logs();

}  // namespace spoor::ingest::sample
