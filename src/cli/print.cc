#include "cli/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "json/writer.h"
#include "kql/exec/format.h"

namespace spoor::cli {
namespace {

constexpr std::size_t kWidestCell = 100;

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

/// The first `letters` characters.
std::string_view cut(std::string_view text, std::size_t letters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if ((text[at] & 0xc0) != 0x80 && letters-- == 0) {
      break;
    }
  }
  return text.substr(0, at);
}

void append_object(std::string& out, const std::vector<kql::ResultColumn>& columns,
                   const kql::Row& row) {
  out += '{';
  for (std::size_t at = 0; at < columns.size(); ++at) {
    out += at == 0 ? "" : ",";
    json::append_string(out, columns[at].name);
    out += ':';
    kql::append_json(out, columns[at].type, row[at]);
  }
  out += '}';
}

}  // namespace

std::string terminal_text(std::string_view text) {
  std::string out;
  for (const char letter : to_valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20) {
      append_utf8(out, 0x2400 + byte);
    } else if (byte == 0x7f) {
      append_utf8(out, 0x2421);
    } else {
      out += letter;
    }
  }
  // C1 controls and marks that reorder a line do the same in other clothes.
  std::string clean;
  for (std::size_t at = 0; at < out.size(); ++at) {
    const std::string_view rest = std::string_view(out).substr(at);
    const bool is_c1 = rest.size() > 1 && rest[0] == '\xc2' &&
                       static_cast<unsigned char>(rest[1]) >= 0x80 &&
                       static_cast<unsigned char>(rest[1]) < 0xa0;
    const bool is_bidi =
        rest.starts_with("\u202a") || rest.starts_with("\u202b") || rest.starts_with("\u202c") ||
        rest.starts_with("\u202d") || rest.starts_with("\u202e") || rest.starts_with("\u2066") ||
        rest.starts_with("\u2067") || rest.starts_with("\u2068") || rest.starts_with("\u2069");
    if (is_c1 || is_bidi) {
      clean += "\ufffd";
      at += is_c1 ? 1 : 2;
    } else {
      clean += out[at];
    }
  }
  return clean;
}

void RowPrinter::start() {
  if (rows_ > 0) {
    return;
  }
  if (format_ == Format::kJson) {
    std::fputs("[", stdout);
  } else if (format_ == Format::kCsv) {
    fmt::print("{}\n", kql::csv_header(columns_));
  }
}

Result<void> RowPrinter::add(std::span<const kql::Row> rows) {
  std::string out;
  for (const kql::Row& row : rows) {
    start();
    switch (format_) {
      case Format::kTable: {
        std::vector<std::string> cells;
        for (std::size_t at = 0; at < columns_.size(); ++at) {
          cells.push_back(terminal_text(kql::format_value(columns_[at].type, row[at])));
        }
        cells_.push_back(std::move(cells));
        break;
      }
      case Format::kNdjson:
        append_object(out, columns_, row);
        out += '\n';
        break;
      case Format::kJson:
        out += rows_ > 0 ? ",\n" : "\n";
        append_object(out, columns_, row);
        break;
      case Format::kCsv:
        out += kql::csv_line(columns_, row);
        out += '\n';
        break;
    }
    ++rows_;
  }
  if (!out.empty() && fwrite(out.data(), 1, out.size(), stdout) != out.size()) {
    return fail(ErrorCode::kIo, "the output was closed");
  }
  return {};
}

void RowPrinter::print_table() const {
  std::vector<std::size_t> widths;
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    std::size_t width = width_of(columns_[at].name);
    for (const auto& row : cells_) {
      width = std::max(width, std::min(width_of(row[at]), kWidestCell));
    }
    widths.push_back(width);
  }
  const auto line = [&](auto&& cell_of) {
    std::string out;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
      std::string cell(cell_of(at));
      if (width_of(cell) > widths[at]) {
        cell = std::string(cut(cell, widths[at] - 1)) + "…";
      }
      out += cell;
      if (at + 1 < columns_.size()) {
        out.append(widths[at] - width_of(cell) + 2, ' ');
      }
    }
    fmt::print("{}\n", out);
  };
  line([&](std::size_t at) { return columns_[at].name; });
  line([&](std::size_t at) { return std::string(widths[at], '-'); });
  for (const auto& row : cells_) {
    line([&](std::size_t at) { return row[at]; });
  }
}

void RowPrinter::finish(bool truncated) {
  start();
  if (format_ == Format::kTable) {
    print_table();
  } else if (format_ == Format::kJson) {
    std::fputs(rows_ > 0 ? "\n]\n" : "]\n", stdout);
  }
  if (truncated) {
    std::fprintf(stderr, "Only the first %llu rows are shown; there are more (--rows).\n",
                 static_cast<unsigned long long>(rows_));
  }
  std::fflush(stdout);
}

}  // namespace spoor::cli
