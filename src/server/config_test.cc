#include "server/config.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/temp_folder.h"
#include "base/text.h"

namespace spoor::server {
namespace {

class ConfigTest : public testing::Test {
 protected:
  std::string file(const std::string& text) const {
    const std::string path = folder_ / "spoor.toml";
    EXPECT_TRUE(write_file_atomically(path, text));
    return path;
  }
  /// The error's text with the folder taken out.
  std::string error_of(const ConfigSources& sources) const {
    const auto loaded = load_config(sources);
    if (loaded) {
      return "no error";
    }
    std::string text = loaded.error().to_string();
    if (const std::size_t at = text.find(folder_.path() + "/"); at != std::string::npos) {
      text.erase(at, folder_.path().size() + 1);
    }
    return text;
  }
  std::string file_error(const std::string& text) const {
    return error_of({.file = file(text), .environment = {}, .flags = {}});
  }
  static std::string origin(const LoadedConfig& config, std::string_view name) {
    for (std::size_t at = 0; at < kSettingCount; ++at) {
      if (kSettings[at].name == name) {
        return config.origins[at];
      }
    }
    return "";
  }

  TempFolder folder_;
};

TEST_F(ConfigTest, EachSourceGoesBeforeTheNext) {
  ConfigSources sources;
  const auto plain = load_config(sources);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->values.log.level, "info");
  EXPECT_EQ(origin(*plain, "log.level"), "default");

  sources.file = file("[log]\nlevel = 'debug'\nformat = 'json'\n[retention]\nlive_days = 30\n");
  const auto from_file = load_config(sources);
  ASSERT_TRUE(from_file) << from_file.error().to_string();
  EXPECT_EQ(from_file->values.log.level, "debug");
  EXPECT_EQ(from_file->values.retention.live_days, 30);
  EXPECT_EQ(origin(*from_file, "log.level"), sources.file + ":2");

  sources.environment = {{"SPOOR_LOG_LEVEL", "warning"}, {"SPOOR_STORE_BIN", "/x"}, {"HOME", "/"}};
  const auto from_environment = load_config(sources);
  ASSERT_TRUE(from_environment);
  EXPECT_EQ(from_environment->values.log.level, "warning");
  EXPECT_EQ(from_environment->values.log.format, "json");
  EXPECT_EQ(origin(*from_environment, "log.level"), "environment SPOOR_LOG_LEVEL");

