#include "json/reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace spoor::json {
namespace {

Error refusal(std::string_view text, const ReadLimits& limits = {}) {
  const Result<Dynamic> parsed = parse(text, limits);
  if (parsed) {
    ADD_FAILURE() << "accepted: " << text << " as " << parsed->dump();
    return {};
  }
  return parsed.error();
}

std::string round_trip(std::string_view text) {
  const Result<Dynamic> parsed = parse(text);
  return parsed ? parsed->dump() : parsed.error().to_string();
}

TEST(JsonReader, ReadsEveryKind) {
  const Dynamic value =
      parse(
          R"( {"b":true,"n":null,"i":-5,"u":18446744073709551615,"d":2.5,"s":"x\u00e9\n","a":[1,[],{}]} )")
          .value();
  EXPECT_EQ(value.kind(), Dynamic::Kind::kObject);
  EXPECT_TRUE(*value["b"].as_bool());
  EXPECT_TRUE(value.find("n")->is_null());
  EXPECT_EQ(value["i"].int_or(0), -5);
  EXPECT_EQ(*value["u"].as_uint64(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(*value["d"].as_double(), 2.5);
  EXPECT_EQ(value["s"].text_or(""), "x\u00e9\n");
  EXPECT_EQ(value["a"].size(), 3U);
  EXPECT_EQ(value["a"][0].int_or(0), 1);
  EXPECT_EQ(value["a"][9].kind(), Dynamic::Kind::kNull);
  EXPECT_EQ(value.find("absent"), nullptr);
  EXPECT_TRUE(value["absent"]["below"].is_null());
}

TEST(JsonReader, KeepsOrderAndRepeatedNames) {
  EXPECT_EQ(round_trip(R"({"z":1, "a":2, "z":3})"), R"({"z":1,"a":2,"z":3})");
  EXPECT_EQ(parse(R"({"z":1,"z":3})").value()["z"].int_or(0), 1);
}

TEST(JsonReader, RoundTripsScalarsAtTheRoot) {
  for (const char* text :
       {"1", "-1", "0", "true", "false", "null", "\"\"", "\"a\"", "[]", "{}", "1.5", "1e300",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808"}) {
    EXPECT_EQ(parse(round_trip(text)).value(), parse(text).value()) << text;
    EXPECT_FALSE(parse(std::string(" \t\r\n") + text + "\n").value() ==
                 Dynamic(std::string("other")))
        << text;
  }
  EXPECT_EQ(round_trip(" 12 "), "12");
}

TEST(JsonReader, LargeNumbers) {
  EXPECT_EQ(*parse("9223372036854775808").value().as_uint64(), 9223372036854775808ULL);
  EXPECT_EQ(*parse("18446744073709551616").value().as_double(), 18446744073709551616.0);
  EXPECT_EQ(*parse("-9223372036854775809").value().as_double(), -9223372036854775809.0);
  EXPECT_EQ(*parse("1e-999").value().as_double(), 0.0);
  EXPECT_EQ(refusal("[1e999]").code, ErrorCode::kInvalidInput);
  EXPECT_EQ(refusal("[1e999]").offset, 1);
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  for (const char* text : {"[1 2]",
                           "[1,]",
                           "[,1]",
                           "{\"a\":1,}",
                           "{\"a\" 1}",
                           "{a:1}",
                           "{\"a\":}",
                           "tru",
                           "truex",
                           "nul",
                           "nulls",
                           "01",
                           "-",
                           "1.",
                           ".5",
                           "1e",
                           "+1",
                           "0x1",
                           "1_000",
                           "NaN",
                           "Infinity",
                           "'a'",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"a\nb\"",
                           "[1]]",
                           "{} {}",
                           "1,2",
                           "1][2",
                           "]",
                           "}",
                           "//c\n1",
                           "[1}",
                           "{\"a\":1]",
                           "\"a\" \"b\"",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":1,,\"b\":2}",
                           "[\"a\":1]",
                           "{1:2}",
                           "1 1",
                           "\x01",
                           "[\"\t\"]"}) {
    const Error error = refusal(text);
    EXPECT_TRUE(error.code == ErrorCode::kInvalidInput || error.code == ErrorCode::kTruncated)
        << text;
    EXPECT_GE(error.offset, 0) << text;
    EXPECT_LE(error.offset, static_cast<std::int64_t>(std::string_view(text).size())) << text;
  }
}

TEST(JsonReader, TellsCutTextFromWrongText) {
  for (const char* text : {"", "  ", "\"abc", "{\"a\":\"b"}) {
    EXPECT_EQ(refusal(text).code, ErrorCode::kTruncated) << text;
  }
}

TEST(JsonReader, SaysWhere) {
  EXPECT_EQ(refusal(R"({"a":1,"b":wrong})").offset, 11);
  EXPECT_EQ(refusal("[\"\xc3\xa9\", \"\xff\"]").offset, 8);
  EXPECT_EQ(refusal("[1,\n\"\xe2\x82\"]").offset, 5);
}

TEST(JsonReader, BoundsDepthValuesAndBytes) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse(nested(128)));
  EXPECT_EQ(refusal(nested(129)).code, ErrorCode::kLimit);
  EXPECT_EQ(refusal(std::string(1'000'000, '[')).code, ErrorCode::kLimit);
  EXPECT_EQ(refusal("[1,2,3]", {.max_values = 3}).code, ErrorCode::kLimit);
  EXPECT_TRUE(parse("[1,2,3]", {.max_values = 4}));
  EXPECT_EQ(refusal("[1,2,3]", {.max_bytes = 6}).code, ErrorCode::kLimit);
}

TEST(JsonReader, DumpEscapesAsTheWriterDoes) {
  EXPECT_EQ(round_trip("[\"\\u0001\\\"\\\\/\\u20ac\\ud83d\\ude00\"]"),
            "[\"\\u0001\\\"\\\\/\u20ac\U0001f600\"]");
}

}  // namespace
}  // namespace spoor::json
