#include "normalize/text_parts.h"

#include <gtest/gtest.h>

#include <string>

namespace spoor::normalize {
namespace {

constexpr std::string_view kContext =
    "\tDetailSequence=1\r\n\r\n\tUserId=CORP\\ada\r\n\tHostApplication=powershell -c a\r\n$b = "
    "1\r\n"
    "\tScriptName=\r\n\tCommandLine=Get-Item x=y";

TEST(TextParts, AMemberIsTheRestOfItsLine) {
  EXPECT_EQ(member_of(kContext, "DetailSequence"), "1");
  EXPECT_EQ(member_of(kContext, "UserId"), "CORP\\ada");
  EXPECT_EQ(member_of(kContext, "CommandLine"), "Get-Item x=y");
}

TEST(TextParts, AMemberGoesOnUntilTheNext) {
  EXPECT_EQ(member_of(kContext, "HostApplication"), "powershell -c a\r\n$b = 1");
}

TEST(TextParts, KeysMayHaveBlanksAndColons) {
  EXPECT_EQ(member_of("        Host Name = ConsoleHost\r\n        Host ID = 5\r\n", "Host ID"),
            "5");
  EXPECT_EQ(member_of("action_id:APRL\nstatement:ALTER ROLE [a]\nobject:\n", "statement"),
            "ALTER ROLE [a]");
}

TEST(TextParts, WhatIsNotThereIsEmpty) {
  EXPECT_EQ(member_of(kContext, "ScriptName"), "");
  EXPECT_EQ(member_of(kContext, "Host"), "") << "a key is not the beginning of another";
  EXPECT_EQ(member_of(kContext, "Application"), "") << "nor its end";
  EXPECT_EQ(member_of("", "UserId"), "");
  EXPECT_EQ(member_of("UserId", "UserId"), "");
}

TEST(TextParts, BetweenTwoTexts) {
  EXPECT_EQ(text_between("Invalid user eve from 10.0.0.9 port 60096", "from ", " port"),
            "10.0.0.9");
  EXPECT_EQ(text_between("[CLIENT: 10.0.0.9]", "CLIENT: ", "]"), "10.0.0.9");
  EXPECT_EQ(text_between("port 60096", "port ", ""), "60096");
  EXPECT_EQ(text_between("from 10.0.0.9", "from ", " port"), "") << "the end is not there";
  EXPECT_EQ(text_between("10.0.0.9 port", "from ", " port"), "");
}

}  // namespace
}  // namespace spoor::normalize
