// Any bytes as a file: taken apart within limits, they must end, and every file must be readable.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ingest/input/expander.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using spoor::ingest::InputFile;
  spoor::ingest::Limits limits;
  limits.archive_bytes = 8 << 20;
  limits.member_bytes = 4 << 20;
  limits.memory_bytes = 4 << 20;
  limits.members = 200;
  spoor::ingest::Expander expander(
      limits,
      [&](InputFile& file) {
        const auto bytes = file.bytes();
        if (!bytes || bytes->size() != file.size ||
            (file.disk_path.empty() && file.size > limits.member_bytes)) {
          std::abort();
        }
      },
      [](const spoor::Error&) {}, {});
  InputFile file =
      InputFile::from_memory("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  if (size <= limits.member_bytes) {
    expander.expand(file, {});
  }
  return 0;
}
