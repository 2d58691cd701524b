#include "server/config_file.h"

// Errors of the library as values.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>

#include "base/file.h"

namespace spoor::server {
namespace {

constexpr std::uint64_t kLargestFile = 1u << 20;

FileValue value_of(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    return text->get();
  }
  if (const auto* number = node.as_integer()) {
    return number->get();
  }
  if (const auto* truth = node.as_boolean()) {
    return truth->get();
  }
  return {};
}

void collect(const toml::table& table, const std::string& prefix, std::vector<FileEntry>& entries) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const auto* inner = node.as_table();
    if (inner != nullptr && !inner->empty()) {
      collect(*inner, name + ".", entries);
      continue;
    }
    const toml::source_position place = key.source().begin;
    entries.push_back({name, value_of(node), inner != nullptr, static_cast<int>(place.line),
                       static_cast<int>(place.column)});
  }
}

}  // namespace

Result<std::vector<FileEntry>> read_config_file(const std::string& path) {
  const std::string bytes = TRY(read_file(path, kLargestFile));
  const toml::parse_result parsed = toml::parse(bytes, path);
  if (!parsed) {
    const toml::source_position place = parsed.error().source().begin;
    return fail(Error::make(ErrorCode::kInvalidInput, std::string(parsed.error().description()))
                    .at(path)
                    .at_line(static_cast<int>(place.line), static_cast<int>(place.column)));
  }
  std::vector<FileEntry> entries;
  collect(parsed.table(), "", entries);
  std::ranges::sort(entries, [](const FileEntry& left, const FileEntry& right) {
    return std::pair(left.line, left.column) < std::pair(right.line, right.column);
  });
  return entries;
}

}  // namespace spoor::server
