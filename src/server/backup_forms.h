#pragma once
// What the two forms of a backup share. Internal to the module server.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "server/backup_files.h"

namespace spoor::server {

Result<std::unique_ptr<BackupWriter>> create_folder(const std::string& to);
Result<std::unique_ptr<BackupReader>> open_folder(const std::string& from);
Result<std::unique_ptr<BackupWriter>> create_tar(const std::string& to);
Result<std::unique_ptr<BackupReader>> open_tar(const std::string& from);

Error no_manifest(const std::string& where);

/// Hands exactly `bytes` on; their SHA-256. kTruncated where the source has more or fewer.
Result<std::string> copy_hashed(std::uint64_t bytes, const ByteSource& source,
                                const std::function<Result<void>(std::string_view)>& sink);

}  // namespace spoor::server
