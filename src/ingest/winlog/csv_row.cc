#include "ingest/winlog/csv_row.h"

#include <algorithm>

namespace spoor::winlog {

std::size_t CsvRowEnd::find(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '"') {
      in_quotes_ = !in_quotes_;
    } else if (text[at] == '\n' && !in_quotes_) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

void split_csv_row(std::string_view row, char separator, std::vector<std::string>& values) {
  while (row.ends_with('\n') || row.ends_with('\r')) {
    row.remove_suffix(1);
  }
  values.clear();
  values.emplace_back();
  bool in_quotes = false;
  for (std::size_t at = 0; at < row.size(); ++at) {
    const char letter = row[at];
    if (letter == '"') {
      const bool is_doubled = in_quotes && at + 1 < row.size() && row[at + 1] == '"';
      if (is_doubled) {
        values.back() += '"';
        ++at;
      } else {
        in_quotes = !in_quotes;
      }
    } else if (letter == separator && !in_quotes) {
      values.emplace_back();
    } else {
      values.back() += letter;
    }
  }
}

char csv_separator(std::string_view head) {
  constexpr std::string_view kSeparators = ",;\t";
  return *std::ranges::max_element(kSeparators, {},
                                   [&](char letter) { return std::ranges::count(head, letter); });
}

}  // namespace spoor::winlog
