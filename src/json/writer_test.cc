#include "json/writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace spoor::json {
namespace {

std::string as_json(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

TEST(JsonWriter, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(as_json("a\"b\\c\n\t\x01\x7f"), R"("a\"b\\c\n\t\u0001\u007f")");
  EXPECT_EQ(as_json(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(as_json("é\U0001f600"), "\"é\U0001f600\"");
}

TEST(JsonWriter, InvalidBytesBecomeReplacementCharacters) {
  EXPECT_EQ(as_json("ok\n\xff\"x"), "\"ok\\n\ufffd\\\"x\"");
}

TEST(JsonWriter, WhatIsSpecialIsFoundWhereverItStands) {
  for (int byte = 0; byte < 0x100; ++byte) {
    const std::string letter(1, static_cast<char>(byte));
    const std::string alone = as_json(letter);
    const std::string written = alone.substr(1, alone.size() - 2);
    for (std::size_t at = 0; at < 18; ++at) {
      const std::string before(at, 'a');
      const std::string behind(17 - at, '~');
      EXPECT_EQ(as_json(before + letter + behind), "\"" + before + written + behind + "\"")
          << byte << " at " << at;
    }
  }
}

TEST(JsonWriter, PutsCommasBetweenMembersOnly) {
  std::string out;
  Writer writer(out);
  writer.begin_object();
  writer.key("a").begin_array().number(1).number(2).begin_object().end_object().end_array();
  writer.key("b").null();
  writer.key("c").begin_object().key("d").boolean(true).end_object();
  writer.end_object();
  EXPECT_EQ(out, R"({"a":[1,2,{}],"b":null,"c":{"d":true}})");
}

TEST(JsonWriter, NumbersKeepTheirValue) {
  std::string out;
  append_number(out, std::numeric_limits<std::int64_t>::min());
  out += ' ';
  append_number(out, std::numeric_limits<std::uint64_t>::max());
  out += ' ';
  append_real(out, 0.1);
  out += ' ';
  append_real(out, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(out, "-9223372036854775808 18446744073709551615 0.1 \"NaN\"");
}

}  // namespace
}  // namespace spoor::json
