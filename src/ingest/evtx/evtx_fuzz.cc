// Any bytes as an event log: reading must end, within memory, and give UTF-8.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "ingest/evtx/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spoor;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  evtx::read(
      evtx::Source::from_bytes("fuzz", bytes),
      [](const event::Record& record) {
        for (const event::Field& field : record.data) {
          if (!is_valid_utf8(field.name) ||
              (field.value.kind != event::ValueKind::kBinary && !is_valid_utf8(field.value.text))) {
            std::abort();
          }
        }
      },
      [&](const evtx::Problem& problem) {
        if (problem.offset > size) {
          std::abort();
        }
      });
  return 0;
}
