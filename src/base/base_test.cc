#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/result.h"
#include "base/text.h"
#include "base/ticks.h"

namespace spoor {
namespace {

TEST(Ticks, FormatsAndParsesTheWholeRange) {
  EXPECT_EQ(format_ticks(0), "1970-01-01T00:00:00.0000000Z");
  EXPECT_EQ(format_ticks(kYearOne), "0001-01-01T00:00:00.0000000Z");
  EXPECT_EQ(format_ticks(kMaxTicks), "9999-12-31T23:59:59.9999999Z");
  EXPECT_EQ(format_ticks(-1), "1969-12-31T23:59:59.9999999Z");
  for (const Ticks time :
       {Ticks{0}, kYearOne, kMaxTicks, Ticks{-1}, Ticks{17'000'000'123'456'789}}) {
    EXPECT_EQ(parse_iso_ticks(format_ticks(time)), time);
  }
}

TEST(Ticks, ParsesOffsetsAndFractions) {
  EXPECT_EQ(parse_iso_ticks("2020-09-18"), parse_iso_ticks("2020-09-18T00:00:00Z"));
  EXPECT_EQ(parse_iso_ticks("2020-09-18T02:00:00+02:00"), parse_iso_ticks("2020-09-18 00:00"));
  EXPECT_EQ(parse_iso_ticks("2020-09-18T00:00:00.123456789Z"),
            *parse_iso_ticks("2020-09-18") + 1'234'567);
}

TEST(Ticks, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2020", "2020-13-01", "2020-02-30", "2020-01-01T25:00:00", "2020-01-01T00:00:60",
        "2020-01-01x", "2020-01-01T00:00:00.Z", "0000-01-01", "0001-01-01T00:00:00+02:00"}) {
    EXPECT_FALSE(parse_iso_ticks(text)) << text;
  }
}

TEST(Ticks, FiletimeStartsIn1601AndIsClamped) {
  EXPECT_EQ(format_ticks(ticks_from_filetime(0)), "1601-01-01T00:00:00.0000000Z");
  EXPECT_EQ(format_ticks(ticks_from_filetime(132'449'329'569'195'349)),
            "2020-09-18T20:02:36.9195349Z");
  EXPECT_EQ(ticks_from_filetime(~std::uint64_t{0}), kMaxTicks);
}

TEST(Ticks, TimespanText) {
  EXPECT_EQ(format_timespan(14 * kTicksPerDay), "14.00:00:00");
  EXPECT_EQ(format_timespan(-12 * kTicksPerHour), "-12:00:00");
  EXPECT_EQ(format_timespan(5), "00:00:00.0000005");
}

TEST(Text, Utf16RoundTripAndLoneSurrogates) {
  const std::string text = "a\u00e9\u4e16\U0001f600z";
  std::string back;
  append_utf16le(back, to_utf16le(text));
  EXPECT_EQ(back, text);
  std::string lone;
  append_utf16le(lone, std::string_view("\x00\xd8x\x00", 4));
  EXPECT_EQ(lone, "\ufffdx");
}

TEST(Text, InvalidUtf8IsReplaced) {
  EXPECT_EQ(to_valid_utf8("a\xff\xc3"), "a\ufffd\ufffd");
  EXPECT_FALSE(is_valid_utf8("\xc0\x80"));
  EXPECT_FALSE(is_valid_utf8("\xed\xa0\x80"));
  EXPECT_TRUE(is_valid_utf8("\xf0\x9f\x98\x80"));
}

TEST(Text, NumbersAreWholeTexts) {
  EXPECT_EQ(parse_int("0x1f"), 31);
  EXPECT_EQ(parse_int("-5"), -5);
  EXPECT_FALSE(parse_int("5x"));
  EXPECT_FALSE(parse_int(""));
  EXPECT_FALSE(parse_int("0x"));
  EXPECT_FALSE(parse_int("99999999999999999999"));
}

TEST(Text, NearestNameIsNearOrNothing) {
  const std::vector<std::string_view> names = {"DeviceProcessEvents", "DeviceFileEvents"};
  EXPECT_EQ(nearest_name("DeviceProcesEvent", names), "DeviceProcessEvents");
  EXPECT_EQ(nearest_name("Zebra", names), "");
}

TEST(Text, PathParts) {
  EXPECT_EQ(path_file_name("C:\\Windows\\cmd.exe"), "cmd.exe");
  EXPECT_EQ(path_folder("C:\\Windows\\cmd.exe"), "C:\\Windows");
  EXPECT_EQ(path_file_name("/usr/bin/ls"), "ls");
  EXPECT_EQ(path_folder("cmd.exe"), "");
}

TEST(Hash, IdsArePositiveAndNeverZero) {
  EXPECT_EQ(id_from_hash(0), 1);
  EXPECT_EQ(id_from_hash(1ULL << 63), 1);
  EXPECT_GT(id_from_hash(~std::uint64_t{0}), 0);
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

Result<int> halve(int number) {
  if (number % 2 != 0) {
    return fail(Error::make(ErrorCode::kInvalidInput, "odd number")
                    .at("numbers.txt", 7)
                    .with_hint("give an even one"));
  }
  return number / 2;
}
Result<int> quarter(int number) {
  const int half = TRY(halve(number));
  return halve(half);
}

TEST(Result, TryPassesValuesAndErrorsOn) {
  EXPECT_EQ(quarter(8), 2);
  const auto odd = quarter(6);
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().to_string(), "numbers.txt: offset 7: odd number (give an even one)");
}

}  // namespace
}  // namespace spoor
