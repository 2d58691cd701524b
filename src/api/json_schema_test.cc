#include "api/json_schema.h"

#include <gtest/gtest.h>

namespace spoor::api {
namespace {

/// What is wrong with the value: "place: message"; empty where it fits.
std::string problem(std::string_view schema, std::string_view value,
                    std::string_view components = "{}") {
  const auto set = SchemaSet::compile(components);
  EXPECT_TRUE(set) << set.error().to_string();
  const auto compiled = (*set)->add(schema);
  EXPECT_TRUE(compiled) << compiled.error().to_string();
  const auto checked = check_value(**compiled, *json::parse(value));
  return checked ? "" : checked.error().where + ": " + checked.error().message;
}

TEST(JsonSchema, ChecksKinds) {
  EXPECT_EQ(problem(R"({"type":"string"})", "\"a\""), "");
  EXPECT_EQ(problem(R"({"type":"string"})", "1"), ": must be string");
  EXPECT_EQ(problem(R"({"type":"integer"})", "1.5"), ": must be integer");
  EXPECT_EQ(problem(R"({"type":"number"})", "1"), "");
  EXPECT_EQ(problem(R"({"type":["integer","null"]})", "null"), "");
  EXPECT_EQ(problem(R"({"type":["integer","null"]})", "true"), ": must be null or integer");
  EXPECT_EQ(problem("{}", R"({"any":[1,"x",null]})"), "");
}

TEST(JsonSchema, ChecksBounds) {
  EXPECT_EQ(problem(R"({"type":"integer","minimum":1,"maximum":10})", "0"), ": must be at least 1");
  EXPECT_EQ(problem(R"({"type":"integer","minimum":1,"maximum":10})", "11"),
            ": must be at most 10");
  EXPECT_EQ(problem(R"({"type":"integer","maximum":9223372036854775807})", "18446744073709551615"),
            ": must be at most 9223372036854775807");
  EXPECT_EQ(problem(R"({"type":"number","minimum":0})", "-0.5"), ": must be at least 0");
  EXPECT_EQ(problem(R"({"type":"string","minLength":1})", "\"\""), ": must not be empty");
  EXPECT_EQ(problem(R"({"type":"string","maxLength":2})", R"("äöü")"),
            ": must have at most 2 characters");
  EXPECT_EQ(problem(R"({"type":"string","maxLength":3})", R"("äöü")"), "")
      << "characters are counted, not bytes";
  EXPECT_EQ(problem(R"({"type":"string","enum":["a","b"]})", "\"c\""), ": must be one of a, b");
  EXPECT_EQ(problem(R"({"type":"string","pattern":"^[0-9]+$"})", R"("1\n")"),
            ": must have the form ^[0-9]+$");
  EXPECT_EQ(problem(R"({"type":"array","maxItems":1,"items":{}})", "[1,2]"),
            ": must have at most 1 elements");
}

TEST(JsonSchema, SaysWhere) {
  constexpr std::string_view kComponents =
      R"({"Alias":{"type":"object","required":["kind"],"additionalProperties":false,"properties":{"kind":{"type":"string"}}}})";
  constexpr std::string_view kSchema =
      R"({"type":"array","items":{"$ref":"#/components/schemas/Alias"}})";
  EXPECT_EQ(problem(kSchema, R"([{"kind":"sid"}])", kComponents), "");
  EXPECT_EQ(problem(kSchema, R"([{"kind":"sid"},{"kind":1}])", kComponents),
            "/1/kind: must be string");
  EXPECT_EQ(problem(kSchema, R"([{}])", kComponents), "/0/kind: is missing");
  EXPECT_EQ(problem(kSchema, R"([{"kind":"a","more":1}])", kComponents),
            "/0: has no member of the name \"more\"");
  EXPECT_EQ(problem(kSchema, R"([{"kind":"a","kind":"b"}])", kComponents),
            "/0/kind: is there twice");
}

TEST(JsonSchema, RefusesWhatItDoesNotUnderstand) {
  const auto set = SchemaSet::compile("{}");
  EXPECT_EQ((*set)->add(R"({"type":"text"})").error().message, "unknown type in a schema");
  EXPECT_EQ((*set)->add(R"({"$ref":"#/components/schemas/None"})").error().message,
            "there is no schema \"None\"");
  EXPECT_EQ((*set)->add(R"({"type":"string","pattern":"("})").error().message,
            "a pattern is not valid: (");
}

TEST(JsonSchema, ReadsParameters) {
  const auto set = SchemaSet::compile("{}");
  const JsonSchema& number = **(*set)->add(R"({"type":"integer"})");
  EXPECT_EQ(read_parameter(number, "-7")->int_or(0), -7);
  EXPECT_EQ(read_parameter(number, "0x10").error().message, "must be a whole number");
  EXPECT_EQ(read_parameter(number, "1e3").error().message, "must be a whole number");
  EXPECT_EQ(read_parameter(number, "99999999999999999999").error().message,
            "must be a whole number");
  const JsonSchema& truth = **(*set)->add(R"({"type":"boolean"})");
  EXPECT_EQ(read_parameter(truth, "1").error().message, "must be true or false");
  const JsonSchema& list = **(*set)->add(R"({"type":"array","items":{"type":"string"}})");
  EXPECT_EQ(read_parameter(list, "a,,b")->dump(), R"(["a","","b"])");
  EXPECT_EQ(read_parameter(list, "")->dump(), "[]");
}

TEST(JsonSchema, FillsDefaultsIn) {
  const auto set = SchemaSet::compile("{}");
  const JsonSchema& schema = **(*set)->add(
      R"({"type":"object","properties":{"a":{"type":"integer","default":5},"b":{"type":"string"}}})");
  EXPECT_EQ(with_defaults(schema, *json::parse("{}")).dump(), R"({"a":5})");
  EXPECT_EQ(with_defaults(schema, *json::parse(R"({"a":1})")).dump(), R"({"a":1})");
}

}  // namespace
}  // namespace spoor::api
