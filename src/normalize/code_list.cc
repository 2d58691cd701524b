#include "normalize/code_list.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace spoor::normalize {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

void append_name(std::string& list, std::string_view name) {
  if (!list.empty()) {
    list += ", ";
  }
  list += name;
}

}  // namespace

std::string_view name_of(std::string_view code, std::string_view otherwise,
                         std::span<const LookupEntry> names) {
  const auto is_before = [](std::string_view one, std::string_view other) {
    return std::ranges::lexicographical_compare(one, other, {}, ascii_lower, ascii_lower);
  };
  const auto at = std::ranges::lower_bound(names, code, is_before, &LookupEntry::code);
  return at != names.end() && equals_ignoring_case(at->code, code) ? at->name : otherwise;
}

std::string named_codes(std::string_view text, std::span<const LookupEntry> names) {
  std::string list;
  while (!text.empty()) {
    const auto start = text.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) {
      break;
    }
    text.remove_prefix(start);
    std::string_view code = text.substr(0, text.find_first_of(kBlanks));
    text.remove_prefix(code.size());
    if (code.ends_with(',')) {
      code.remove_suffix(1);
    }
    if (code.starts_with("%{") && code.ends_with('}')) {
      code = code.substr(2, code.size() - 3);
    }
    if (code.find_first_not_of('-') != std::string_view::npos) {
      append_name(list, name_of(code, code, names));
    }
  }
  return list;
}

std::string named_flags(std::int64_t flags, std::span<const LookupEntry> names) {
  std::string list;
  for (auto left = static_cast<std::uint64_t>(flags); left != 0; left &= left - 1) {
    const std::string bit = fmt::format("{:#x}", left & ~(left - 1));
    append_name(list, name_of(bit, bit, names));
  }
  return list;
}

}  // namespace spoor::normalize
