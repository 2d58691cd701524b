// Any bytes as a block of records: reading must end, within memory, and what it gives must be what
// a record may hold and must read the same when it is written again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "event/record_codec.h"
#include "json/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spoor;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  event::RecordBlockReader reader({.bytes = 1u << 20, .records = 1000, .fields = 1000});
  event::RecordBlockWriter writer;
  std::string first;
  (void)reader.read(bytes, [&](const event::Record& record) {
    std::string line;
    event::append_record_json(line, record);
    if (!is_valid_utf8(line) || record.time < kYearOne || record.time > kMaxTicks) {
      std::abort();
    }
    first += line;
    writer.add(record);
  });
  std::string again;
  writer.finish(again);
  std::string second;
  event::RecordBlockReader fresh;
  const auto read = fresh.read(
      again, [&](const event::Record& record) { event::append_record_json(second, record); });
  if (!read || first != second) {
    std::abort();
  }
  return 0;
}
