#pragma once
// What a file that is not read may be, by its name: so that a triage collection says "40 registry
// hives" instead of 40 lines.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::ingest {

/// "registry hives", "prefetch files", …; "files of no known kind" for the rest. The name may be
/// percent-encoded, as Velociraptor writes it.
std::string_view unread_kind(std::string_view path);

/// The files of one kind.
struct UnreadKind {
  std::string_view kind;
  std::uint64_t count = 0;
  std::vector<std::string> examples;  ///< the first of them
};

/// The paths by kind, the most frequent kind first.
std::vector<UnreadKind> unread_by_kind(std::span<const std::string> paths,
                                       std::size_t examples = 3);

}  // namespace spoor::ingest
