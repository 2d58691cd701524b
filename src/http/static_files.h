#pragma once
// A folder of files, read once and served from memory. What a request names is looked up among the
// names that were read at the start; it never becomes a path of the file system.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace spoor::http {

/// Bounds of what is read; past them the folder is not what it is taken for.
struct StaticLimits {
  std::size_t files = 2000;
  std::uint64_t file_bytes = 16ULL << 20;
  std::uint64_t total_bytes = 64ULL << 20;
  int depth = 8;
};

/// Content type by the ending of a name; "application/octet-stream" for one that is not known.
std::string_view content_type_of(std::string_view name);
/// True where an If-None-Match header names the tag, or "*" (compared as RFC 9110 section 8.8.3.2
/// calls weak).
bool names_tag(std::string_view if_none_match, std::string_view tag);

/// Immutable once loaded, thread-safe.
class StaticFiles {
 public:
  /// Reads all regular files below `folder`. Links and names that start with a dot are left out.
  /// kNotFound where there is no such folder, kLimit past the limits.
  static Result<StaticFiles> load(const std::string& folder, const StaticLimits& limits = {});

  [[nodiscard]] std::size_t size() const { return files_.size(); }
  /// `path` as Request::path holds it: "/assets/app.js".
  [[nodiscard]] bool has(std::string_view path) const { return files_.contains(path); }
  /// 200 with the file in the coding that the client likes best, 304 where it has it, 404 without a
  /// body where there is none. `cache_control` and `more` go into both of the first.
  [[nodiscard]] Response answer(const Request& request, std::string_view path,
                                std::string_view cache_control, const Headers& more) const;

 private:
  struct File {
    std::string bytes;
    std::string gzip, zstd;  ///< empty where compression does not help
    std::string tag;
    std::string_view content_type;
  };
  friend class FolderReader;

  std::map<std::string, File, std::less<>> files_;
};

}  // namespace spoor::http