  sources.flags = {"--log.level", "error", "--log.requests=false"};
  const auto from_flags = load_config(sources);
  ASSERT_TRUE(from_flags);
  EXPECT_EQ(from_flags->values.log.level, "error");
  EXPECT_FALSE(from_flags->values.log.requests);
  EXPECT_EQ(origin(*from_flags, "log.level"), "flag --log.level");
}

TEST_F(ConfigTest, NamesThePlaceOfAWrongLine) {
  EXPECT_EQ(file_error("[server]\nlistn = '0.0.0.0:1'\n"),
            "spoor.toml:2:1: there is no setting server.listn (did you mean server.listen?)");
  EXPECT_EQ(
      file_error("[colours]\nbackground = 'a'\n"),
      "spoor.toml:2:1: there is no setting colours.background (spoor serve --print-config lists "
      "all)");
  EXPECT_EQ(file_error("\n[retention]\n  live_days = '90'\n"),
            "spoor.toml:3:3: retention.live_days must be a whole number");
  EXPECT_EQ(file_error("[retention]\nlive_days = 0\n"),
            "spoor.toml:2:1: retention.live_days is 0, and must be from 1 to 3650 d");
  EXPECT_EQ(file_error("[log]\nlevel = 'loud'\n"),
            "spoor.toml:2:1: log.level is 'loud', and must be one of debug info warning error");
  EXPECT_EQ(file_error("[log]\nrequests = 1\n"),
            "spoor.toml:2:1: log.requests must be true or false");
  EXPECT_EQ(file_error("[server]\nuser = ['a']\n"),
            "spoor.toml:2:1: server.user must be a text in quotes");
  EXPECT_EQ(
      file_error("[server]\nlisten = '8443'\n"),
      "spoor.toml:2:1: '8443' is no address with a port (such as 127.0.0.1:8443 or [::]:8443)");
  EXPECT_EQ(file_error("[server]\npublic_name = \"a\\nb\"\n"),
            "spoor.toml:2:1: server.public_name holds control characters");
  EXPECT_EQ(file_error("[server]\n\nlisten = \n").substr(0, 13), "spoor.toml:3:");
  EXPECT_EQ(file_error("a = 1\na = 2\n").substr(0, 13), "spoor.toml:2:");
  EXPECT_EQ(file_error("[[server]]\nlisten = 'x:1'\n"),
            "spoor.toml:1:3: there is no setting server (spoor serve --print-config lists all)");
}

TEST_F(ConfigTest, RefusesWrongFlagsAndEnvironments) {
  EXPECT_EQ(error_of({"", {}, {"--log.levle", "info"}}),
            "there is no setting --log.levle (did you mean log.level?)");
  EXPECT_EQ(error_of({"", {}, {"--log.level"}}), "--log.level needs a value");
  EXPECT_EQ(error_of({"", {}, {"info"}}),
            "'info' is no setting (settings are given as --server.listen 127.0.0.1:8443)");
  EXPECT_EQ(error_of({"", {}, {"--server.workers=many"}}),
            "flag --server.workers: server.workers is 'many', and must be a whole number");
  EXPECT_EQ(error_of({"", {{"SPOOR_LOG_LEVLE", "info"}}, {}}),
            "the environment: there is no setting SPOOR_LOG_LEVLE (did you mean log.level?)");
  EXPECT_EQ(error_of({"", {{"SPOOR_LOG_REQUESTS", "yes"}}, {}}),
            "environment SPOOR_LOG_REQUESTS: log.requests is 'yes', and must be true or false");
  // A wrong value is an error also where another source would override it.
  EXPECT_EQ(error_of({"", {{"SPOOR_LOG_LEVEL", "loud"}}, {"--log.level", "info"}}),
            "environment SPOOR_LOG_LEVEL: log.level is 'loud', and must be one of debug info "
            "warning error");
}

TEST_F(ConfigTest, WhatIsPrintedReadsBack) {
  ConfigSources sources;
  sources.flags = {"--server.public_name", "a \"b\" \\c", "--log.level=debug"};
  const auto loaded = load_config(sources);
  ASSERT_TRUE(loaded);
  const std::string printed = print_config(*loaded);
  EXPECT_NE(printed.find("server.listen = \"127.0.0.1:8443\"  # default\n"), std::string::npos);
  EXPECT_NE(printed.find("log.level = \"debug\"  # flag --log.level\n"), std::string::npos);
  const auto again = load_config({.file = file(printed), .environment = {}, .flags = {}});
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(again->values.server.public_name, "a \"b\" \\c");
  EXPECT_EQ(again->values.log.level, "debug");
}

TEST_F(ConfigTest, TheFileThatIsInstalledSaysNothingAndIsRight) {
  const std::string installed = SPOOR_SOURCE_DIR "/packaging/spoor.toml";
  const auto loaded = load_config({.file = installed, .environment = {}, .flags = {}});
  ASSERT_TRUE(loaded) << loaded.error().to_string();
  for (const std::string& origin : loaded->origins) {
    EXPECT_EQ(origin, "default");
  }
  // With every comment taken for a line, it says the defaults.
  const std::string text = read_file(installed, 1u << 20).value();
  std::string said;
  for (const std::string_view line : split(text, '\n')) {
    const bool is_setting = line.starts_with("# ") && line.contains(" = ");
    said += std::string(line.substr(is_setting ? 2 : 0)) + "\n";
  }
  const auto spoken = load_config({.file = file(said), .environment = {}, .flags = {}});
  ASSERT_TRUE(spoken) << spoken.error().to_string();
  for (std::size_t at = 0; at < kSettingCount; ++at) {
    EXPECT_NE(spoken->origins[at], "default") << kSettings[at].name;
    EXPECT_EQ(setting_text(spoken->values, at), kSettings[at].default_text);
  }
  EXPECT_EQ(file_error("[colours]\n"),
            "spoor.toml:1:2: there is no setting colours (spoor serve --print-config lists all)");
}

TEST(Listen, TakesAddressesWithPorts) {
  EXPECT_EQ(parse_listen("[::]:8443")->host, "::");
  EXPECT_EQ(parse_listen("localhost:0")->port, 0);
  for (const char* wrong :
       {"", ":1", "::1:8443", "h:", "h:65536", "h:-1", "h:0x10", "[]:1", "h:1 "}) {
    EXPECT_FALSE(parse_listen(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace spoor::server
