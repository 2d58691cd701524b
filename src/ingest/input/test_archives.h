#pragma once
// Archives for the tests of this module, built by libarchive.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spoor::ingest::testing {

enum class Format { kZip, kTar, kTarGzip, kTarZstd, kGzip, kZstd };

struct Entry {
  std::string name;
  std::string content;
  std::string symlink;   ///< target, for a symbolic link
  std::string hardlink;  ///< target, for a hard link
  bool is_folder = false;
};

/// The bytes of an archive; kGzip and kZstd take one entry, whose name is not stored. A password
/// encrypts a zip.
std::string pack(Format format, const std::vector<Entry>& entries,
                 const std::string& password = {});

}  // namespace spoor::ingest::testing
