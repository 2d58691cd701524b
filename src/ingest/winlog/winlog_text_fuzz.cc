// Any bytes as Windows events in any form.

#include "ingest/winlog/fuzzed_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return spoor::winlog::read_any_way(spoor::winlog::make_text_reader, data, size);
}
