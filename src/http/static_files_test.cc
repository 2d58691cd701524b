#include "http/static_files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/coding.h"
#include "http/http_fixture.h"

namespace spoor::http {
namespace {

using ::testing::HasSubstr;

class StaticFilesTest : public ServerTest {
 protected:
  StaticFilesTest() {
    EXPECT_TRUE(make_folders(folder_ / "assets"));
    write("index.html", "<!doctype html><title>x</title>");
    write("assets/app.js", script_);
    write("secret.txt", "in the folder, so served");
    write(".hidden", "dots are left out");
  }
  void write(const std::string& name, std::string_view bytes) const {
    EXPECT_TRUE(write_file_atomically(folder_ / name, bytes, 0644));
  }
  StaticFiles load() const {
    auto loaded = StaticFiles::load(folder_.path());
    EXPECT_TRUE(loaded) << loaded.error().to_string();
    return std::move(loaded).value_or(StaticFiles());
  }
  void serve() {
    router.set_fallback([files = load()](Exchange& exchange) {
      exchange.respond(files.answer(exchange.request(), exchange.request().path, "no-cache",
                                    {{"X-More", "yes"}}));
    });
    start();
  }

  TempFolder folder_;
  std::string script_ = "/* " + std::string(20'000, 'a') + " */";
};

TEST_F(StaticFilesTest, FilesAreFoundByTheirNamesAlone) {
  ASSERT_EQ(::symlink("/etc/passwd", (folder_ / "passwd").c_str()), 0);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const StaticFiles files = load();
  EXPECT_EQ(files.size(), 3U);
  EXPECT_TRUE(files.has("/assets/app.js"));
  for (const std::string_view path : {"/passwd", "/pipe", "/.hidden", "/assets", "/assets/", "/",
                                      "", "assets/app.js", "/ASSETS/app.js", "//assets/app.js"}) {
    EXPECT_FALSE(files.has(path)) << path;
  }
}

TEST_F(StaticFilesTest, TheFolderIsBounded) {
  EXPECT_EQ(StaticFiles::load(folder_ / "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(StaticFiles::load(folder_.path(), {.files = 2}).error().message,
            "more files than are served from memory");
  EXPECT_EQ(StaticFiles::load(folder_.path(), {.total_bytes = 20'000}).error().message,
            "more files than are served from memory");
  EXPECT_EQ(StaticFiles::load(folder_.path(), {.file_bytes = 20'000}).error().to_string(),
            "/assets/app.js: is too large to be served");
  EXPECT_EQ(StaticFiles::load(folder_.path(), {.depth = 0}).error().message,
            "folders stand too deep");
}

TEST_F(StaticFilesTest, AnswersInTheCodingThatTheClientLikes) {
  serve();
  RawClient client = connect();
  const auto plain = client.ask(get("/assets/app.js"));
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.body, script_);
  EXPECT_EQ(plain.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(plain.header("Cache-Control"), "no-cache");
  EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
  EXPECT_EQ(plain.header("X-More"), "yes");
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  for (const auto& [name, coding] : {std::pair{"gzip", Coding::kGzip}, {"zstd", Coding::kZstd}}) {
    const auto coded =
        client.ask(get("/assets/app.js", "Accept-Encoding: " + std::string(name) + "\r\n"));
    EXPECT_EQ(coded.header("Content-Encoding"), name);
    EXPECT_LT(coded.body.size(), 1000U);
    EXPECT_EQ(decode_whole(coded.body, coding, {.max_decoded_bytes = 1 << 20}).value_or("?"),
              script_);
    EXPECT_EQ(coded.header("ETag"), plain.header("ETag"));
  }
  // Too short to gain by it.
  EXPECT_EQ(client.ask(get("/index.html", "Accept-Encoding: gzip\r\n")).header("Content-Encoding"),
            "");
}

TEST_F(StaticFilesTest, WhatTheClientHasIsNotSentAgain) {
  serve();
  RawClient client = connect();
  const std::string tag = client.ask(get("/assets/app.js")).header("ETag");
  ASSERT_THAT(tag, HasSubstr("W/\""));
  const auto again = client.ask(get("/assets/app.js", "If-None-Match: \"x\", " + tag + "\r\n"));
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.header("ETag"), tag);
  EXPECT_EQ(again.header("X-More"), "yes");
  EXPECT_EQ(client.ask(get("/assets/app.js", "If-None-Match: \"x\"\r\n")).status, 200);
  EXPECT_NE(client.ask(get("/index.html")).header("ETag"), tag);
}

TEST_F(StaticFilesTest, HeadIsTheSameWithoutABody) {
  serve();
  RawClient client = connect();
  const auto head = client.ask("HEAD /assets/app.js HTTP/1.1\r\nHost: test\r\n\r\n", false);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(script_.size()));
  EXPECT_EQ(client.ask(get("/index.html")).body, "<!doctype html><title>x</title>")
      << "nothing of the first is left on the connection";
}

TEST_F(StaticFilesTest, NoPathLeavesTheFolder) {
  serve();
  for (const std::string_view path :
       {"/../etc/passwd", "/..", "/%2e%2e/etc/passwd", "/assets/../../etc/passwd",
        "/assets/%2e%2e%2f%2e%2e%2fetc/passwd", "/assets%2fapp.js", "/assets/app.js%00",
        "/assets/app.js%00.html", "/assets\\app.js", "/%5c..%5c..%5cetc%5cpasswd", "//etc/passwd",
        "/./index.html", "/etc/passwd", "/assets/app.js/", "/%c0%ae%c0%ae/etc/passwd"}) {
    const auto answer = connect().ask(get(path));
    EXPECT_TRUE(answer.status == 400 || answer.status == 404) << path << ": " << answer.status;
    EXPECT_EQ(answer.body.find("root:"), std::string::npos) << path;
    EXPECT_EQ(answer.body.find("aaaa"), std::string::npos) << path;
  }
}

TEST(StaticFiles, TagsAreComparedWeakly) {
  EXPECT_TRUE(names_tag("*", "W/\"a\""));
  EXPECT_TRUE(names_tag("\"a\"", "W/\"a\""));
  EXPECT_TRUE(names_tag(" W/\"b\" ,W/\"a\"", "W/\"a\""));
  EXPECT_FALSE(names_tag("", "W/\"a\""));
  EXPECT_FALSE(names_tag("\"ab\",a", "W/\"a\""));
}

TEST(StaticFiles, TypesFollowTheNames) {
  EXPECT_EQ(content_type_of("/x/app-1a2b.MJS"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("/x.woff2"), "font/woff2");
  EXPECT_EQ(content_type_of("/.html"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("/html"), "application/octet-stream");
  EXPECT_EQ(content_type_of(""), "application/octet-stream");
}

}  // namespace
}  // namespace spoor::http
