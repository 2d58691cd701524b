#include "event/record.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spoor::event {
namespace {

Field text_field(std::string_view name, std::string_view text) {
  Field field{.name = name};
  field.value.kind = ValueKind::kText;
  field.value.text = text;
  return field;
}

std::string json_of(const std::vector<Field>& data) {
  std::string out;
  append_data_json(out, data);
  return out;
}

TEST(DataJson, KeepsTheOrderOfTheFields) {
  EXPECT_EQ(json_of({}), "{}");
  EXPECT_EQ(json_of({text_field("b", "1"), text_field("a", "2"), text_field("", "3")}),
            R"({"b":"1","a":"2","":"3"})");
}

TEST(DataJson, RepeatedNamesBecomeOneArray) {
  EXPECT_EQ(json_of({text_field("a", "1"), text_field("b", "2"), text_field("a", "3")}),
            R"({"a":["1","3"],"b":"2"})");
}

TEST(DataJson, NamesThatLookAlikeStayApart) {
  EXPECT_EQ(json_of({text_field("axcyb", "1"), text_field("azcwb", "2")}),
            R"({"axcyb":"1","azcwb":"2"})");
}

}  // namespace
}  // namespace spoor::event
