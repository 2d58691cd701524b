// Every type of value, as a Data element of a written log reads back.

#include <gtest/gtest.h>

#include <bit>

#include "base/text.h"
#include "ingest/evtx/collected_for_test.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/format.h"
#include "ingest/evtx/writer.h"

namespace spoor::evtx {
namespace {

using event::ValueKind;

template <class T>
std::string raw(T number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

struct Case {
  const char* what;
  WriteValue value;
  ValueKind kind;
  std::string text;
};

const std::string kFiletimeBytes = raw<std::uint64_t>(132'000'000'012'345'678);
const std::string kSystemtimeBytes = raw<std::uint16_t>(2024) + raw<std::uint16_t>(2) +
                                     raw<std::uint16_t>(4) + raw<std::uint16_t>(29) +
                                     raw<std::uint16_t>(23) + raw<std::uint16_t>(59) +
                                     raw<std::uint16_t>(58) + raw<std::uint16_t>(7);

class Values : public testing::TestWithParam<Case> {};

TEST_P(Values, ReadBack) {
  WriteEvent event = fixtures::sysmon_network(1);
  event.data = {{"Before", WriteValue::text("x")},
                {"Value", GetParam().value},
                {"After", WriteValue::uint32(7)}};
  const Collected got = collect(written({event}));
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_TRUE(got.problems.empty());
  const auto& item = got.items[0];
  ASSERT_EQ(item.data.size(), 3u);
  EXPECT_EQ(item.data[0].second, "x");
  EXPECT_EQ(item.data[1].first, "Value");
  EXPECT_EQ(item.kinds[1], GetParam().kind);
  EXPECT_EQ(item.data[1].second, GetParam().text);
  EXPECT_EQ(item.data[2].second, "7");
}

INSTANTIATE_TEST_SUITE_P(
    Singles, Values,
    testing::Values(
        Case{"Null", {}, ValueKind::kNull, ""},
        Case{"Text", WriteValue::text("caf\u00e9 \U0001f50d"), ValueKind::kText, "café 🔍"},
        Case{"LongAscii", WriteValue::text("C:\\Windows\\System32\\svchost.exe"), ValueKind::kText,
             "C:\\Windows\\System32\\svchost.exe"},
        Case{"AsciiThenOther", WriteValue::text("12345678é2345678"), ValueKind::kText,
             "12345678é2345678"},
        Case{"TrailingNul", {kStringType, std::string("a\0\0\0\0\0", 6)}, ValueKind::kText, "a"},
        Case{"LoneSurrogate",
             {kStringType, std::string("\x00\xd8"
                                       "a\0",
                                       4)},
             ValueKind::kText,
             "\ufffda"},
        Case{"Ansi", {kAnsiType, "na\xefve \x80\0"}, ValueKind::kText, "naïve €"},
        Case{"Int8", {kInt8Type, raw<std::int8_t>(-5)}, ValueKind::kInt, "-5"},
        Case{"UInt8", WriteValue::uint8(250), ValueKind::kUInt, "250"},
        Case{"Int16", {kInt16Type, raw<std::int16_t>(-300)}, ValueKind::kInt, "-300"},
        Case{"UInt16", WriteValue::uint16(65535), ValueKind::kUInt, "65535"},
        Case{"Int32", WriteValue::int32(-70000), ValueKind::kInt, "-70000"},
        Case{"UInt32", WriteValue::uint32(4294967295), ValueKind::kUInt, "4294967295"},
        Case{"Int64",
             {kInt64Type, raw<std::int64_t>(-9'000'000'000)},
             ValueKind::kInt,
             "-9000000000"},
        Case{"UInt64", WriteValue::uint64(18446744073709551615ULL), ValueKind::kUInt,
             "18446744073709551615"},
        Case{"Float", {kFloatType, raw(1.5F)}, ValueKind::kReal, "1.5"},
        Case{"Double", {kDoubleType, raw(-0.25)}, ValueKind::kReal, "-0.25"},
        Case{"True", WriteValue::boolean(true), ValueKind::kBool, "true"},
        Case{"False", WriteValue::boolean(false), ValueKind::kBool, "false"},
        Case{"Guid", WriteValue::guid("{54849625-5478-4994-A5BA-3E3B0328C30D}"), ValueKind::kGuid,
             "{54849625-5478-4994-A5BA-3E3B0328C30D}"},
        Case{"Size4", {kSizeType, raw<std::uint32_t>(0xff)}, ValueKind::kHex, "0xff"},
        Case{"Size8",
             {kSizeType, raw<std::uint64_t>(0x1'0000'0000)},
             ValueKind::kHex,
             "0x100000000"},
        Case{"Filetime",
             {kFiletimeType, kFiletimeBytes},
             ValueKind::kTime,
             "2019-04-17T18:40:01.2345678Z"},
        Case{"Systemtime",
             {kSystemtimeType, kSystemtimeBytes},
             ValueKind::kTime,
             "2024-02-29T23:59:58.0070000Z"},
        Case{"Sid", WriteValue::sid("S-1-5-21-1-2-3-500"), ValueKind::kSid, "S-1-5-21-1-2-3-500"},
        Case{"Hex32", {kHex32Type, raw<std::uint32_t>(0xc0000022)}, ValueKind::kHex, "0xc0000022"},
        Case{"Hex64", WriteValue::hex64(0x3e7), ValueKind::kHex, "0x3e7"}),
    [](const auto& test) { return std::string(test.param.what); });

INSTANTIATE_TEST_SUITE_P(
    Arrays, Values,
    testing::Values(Case{"Texts",
                         {kStringType | kArrayBit, to_utf16le(std::string("a\0b\"c\0", 6))},
                         ValueKind::kJson,
                         R"(["a","b\"c"])"},
                    Case{"UInt16s",
                         {kUInt16Type | kArrayBit,
                          raw<std::uint16_t>(1) + raw<std::uint16_t>(65535)},
                         ValueKind::kJson,
                         "[1,65535]"},
                    Case{"Int64s",
                         {kInt64Type | kArrayBit, raw<std::int64_t>(-1) + raw<std::int64_t>(2)},
                         ValueKind::kJson,
                         "[-1,2]"},
                    Case{"Bools",
                         {kBoolType | kArrayBit, raw<std::uint32_t>(1) + raw<std::uint32_t>(0)},
                         ValueKind::kJson,
                         "[true,false]"},
                    Case{"Hex32s",
                         {kHex32Type | kArrayBit, raw<std::uint32_t>(16)},
                         ValueKind::kJson,
                         R"(["0x10"])"},
                    Case{"Filetimes",
                         {kFiletimeType | kArrayBit, kFiletimeBytes},
                         ValueKind::kJson,
                         R"(["2019-04-17T18:40:01.2345678Z"])"},
                    Case{"Guids",
                         {kGuidType | kArrayBit,
                          WriteValue::guid("{54849625-5478-4994-A5BA-3E3B0328C30D}").bytes},
                         ValueKind::kJson,
                         R"(["{54849625-5478-4994-A5BA-3E3B0328C30D}"])"},
                    Case{"Sids",
                         {kSidType | kArrayBit, WriteValue::sid("S-1-5-18").bytes +
                                                    WriteValue::sid("S-1-5-32-544").bytes},
                         ValueKind::kJson,
                         R"(["S-1-5-18","S-1-5-32-544"])"},
                    Case{"CutShort",
                         {kUInt32Type | kArrayBit, raw<std::uint32_t>(1) + "xy"},
                         ValueKind::kJson,
                         "[1]"}),
    [](const auto& test) { return std::string(test.param.what); });

// What does not fit its type is kept as bytes rather than lost or read beyond its end.
INSTANTIATE_TEST_SUITE_P(
    Damaged, Values,
    testing::Values(Case{"ShortInt", {kUInt32Type, "ab"}, ValueKind::kBinary, "6162"},
                    Case{"EmptyInt", {kUInt32Type, ""}, ValueKind::kNull, ""},
                    Case{"SidOfManyParts",
                         {kSidType, std::string("\x01\xff\0\0\0\0\0\x05", 8)},
                         ValueKind::kBinary,
                         "01ff000000000005"},
                    Case{"UnknownType", {0x1f, "\x01\x02"}, ValueKind::kBinary, "0102"}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Value, BinaryKeepsItsBytes) {
  WriteEvent event = fixtures::sysmon_network(1);
  event.data = {{"Blob", {kBinaryType, std::string("\0\xff\x10", 3)}}};
  std::string blob;
  const std::string bytes = written({event});
  read(
      Source::from_bytes("x", bytes),
      [&](const event::Record& record) {
        ASSERT_EQ(record.data.size(), 1u);
        EXPECT_EQ(record.data[0].value.kind, ValueKind::kBinary);
        blob = record.data[0].value.text;
      },
      [](const Problem& problem) { ADD_FAILURE() << problem.reason; });
  EXPECT_EQ(blob, std::string("\0\xff\x10", 3));
}

}  // namespace
}  // namespace spoor::evtx
