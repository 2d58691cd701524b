#pragma once
// The shared event logs, for tests: SPOOR_SHARED_DATA names their folder.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace spoor::evtx {

/// Folder of the shared event logs; it need not be there.
inline std::filesystem::path shared_evtx() {
  const char* given = std::getenv("SPOOR_SHARED_DATA");
  return std::filesystem::path(given != nullptr ? given : SPOOR_SOURCE_DIR "/../shared/data") /
         "evtx";
}

/// Every log below the folder, by name; none where it is not there.
inline std::vector<std::filesystem::path> shared_logs() {
  std::vector<std::filesystem::path> logs;
  if (std::filesystem::is_directory(shared_evtx())) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared_evtx())) {
      if (entry.is_regular_file() && entry.path().extension() == ".evtx") {
        logs.push_back(entry.path());
      }
    }
  }
  std::ranges::sort(logs);
  return logs;
}

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace spoor::evtx
