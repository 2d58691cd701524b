// Any bytes as a tar: a manifest and files that are not larger than the bytes, or a refusal.

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/file.h"
#include "server/backup_forms.h"
#include "server/backup_manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const spoor::FileHandle file(::memfd_create("backup", MFD_CLOEXEC));
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!file.is_open() || !spoor::write_all(file.get(), bytes, "the memory")) {
    return 0;
  }
  const auto reader = spoor::server::open_tar("/proc/self/fd/" + std::to_string(file.get()));
  if (!reader) {
    return 0;
  }
  if (const auto manifest = (*reader)->manifest(); manifest) {
    if (manifest->size() > size) {
      __builtin_trap();
    }
    (void)spoor::server::BackupManifest::read(*manifest);
  }
  (void)(*reader)->each([&](const std::string&, std::uint64_t announced,
                            const spoor::server::ByteSource& source) -> spoor::Result<void> {
    if (announced > size) {
      __builtin_trap();
    }
    (void)spoor::server::copy_hashed(announced, source,
                                     [](std::string_view) { return spoor::Result<void>(); });
    return {};
  });
  return 0;
}
