#include "normalize/cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "base/text.h"
#include "base/ticks.h"
#include "enrich/address_class.h"
#include "json/writer.h"

namespace spoor::normalize {
namespace {

using event::Value;
using event::ValueKind;

constexpr std::string_view kNoGuid = "{00000000-0000-0000-0000-000000000000}";

std::optional<std::int64_t> number_of(const Value& value, TextArena& arena) {
  switch (value.kind) {
    case ValueKind::kInt:
    case ValueKind::kUInt:
    case ValueKind::kHex:
    case ValueKind::kBool:
      return value.number;
    case ValueKind::kText:
      return parse_int(trim_blanks(text_of(value, arena)));
    default:
      return std::nullopt;
  }
}

Cell number_cell(const Value& value, TextArena& arena) {
  const auto number = number_of(value, arena);
  return number ? Cell::of_number(*number) : Cell{};
}

Cell bool_cell(std::string_view text) {
  text = trim_blanks(text);
  if (equals_ignoring_case(text, "true") || text == "1") {
    return Cell::of_number(1, Cell::Kind::kBool);
  }
  if (equals_ignoring_case(text, "false") || text == "0") {
    return Cell::of_number(0, Cell::Kind::kBool);
  }
  return {};
}

/// The value of one algorithm in "SHA1=…,MD5=…", in lower case; absent where it is not `digits` hex
/// digits.
Cell hash_cell(std::string_view hashes, std::string_view name, std::size_t digits,
               TextArena& arena) {
  while (!hashes.empty()) {
    const auto comma = hashes.find(',');
    const std::string_view part = hashes.substr(0, comma);
    hashes = comma == std::string_view::npos ? std::string_view() : hashes.substr(comma + 1);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos ||
        !equals_ignoring_case(trim_blanks(part.substr(0, equals)), name)) {
      continue;
    }
    const std::string_view value = trim_blanks(part.substr(equals + 1));
    if (value.size() != digits || value.find_first_not_of('0') == std::string_view::npos) {
      return {};
    }
    char lower[64];
    std::ranges::transform(value, lower, ascii_lower);
    return Cell::of_text(arena.keep({lower, digits}));
  }
  return {};
}

/// Hives as Sysmon shortens them; its first versions gave the kernel's names.
constexpr std::pair<std::string_view, std::string_view> kHives[] = {
    {"HKLM", "HKEY_LOCAL_MACHINE"},
    {"HKU", "HKEY_USERS"},
    {"HKCR", "HKEY_CLASSES_ROOT"},
    {"HKCU", "HKEY_CURRENT_USER"},
    {"\\REGISTRY\\MACHINE", "HKEY_LOCAL_MACHINE"},
    {"\\REGISTRY\\USER", "HKEY_USERS"},
};

std::string_view full_key(std::string_view key, TextArena& arena) {
  for (const auto& [brief, full] : kHives) {
    if (starts_with_ignoring_case(key, brief) &&
        (key.size() == brief.size() || key[brief.size()] == '\\')) {
      return arena.keep(std::string(full).append(key.substr(brief.size())));
    }
  }
  return key;
}

std::string_view registry_parent(std::string_view key) {
  const auto slash = key.rfind('\\');
  return slash == std::string_view::npos ? key : key.substr(0, slash);
}

std::string_view registry_name(std::string_view key) {
  const auto slash = key.rfind('\\');
  return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

Cell registry_type(std::string_view details) {
  if (details.starts_with("DWORD (")) {
    return Cell::of_text("Dword");
  }
  if (details.starts_with("QWORD (")) {
    return Cell::of_text("Qword");
  }
  return details == "Binary Data" ? Cell::of_text("Binary") : Cell{};
}

/// "DWORD (0x00000001)" as "1"; "QWORD (0xhigh-0xlow)" as one number; Sysmon keeps no binary data.
Cell registry_data(std::string_view details, TextArena& arena) {
  if (details == "Binary Data" || details == "(Empty)") {
    return {};
  }
  const bool dword = details.starts_with("DWORD (");
  if ((!dword && !details.starts_with("QWORD (")) || !details.ends_with(')')) {
    return Cell::of_text(details);
  }
  const std::string_view digits = details.substr(7, details.size() - 8);
  const auto dash = digits.find('-');
  const auto high = parse_int(digits.substr(0, dash));
  if (!high) {
    return Cell::of_text(details);
  }
  auto number = static_cast<std::uint64_t>(*high);
  if (dash != std::string_view::npos) {
    const auto low = parse_int(digits.substr(dash + 1));
    if (!low) {
      return Cell::of_text(details);
    }
    number = number << 32 | static_cast<std::uint64_t>(*low);
  }
  return Cell::of_text(arena.keep(std::to_string(number)));
}

std::string_view unquoted(std::string_view text) {
  text = trim_blanks(text);
  return text.size() >= 2 && text.front() == '"' && text.back() == '"'
             ? text.substr(1, text.size() - 2)
             : text;
}

/// One line for people: blanks and line ends become one blank, and what is long is cut.
std::string_view brief(std::string_view text, TextArena& arena) {
  constexpr std::size_t kLongest = 300;
  constexpr std::string_view kMore = "…";
  std::string line;
  for (const char letter : trim_blanks(text)) {
    const bool is_blank = letter == ' ' || (letter >= '\t' && letter <= '\r');
    if (is_blank && line.ends_with(' ')) {
      continue;
    }
    if (line.size() == kLongest) {
      const auto is_inside = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
      };
      if (is_inside(letter)) {
        while (is_inside(line.back())) {
          line.pop_back();
        }
        line.pop_back();
      }
      line += kMore;
      break;
    }
    line += is_blank ? ' ' : letter;
  }
  return arena.keep(line);
}

/// The program of a command line: what the quotes hold, else all up to ".exe", else up to a blank.
std::string_view program_of(std::string_view command_line) {
  command_line = trim_blanks(command_line);
  if (command_line.starts_with('"')) {
    command_line.remove_prefix(1);
    return command_line.substr(0, command_line.find('"'));
  }
  constexpr std::string_view kExtension = ".exe";
  for (std::size_t at = 0; at + kExtension.size() <= command_line.size(); ++at) {
    const std::size_t end = at + kExtension.size();
    if (starts_with_ignoring_case(command_line.substr(at), kExtension) &&
        (end == command_line.size() || command_line[end] == ' ')) {
      return command_line.substr(0, end);
    }
  }
  return command_line.substr(0, command_line.find(' '));
}

Cell text_cell(Transform transform, std::string_view text, TextArena& arena) {
  if (text == "-" || trim_blanks(text).empty()) {
    return {};
  }
  switch (transform) {
    case Transform::kBool:
      return bool_cell(text);
    case Transform::kTime: {
      const auto time = parse_iso_ticks(trim_blanks(text));
      return time ? Cell::of_number(*time, Cell::Kind::kTime) : Cell{};
    }
    case Transform::kFileName:
      return Cell::of_text(path_file_name(text));
    case Transform::kImageName:
      return Cell::of_text(path_file_name(program_of(text)));
    case Transform::kImagePath:
      return Cell::of_text(program_of(text));
    case Transform::kUnquoted:
      return Cell::of_text(unquoted(text));
    case Transform::kBrief:
      return Cell::of_text(brief(text, arena));
    case Transform::kMd5:
      return hash_cell(text, "MD5", 32, arena);
    case Transform::kSha1:
      return hash_cell(text, "SHA1", 40, arena);
    case Transform::kSha256:
      return hash_cell(text, "SHA256", 64, arena);
    case Transform::kImphash:
      return hash_cell(text, "IMPHASH", 32, arena);
    case Transform::kAccountName:
      return Cell::of_text(registry_name(text));
    case Transform::kAccountDomain:
      return Cell::of_text(text.find('\\') == std::string_view::npos ? "" : registry_parent(text));
    case Transform::kSid:
      return text == "S-1-0-0" || !text.starts_with("S-") ? Cell{} : Cell::of_text(text);
    case Transform::kGuid:
      return text == kNoGuid ? Cell{} : Cell::of_text(text);
    case Transform::kAddress: {
      const auto address = enrich::canonical_address(text);
      return Cell::of_text(address ? arena.keep(*address) : "");
    }
    case Transform::kHost: {
      const auto address = enrich::canonical_address(text);
      if (!address) {
        return {};
      }
      const bool is_v6 = address->find(':') != std::string::npos;
      return Cell::of_text(arena.keep(is_v6 ? "[" + *address + "]" : *address));
    }
    case Transform::kAddressClass:
      return Cell::of_text(enrich::address_class(text));
    case Transform::kRegistryKey:
      return Cell::of_text(full_key(text, arena));
    case Transform::kRegistryParent:
      return Cell::of_text(full_key(registry_parent(text), arena));
    case Transform::kRegistryName:
      return Cell::of_text(registry_name(text));
    case Transform::kRegistryType:
      return registry_type(text);
    case Transform::kRegistryData:
      return registry_data(text, arena);
    default:
      return Cell::of_text(text);
  }
}

}  // namespace

