#include "event/batch.h"

#include <gtest/gtest.h>

#include "event/native_reader.h"
#include "schema/gen/ordinals.h"

namespace spoor::event {
namespace {

using namespace schema::device_process_events;

const schema::Table& process_events() { return *schema::find_table("DeviceProcessEvents"); }

std::string row_json(const Batch& batch, std::size_t row) {
  std::string text;
  batch.append_row_json(text, row);
  return text;
}

TEST(Batch, UnsetColumnsAreAbsentAndSetOnesComeBack) {
  Batch batch(process_events());
  batch.begin_row();
  batch.begin_row();
  batch.set_text(kFileName, "cmd.exe");
  batch.set_number(kProcessId, 0);
  batch.begin_row();
  EXPECT_EQ(batch.rows(), 3u);
  EXPECT_TRUE(batch.is_absent(0, kFileName));
  EXPECT_TRUE(batch.is_absent(0, kProcessId));
  EXPECT_EQ(batch.text_at(1, kFileName), "cmd.exe");
  EXPECT_FALSE(batch.is_absent(1, kProcessId)) << "0 is a process id, not an absence";
  EXPECT_TRUE(batch.is_absent(2, kProcessId));
}

TEST(Batch, SettingTwiceKeepsTheLast) {
  Batch batch(process_events());
  const std::int64_t first[] = {1, 2};
  const std::int64_t second[] = {3};
  batch.begin_row();
  batch.set_text(kProcessCommandLine, "one");
  batch.set_text(kProcessCommandLine, "two");
  batch.set_keys(kAncestors, first);
  batch.set_keys(kAncestors, second);
  batch.set_text(kSHA1, "0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(
      row_json(batch, 0),
      R"({"SHA1":"0123456789abcdef0123456789abcdef01234567","ProcessCommandLine":"two","Ancestors":[3]})");
}

TEST(Batch, HexOfTheWrongLengthIsAbsent) {
  Batch batch(process_events());
  batch.begin_row();
  batch.set_text(kSHA256, "abc");
  batch.set_text(kMD5, "zz23456789abcdef0123456789abcdef");
  EXPECT_TRUE(batch.is_absent(0, kSHA256));
  EXPECT_TRUE(batch.is_absent(0, kMD5));
}

TEST(Batch, ClearForgetsEverything) {
  Batch batch(process_events());
  batch.begin_row();
  batch.set_text(kFileName, "a.exe");
  batch.clear();
  batch.begin_row();
  EXPECT_EQ(batch.rows(), 1u);
  EXPECT_EQ(row_json(batch, 0), "{}");
}

std::string int64_block(std::string_view name, std::vector<std::int64_t> values) {
  std::string out("\x01", 1);
  out += static_cast<char>(values.size());
  out += static_cast<char>(name.size());
  out += name;
  out += "\x05Int64";
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * 8);
  return out;
}

TEST(NativeReader, ReadsBlocksWhereverTheBytesAreCut) {
  const std::string bytes = int64_block("n", {1, -2}) + int64_block("n", {3});
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    std::vector<std::int64_t> seen;
    NativeReader reader([&](NativeBlock&& block) -> Result<void> {
      seen.insert(seen.end(), block.columns[0].numbers.begin(), block.columns[0].numbers.end());
      return {};
    });
    ASSERT_TRUE(reader.feed(std::string_view(bytes).substr(0, cut)));
    ASSERT_TRUE(reader.feed(std::string_view(bytes).substr(cut)));
    ASSERT_TRUE(reader.finish());
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, -2, 3}));
  }
}

TEST(NativeReader, RefusesOtherTypesAndUnfinishedBlocks) {
  NativeReader reader([](NativeBlock&&) -> Result<void> { return {}; });
  const auto refused = reader.feed(std::string("\x01\x01\x01n\x06UInt16\x00\x00", 12));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("UInt16"), std::string::npos);

  NativeReader cut([](NativeBlock&&) -> Result<void> { return {}; });
  ASSERT_TRUE(cut.feed(int64_block("n", {1}).substr(0, 9)));
  EXPECT_EQ(cut.finish().error().code, ErrorCode::kTruncated);
}

TEST(NativeReader, RefusesAbsurdSizes) {
  NativeReader reader([](NativeBlock&&) -> Result<void> { return {}; });
  EXPECT_FALSE(reader.feed("\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01"));
}

}  // namespace
}  // namespace spoor::event
