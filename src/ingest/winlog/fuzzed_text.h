#pragma once
// What the fuzz targets of both texts do: read any bytes in pieces. Reading must end, within
// memory, and what it gives must be UTF-8 and the same however the text is cut. Internal to the
// module.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/text.h"
#include "ingest/winlog/winlog.h"

namespace spoor::winlog {

/// make_xml_reader or make_text_reader.
using MakeReader = std::unique_ptr<TextReader> (*)(std::string, OnRecord, OnProblem, TextLimits);

inline std::string read_in_pieces(MakeReader make_reader, std::string_view text, std::size_t step) {
  std::string all;
  const auto reader = make_reader(
      "fuzz", [&](const event::Record& record) { event::append_record_json(all, record); },
      [&](const Error& error) {
        all += error.message;
        if (error.offset < 0) {
          std::abort();
        }
      },
      {.event_bytes = 2000, .fields = 100, .depth = 16});  // small, so that inputs reach them
  for (; !text.empty(); text.remove_prefix(std::min(step, text.size()))) {
    reader->feed(text.substr(0, step));
  }
  reader->finish();
  if (!is_valid_utf8(all)) {
    std::abort();
  }
  return all;
}

inline int read_any_way(MakeReader make_reader, const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (read_in_pieces(make_reader, text, size + 1) != read_in_pieces(make_reader, text, 7)) {
    std::abort();
  }
  return 0;
}

}  // namespace spoor::winlog
