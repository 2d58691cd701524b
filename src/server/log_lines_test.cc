#include "server/log_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spoor::server {
namespace {

TEST(LogLines, AreOneLineWhateverTheTextsHold) {
  const std::vector<log::Field> fields = {{"route", "device.list"}, {"text", "a\nb \x1b[2J\""},
                                          {"status", 200},          {"ms", 1.5},
                                          {"cut", false},           {"empty", ""}};
  EXPECT_EQ(log_line(LogFormat::kLogfmt, 0, log::Level::kInfo, "request", fields),
            "time=1970-01-01T00:00:00.0000000Z level=info event=request route=device.list "
            "text=\"a\\nb \\u001b[2J\\\"\" status=200 ms=1.5 cut=false empty=\"\"\n");
  EXPECT_EQ(
      log_line(LogFormat::kJson, 0, log::Level::kWarning, "request", fields),
      "{\"time\":\"1970-01-01T00:00:00.0000000Z\",\"level\":\"warning\",\"event\":\"request\","
      "\"route\":\"device.list\",\"text\":\"a\\nb \\u001b[2J\\\"\",\"status\":200,\"ms\":1.5,"
      "\"cut\":false,\"empty\":\"\"}\n");
}

TEST(LogLines, ThoseBelowTheLevelAreLeftOut) {
  std::vector<std::string> seen;
  log::set_sink(log::Level::kWarning,
                [&](log::Level level, std::string_view event, std::span<const log::Field> fields) {
                  seen.push_back(log_line(LogFormat::kLogfmt, 0, level, event, fields).substr(34));
                });
  log::info("left.out");
  log::warning("kept", {{"n", 1}});
  log::error("failed", Error::make(ErrorCode::kIo, "cannot open").at("x"));
  log::set_sink(log::Level::kDebug, {});
  log::error("nobody.listens");
  EXPECT_EQ(seen,
            (std::vector<std::string>{"level=warning event=kept n=1\n",
                                      "level=error event=failed error=\"x: cannot open\"\n"}));
}

}  // namespace
}  // namespace spoor::server
