#include "normalize/code_list.h"

#include <gtest/gtest.h>

namespace spoor::normalize {
namespace {

constexpr LookupEntry kNames[] = {
    {"%%4416", "ReadData"}, {"%%4417", "WriteData"}, {"0x10", "VmRead"}, {"0x20", "VmWrite"}};

TEST(CodeList, NamesCodesWhateverStandsBetweenThem) {
  EXPECT_EQ(named_codes("%%4416\r\n\t\t\t\t%%4417\r\n\t\t\t\t", kNames), "ReadData, WriteData");
  EXPECT_EQ(named_codes("%%4416, %%4417", kNames), "ReadData, WriteData");
  EXPECT_EQ(named_codes("%%4416 %%9999", kNames), "ReadData, %%9999");
  EXPECT_EQ(named_codes("\n\t%{S-1-1-0}\n\t%{S-1-5-2}", {}), "S-1-1-0, S-1-5-2");
}

TEST(CodeList, NothingIsLeftOfDashesAndBlanks) {
  EXPECT_EQ(named_codes("", kNames), "");
  EXPECT_EQ(named_codes(" \r\n\t", kNames), "");
  EXPECT_EQ(named_codes("-", kNames), "");
  EXPECT_EQ(named_codes("---\r\n\t%%4416", kNames), "ReadData");
  EXPECT_EQ(named_codes("%{}", kNames), "");
  EXPECT_EQ(named_codes(",", kNames), "");
}

TEST(CodeList, NamesTheSetBitsFromTheLowestOn) {
  EXPECT_EQ(named_flags(0x30, kNames), "VmRead, VmWrite");
  EXPECT_EQ(named_flags(0x1010, kNames), "VmRead, 0x1000");
  EXPECT_EQ(named_flags(0, kNames), "");
  EXPECT_EQ(named_flags(INT64_MIN, {}), "0x8000000000000000");
}

TEST(CodeList, ACodeIsFoundInAnyCase) {
  EXPECT_EQ(name_of("0X10", "none", kNames), "VmRead");
  EXPECT_EQ(name_of("0x11", "none", kNames), "none");
}

}  // namespace
}  // namespace spoor::normalize
