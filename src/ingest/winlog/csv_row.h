#pragma once
// Rows of a CSV (RFC 4180). Internal to the module.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::winlog {

/// Finds the end of a row in text that comes in pieces.
class CsvRowEnd {
 public:
  /// Position behind the row's line end at or after `from`, where it was left off; npos where it
  /// has none yet.
  std::size_t find(std::string_view text, std::size_t from);
  void reset() { in_quotes_ = false; }
  [[nodiscard]] bool in_quotes() const { return in_quotes_; }

 private:
  bool in_quotes_ = false;
};

/// The values of one row, without the quotes around them. What stands behind a closing quote is
/// taken as it is.
void split_csv_row(std::string_view row, char separator, std::vector<std::string>& values);
/// ',', ';' or a tab, whichever the head of a CSV has most.
char csv_separator(std::string_view head);

}  // namespace spoor::winlog
