#include "investigate/plan_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "json/reader.h"
#include "json/writer.h"

namespace spoor::investigate {

std::string Arguments::add(kql::Type type, kql::Constant value) {
  std::string name = fmt::format("{}_{}", prefix_, arguments_.size() + 1);
  arguments_.push_back({name, type, std::move(value)});
  return name;
}

std::string Arguments::texts(std::span<const std::string> values) {
  std::string json;
  json::Writer list(json);
  list.begin_array();
  for (const std::string& value : values) {
    list.string(value);
  }
  list.end_array();
  return add(kql::Type::kDynamic, std::move(json));
}

std::string Arguments::numbers(std::span<const std::int64_t> values) {
  return add(kql::Type::kDynamic, fmt::format("[{}]", fmt::join(values, ",")));
}

std::string Arguments::times(std::span<const Ticks> values) {
  std::vector<std::string> as_texts;
  as_texts.reserve(values.size());
  for (const Ticks value : values) {
    as_texts.push_back(format_ticks(value));
  }
  return texts(as_texts);
}

void Arguments::append(std::vector<kql::NamedArgument> more) {
  for (kql::NamedArgument& each : more) {
    arguments_.push_back(std::move(each));
  }
}

std::string device_condition(std::span<const std::string> device_ids, Arguments& arguments) {
  return device_ids.size() == 1 ? "DeviceId == " + arguments.text(device_ids.front())
                                : "DeviceId in (" + arguments.texts(device_ids) + ")";
}

std::string time_condition(Ticks from, Ticks to, Arguments& arguments) {
  std::string condition = from == kYearOne ? "" : "Timestamp >= " + arguments.time(from);
  if (to != kMaxTicks) {
    condition += condition.empty() ? "" : " and ";
    condition += "Timestamp <= " + arguments.time(to);
  }
  return condition.empty() ? "true" : condition;
}

std::string text_of(const kql::Constant& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text == nullptr ? "" : *text;
}

std::int64_t number_of(const kql::Constant& cell, std::int64_t otherwise) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  return number == nullptr ? otherwise : *number;
}

std::vector<std::string> texts_of(const kql::Constant& cell) {
  std::vector<std::string> made;
  const std::string json = text_of(cell);
  const auto read = json::parse(json.empty() ? "[]" : json);
  if (read && read->as_array() != nullptr) {
    for (const json::Dynamic& each : *read->as_array()) {
      made.emplace_back(each.text_or(""));
    }
  }
  return made;
}

std::vector<std::int64_t> numbers_of(const kql::Constant& cell) {
  std::vector<std::int64_t> made;
  const std::string json = text_of(cell);
  const auto read = json::parse(json.empty() ? "[]" : json);
  if (read && read->as_array() != nullptr) {
    for (const json::Dynamic& each : *read->as_array()) {
      made.push_back(each.int_or(0));
    }
  }
  return made;
}

}  // namespace spoor::investigate