std::string_view TextArena::keep(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  char* const place = static_cast<char*>(resource_.allocate(text.size(), 1));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

std::string_view text_of(const Value& value, TextArena& arena) {
  switch (value.kind) {
    case ValueKind::kText:
    case ValueKind::kGuid:
    case ValueKind::kSid:
    case ValueKind::kJson:
      return value.text;
    case ValueKind::kNull:
      return {};
    default: {
      std::string text;
      event::append_text(text, value);
      return arena.keep(text);
    }
  }
}

Cell apply(Transform transform, const Value& value, TextArena& arena) {
  if (value.kind == ValueKind::kNull) {
    return {};
  }
  switch (transform) {
    case Transform::kInt:
      return number_cell(value, arena);
    case Transform::kPositive: {
      const Cell cell = number_cell(value, arena);
      return cell.number > 0 ? cell : Cell{};
    }
    case Transform::kHex: {
      const auto number = number_of(value, arena);
      return number ? Cell::of_text(
                          arena.keep(fmt::format("{:#x}", static_cast<std::uint64_t>(*number))))
                    : Cell{};
    }
    case Transform::kStatus: {
      const auto number = number_of(value, arena);
      if (!number || *number == 0) {
        return {};
      }
      // NTSTATUS is 32 bits; a source that holds it signed would show 16 digits.
      return Cell::of_text(
          arena.keep(fmt::format("{:#010x}", static_cast<std::uint32_t>(*number))));
    }
    case Transform::kTime:
      if (value.kind == ValueKind::kTime) {
        return Cell::of_number(value.number, Cell::Kind::kTime);
      }
      break;
    case Transform::kBool:
      if (value.kind == ValueKind::kBool) {
        return Cell::of_number(value.number, Cell::Kind::kBool);
      }
      break;
    default:
      break;
  }
  return text_cell(transform, text_of(value, arena), arena);
}

void append_cell_text(std::string& out, const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kAbsent:
      return;
    case Cell::Kind::kText:
      out += cell.text;
      return;
    case Cell::Kind::kNumber:
      json::append_number(out, cell.number);
      return;
    case Cell::Kind::kBool:
      out += cell.number != 0 ? "true" : "false";
      return;
    case Cell::Kind::kTime:
      out += format_ticks(cell.number);
      return;
  }
}

}  // namespace spoor::normalize
