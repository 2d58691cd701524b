#pragma once
// Reads a TOML file into dotted names and plain values. Internal to the module server.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace spoor::server {

/// monostate: a value of another kind (array, real, date), which no setting takes.
using FileValue = std::variant<std::monostate, std::string, std::int64_t, bool>;

struct FileEntry {
  std::string name;  ///< "server.tls.key"
  FileValue value;
  bool is_empty_table = false;
  int line = 0;
  int column = 0;
};

/// Entries in the order of their places. Errors name file, line and column.
Result<std::vector<FileEntry>> read_config_file(const std::string& path);

}  // namespace spoor::server
