#pragma once
// The engine's configuration files, as texts.

#include <cstdint>
#include <string>

namespace spoor::storeworker {

struct EngineConfig {
  std::string folder;            ///< the engine's data
  std::string users_file;        ///< path of the file that users_xml() is written to
  std::uint64_t max_memory = 0;  ///< bytes that the engine may track; 0: its own default
};

/// Server settings; named to the engine by --config-file.
std::string server_xml(const EngineConfig& config);
/// The one user and its grants: no outside sources, no dictionaries, functions or users.
std::string users_xml();

}  // namespace spoor::storeworker
