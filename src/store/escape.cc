#include "store/escape.h"

#include <fmt/format.h>

namespace spoor::store {
namespace {

void append_escaped(std::string& out, std::string_view text, bool in_quotes) {
  for (const char letter : text) {
    switch (letter) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\0':
        out += "\\0";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\'':
        out += in_quotes ? "\\'" : "'";
        break;
      default:
        out += letter;
    }
  }
}

}  // namespace

std::string escape_value(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_escaped(out, text, false);
  return out;
}

std::string quote_value(std::string_view text) {
  std::string out = "'";
  append_escaped(out, text, true);
  out += '\'';
  return out;
}

std::string array_value(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    out += out.size() == 1 ? "" : ",";
    out += quote_value(text);
  }
  return out + "]";
}

std::string array_value(const std::vector<std::int64_t>& numbers) {
  return fmt::format("[{}]", fmt::join(numbers, ","));
}

}  // namespace spoor::store
