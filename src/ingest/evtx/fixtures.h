#pragma once
// Events that tests, fuzz seeds and benchmarks are made of: shaped as Sysmon and the Security log
// write them.

#include <cstdint>

#include "ingest/evtx/writer.h"

namespace spoor::evtx::fixtures {

/// Sysmon 1 (process creation), varied by `seed`.
WriteEvent sysmon_process(std::uint64_t seed);
/// Security 4688 (process creation), varied by `seed`.
WriteEvent security_process(std::uint64_t seed);
/// Sysmon 3 (network connection), varied by `seed`.
WriteEvent sysmon_network(std::uint64_t seed);
/// A mixed log of about `bytes` bytes.
std::string dense_log(std::size_t bytes);

}  // namespace spoor::evtx::fixtures
