#include "ingest/winlog/event_log_block.h"

#include "base/text.h"
#include "ingest/winlog/event_time.h"

namespace spoor::winlog {

bool is_block_time(std::string_view line) {
  line = trim_blanks(line);
  return line.size() >= 18 && line.size() <= 32 && line.find('/') <= 2 &&
         parse_stated_time(line).has_value();
}

bool is_block_name(std::string_view line) { return line.starts_with("LogName="); }

json::Dynamic block_as_object(std::string_view block) {
  constexpr std::string_view kMessage = "Message=";
  json::Dynamic::Object object;
  while (!block.empty()) {
    const std::size_t end = block.find('\n');
    const std::string_view line = trim_blanks(block.substr(0, end));
    if (line.starts_with(kMessage)) {
      object.push_back({"Message", json::Dynamic(std::string(trim_blanks(
                                       block.substr(block.find(kMessage) + kMessage.size()))))});
      break;
    }
    block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) {
      object.push_back({std::string(line.substr(0, equals)),
                        json::Dynamic(std::string(line.substr(equals + 1)))});
    } else if (is_block_time(line)) {
      object.push_back({"_time", json::Dynamic(std::string(line))});
    }
  }
  return json::Dynamic(std::move(object));
}

}  // namespace spoor::winlog
