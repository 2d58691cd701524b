// A manifest is read whole or refused; what is read names nothing but what a backup may hold, and
// writes what is read as the same again.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/backup_manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using spoor::server::BackupManifest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)spoor::server::is_backup_path(text);
  const auto manifest = BackupManifest::read(text);
  if (!manifest) {
    return 0;
  }
  for (const auto& file : manifest->files) {
    if (!spoor::server::is_backup_path(file.path) || file.path.starts_with('/') ||
        file.path.find("..") == 0 || file.path.find("/..") != file.path.npos) {
      __builtin_trap();
    }
  }
  const std::string written = manifest->to_json();
  const auto again = BackupManifest::read(written);
  if (!again || again->to_json() != written) {
    __builtin_trap();
  }
  return 0;
}
