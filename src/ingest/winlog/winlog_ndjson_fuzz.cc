// Any bytes as NDJSON of Windows events, in pieces: reading must end, within memory, and what it
// gives must be UTF-8 and the same however the text is cut.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "ingest/winlog/winlog.h"

namespace {

std::string read(std::string_view text, std::size_t step) {
  using namespace spoor;
  std::string all;
  const auto reader = winlog::make_ndjson_reader(
      "fuzz", [&](const event::Record& record) { event::append_record_json(all, record); },
      [&](const Error& error) {
        all += error.message;
        if (error.offset < 0) {
          std::abort();
        }
      },
      {.event_bytes = 64u << 10, .fields = 1000, .depth = 16});
  for (; !text.empty(); text.remove_prefix(std::min(step, text.size()))) {
    reader->feed(text.substr(0, step));
  }
  reader->finish();
  if (!is_valid_utf8(all)) {
    std::abort();
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (read(text, size + 1) != read(text, 7)) {
    std::abort();
  }
  return 0;
}
