#include "state/text_list.h"

#include "json/reader.h"
#include "json/writer.h"

namespace spoor::state {

std::string texts_to_json(const std::vector<std::string>& texts) {
  std::string json;
  json::Writer writer(json);
  writer.begin_array();
  for (const std::string& text : texts) {
    writer.string(text);
  }
  writer.end_array();
  return json;
}

Result<std::vector<std::string>> texts_from_json(std::string_view json) {
  const json::Dynamic array = TRY(json::parse(json));
  std::vector<std::string> texts;
  for (std::size_t index = 0; index < array.size(); ++index) {
    texts.emplace_back(array[index].text_or(""));
  }
  return texts;
}

}  // namespace spoor::state
