#pragma once
// Prints rows of results in the format that was asked for.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/commands.h"
#include "kql/exec/executor.h"

namespace spoor::cli {

/// Takes rows as they come. A table needs all of them before the first line can be drawn; the other
/// formats stream.
class RowPrinter {
 public:
  RowPrinter(Format format, std::vector<kql::ResultColumn> columns)
      : format_(format), columns_(std::move(columns)) {}
  Result<void> add(std::span<const kql::Row> rows);
  /// Writes what is left, and says on standard error where rows were left out.
  void finish(bool truncated);

 private:
  void start();
  void print_table() const;
  Format format_;
  std::vector<kql::ResultColumn> columns_;
  std::vector<std::vector<std::string>> cells_;  // of the table
  std::uint64_t rows_ = 0;
};

/// Text of a cell for a terminal: control characters shown as symbols, so that evidence cannot move
/// the cursor.
std::string terminal_text(std::string_view text);

}  // namespace spoor::cli
