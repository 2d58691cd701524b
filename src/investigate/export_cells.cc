#include "investigate/export_cells.h"

#include <fmt/format.h>

#include <string_view>

namespace spoor::investigate {

std::string csv_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    text.insert(text.begin(), '\'');
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter;
    quoted += letter == '"' ? "\"" : "";
  }
  return quoted + '"';
}

std::string csv_cell(const ExportCell& cell) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&cell)) {
    return csv_cell(fmt::format("{}", fmt::join(*list, ";")));
  }
  const auto* text = std::get_if<std::string>(&cell);
  return text == nullptr ? "" : csv_cell(*text);
}

void put_json_cell(json::Writer& json, const ExportCell& cell) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&cell)) {
    json.begin_array();
    for (const std::string& each : *list) {
      json.string(each);
    }
    json.end_array();
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    json.string(*text);
  } else {
    json.null();
  }
}

}  // namespace spoor::investigate
