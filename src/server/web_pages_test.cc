#include "server/web_pages.h"

#include <gmock/gmock.h>

#include "base/file.h"
#include "base/temp_folder.h"
#include "http/client.h"
#include "http/server.h"

namespace spoor::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A server with an API of one route, and pages or none.
class WebPagesTest : public testing::Test {
 protected:
  void build_pages() const {
    ASSERT_TRUE(make_folders(folder_ / "web/assets"));
    ASSERT_TRUE(write_file_atomically(folder_ / "web/index.html", "<!doctype html>first"));
    ASSERT_TRUE(write_file_atomically(folder_ / "web/favicon.svg", "<svg/>"));
    ASSERT_TRUE(write_file_atomically(folder_ / "web/assets/app-1a2b.js", "run()"));
  }
  void start(WebPages pages) {
    pages_ = std::move(pages);
    http::Router router;
    ASSERT_TRUE(router.add(http::Method::kGet, "/api/things", [](http::Exchange& exchange) {
      exchange.respond(http::Response::json("{}"));
    }));
    pages_.serve(router);
    http::ServerOptions options;
    options.listen = {{"127.0.0.1", 0}};
    server_ = std::make_unique<http::Server>(options, std::move(router));
    ASSERT_TRUE(server_->start());
  }
  void start_with_pages() {
    build_pages();
    auto pages = WebPages::open(folder_ / "web");
    ASSERT_TRUE(pages) << pages.error().to_string();
    start(*std::move(pages));
  }
  http::ClientResponse get(const std::string& path, const std::string& accept = "*/*",
                           std::string method = "GET") const {
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + path;
    request.headers = {{"Accept", accept}};
    auto answer = http::Client().send(request);
    EXPECT_TRUE(answer) << path << ": " << answer.error().to_string();
    return std::move(answer).value_or(http::ClientResponse());
  }
  static std::string header(const http::ClientResponse& answer, std::string_view name) {
    return std::string(http::find_header(answer.headers, name).value_or(""));
  }
  static constexpr const char* kBrowser = "text/html,application/xhtml+xml,*/*;q=0.8";

  TempFolder folder_;
  WebPages pages_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(WebPagesTest, ThePathsOfTheScriptAreTheFirstPage) {
  start_with_pages();
  for (const std::string path : {"/", "/index.html"}) {
    EXPECT_EQ(get(path).body, "<!doctype html>first") << path;
  }
  for (const std::string path : {"/devices/0123/timeline?at=1", "/sign-in", "/apiary", "/.env"}) {
    const auto page = get(path, kBrowser);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.body, "<!doctype html>first") << path;
    EXPECT_EQ(header(page, "Cache-Control"), "no-cache") << path;
    EXPECT_EQ(header(page, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(get(path).status, 404) << path << ": a program is told that there is nothing";
  }
}

TEST_F(WebPagesTest, WhatIsForProgramsIsNeverAPage) {
  start_with_pages();
  EXPECT_EQ(get("/api/things", kBrowser).body, "{}");
  for (const std::string path : {"/api", "/api/nonsense", "/healthz", "/readyz", "/metrics/x",
                                 "/assets/gone.js", "/assets/"}) {
    const auto nothing = get(path, kBrowser);
    EXPECT_TRUE(nothing.status == 404 || nothing.status == 400) << path << ": " << nothing.status;
    EXPECT_THAT(nothing.body, StartsWith("{\"error\"")) << path;
    EXPECT_THAT(header(nothing, "Content-Security-Policy"), StartsWith("default-src 'none';"));
  }
  EXPECT_EQ(get("/", kBrowser, "POST").status, 404);
  EXPECT_EQ(get("/", kBrowser, "HEAD").status, 200);
}

TEST_F(WebPagesTest, FilesWithAHashInTheirNameAreKept) {
  start_with_pages();
  const auto script = get("/assets/app-1a2b.js");
  EXPECT_EQ(script.body, "run()");
  EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
  const auto icon = get("/favicon.svg");
  EXPECT_EQ(header(icon, "Cache-Control"), "no-cache");
  EXPECT_EQ(header(icon, "Content-Type"), "image/svg+xml");
}

TEST_F(WebPagesTest, BrowsersAreToldWhatAPageMayDo) {
  start_with_pages();
  for (const std::string path : {"/", "/assets/app-1a2b.js"}) {
    const auto page = get(path, kBrowser);
    const std::string policy = header(page, "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none';"));
    EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
    EXPECT_THAT(policy, HasSubstr("connect-src 'self';"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_EQ(header(page, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(page, "X-Frame-Options"), "DENY");
    EXPECT_EQ(header(page, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(header(page, "Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_THAT(header(page, "Permissions-Policy"), HasSubstr("camera=()"));
  }
}

TEST_F(WebPagesTest, WithoutPagesTheRootSaysHowToBuildThem) {
  start(WebPages());
  const auto root = get("/", kBrowser);
  EXPECT_EQ(root.status, 200);
  EXPECT_THAT(root.body, StartsWith("Spoor answers, but its pages are not built.\n"));
  EXPECT_EQ(header(root, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(get("/devices", kBrowser).status, 404);
}

TEST_F(WebPagesTest, AFolderThatHoldsNoPagesIsRefused) {
  ASSERT_TRUE(make_folders(folder_ / "empty"));
  EXPECT_EQ(WebPages::open(folder_ / "empty").error().to_string(),
            folder_ / "empty" +
                ": no index.html is in the folder of the pages (server.web names "
                "the folder that the build of web/ made)");
  EXPECT_EQ(WebPages::open(folder_ / "none").error().code, ErrorCode::kNotFound);
}

TEST_F(WebPagesTest, PagesStandBesideTheProgram) {
  for (const auto& [program, pages] :
       {std::pair{"usr/lib/spoor/spoor", "usr/share/spoor/web"},
        std::pair{"opt/bin/spoor", "opt/share/spoor/web"},
        std::pair{"checkout/build/bin/spoor", "checkout/web/dist"}}) {
    EXPECT_EQ(find_web_folder(folder_ / program), "") << program;
    ASSERT_TRUE(make_folders(folder_ / pages));
    EXPECT_EQ(find_web_folder(folder_ / program), "") << "an empty folder is not pages";
    ASSERT_TRUE(write_file_atomically(std::string(folder_ / pages) + "/index.html", "x"));
    EXPECT_EQ(find_web_folder(folder_ / program), folder_ / pages);
  }
}

}  // namespace
}  // namespace spoor::server
