#include "normalize/text_parts.h"

#include "base/text.h"

namespace spoor::normalize {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view without_indent(std::string_view line) {
  const auto start = line.find_first_not_of(kBlanks);
  return start == std::string_view::npos ? std::string_view() : line.substr(start);
}

bool is_key_letter(char letter) {
  const char lower = ascii_lower(letter);
  return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' ||
         letter == ' ';
}

/// True for a line that begins with a key and its sign.
bool begins_member(std::string_view line) {
  line = without_indent(line);
  std::size_t at = 0;
  while (at < line.size() && is_key_letter(line[at])) {
    ++at;
  }
  return at != 0 && at < line.size() && (line[at] == '=' || line[at] == ':');
}

}  // namespace

std::string_view member_of(std::string_view text, std::string_view key) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view rest = without_indent(text.substr(start, end - start));
    start = end + 1;
    if (!rest.starts_with(key)) {
      continue;
    }
    rest = without_indent(rest.substr(key.size()));
    if (rest.empty() || (rest.front() != '=' && rest.front() != ':')) {
      continue;
    }
    std::size_t last = end;
    while (last < text.size()) {
      const std::size_t next = std::min(text.find('\n', last + 1), text.size());
      if (begins_member(text.substr(last + 1, next - last - 1))) {
        break;
      }
      last = next;
    }
    const auto value = static_cast<std::size_t>(rest.data() - text.data()) + 1;
    return trim_blanks(text.substr(value, last - value));
  }
  return {};
}

std::string_view text_between(std::string_view text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string_view::npos) {
    return {};
  }
  text = text.substr(at + from.size());
  if (to.empty()) {
    return text;
  }
  const auto end = text.find(to);
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end);
}

}  // namespace spoor::normalize
