#include "api/cursor.h"

#include <gtest/gtest.h>

namespace spoor::api {
namespace {

constexpr std::string_view kRefusal = "the cursor is not one of this list";

TEST(Cursor, ComesBackAsItWent) {
  const std::vector<std::string> parts = {"older", "17634540000000000", std::string("\0\xff", 2),
                                          ""};
  const std::string text = encode_cursor("timeline", parts);
  EXPECT_EQ(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  const auto read = decode_cursor("timeline", text, 4);
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(*read, parts);
}

TEST(Cursor, OfAnotherListIsRefused) {
  const std::string text = encode_cursor("audit", {"7"});
  EXPECT_EQ(decode_cursor("marks", text, 1).error().message, kRefusal);
  EXPECT_EQ(decode_cursor("audit", text, 2).error().message, kRefusal);
}

TEST(Cursor, EveryChangedLetterIsSeen) {
  const std::string text = encode_cursor("audit", {"123456"});
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(decode_cursor("audit", other, 1)) << at;
  }
  for (const std::string_view other : {"", "A", "=", "AQ==", "AAAAAAAAAAAAAAAA", "%2e%2e"}) {
    EXPECT_EQ(decode_cursor("audit", other, 1).error().message, kRefusal) << other;
  }
  EXPECT_FALSE(decode_cursor("audit", text + "A", 1));
  EXPECT_FALSE(decode_cursor("audit", std::string(5000, 'A'), 1));
}

TEST(Cursor, NumbersAreWhole) {
  EXPECT_EQ(*cursor_number("-5"), -5);
  EXPECT_FALSE(cursor_number("5x"));
  EXPECT_FALSE(cursor_number(""));
  EXPECT_FALSE(cursor_number("99999999999999999999"));
}

}  // namespace
}  // namespace spoor::api
