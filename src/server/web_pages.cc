#include "server/web_pages.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/text.h"

namespace spoor::server {
namespace {

constexpr std::string_view kFirstPage = "/index.html";
constexpr std::string_view kAssets = "/assets/";
/// Names of files below /assets/ hold a hash of their content.
constexpr std::string_view kForever = "public, max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";

constexpr std::string_view kNotBuilt =
    "Spoor answers, but its pages are not built.\n\n"
    "In a checkout: make build (or npm ci --prefix web && npm run build --prefix web), then start\n"
    "the server again. Elsewhere: the setting server.web names the folder of the built pages.\n"
    "The API needs none of this: /api/openapi.json says what it can do.\n";

const http::Headers& page_headers() {
  static const http::Headers kHeaders = {
      {"Content-Security-Policy", std::string(kPagePolicy)},
      {"Permissions-Policy",
       "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), "
       "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"}};
  return kHeaders;
}

/// What the server answers to programs: never with a page.
bool is_for_programs(std::string_view path) {
  constexpr std::array<std::string_view, 4> kPrograms = {"/api", "/healthz", "/readyz", "/metrics"};
  return std::ranges::any_of(kPrograms, [&](std::string_view name) {
    return path == name || (path.starts_with(name) && path[name.size()] == '/');
  });
}

bool wants_page(const http::Request& request) {
  return to_ascii_lower(request.header("Accept")).contains("text/html");
}

}  // namespace

std::string find_web_folder(const std::string& program) {
  const std::filesystem::path folder = std::filesystem::path(program).parent_path();
  // /usr/lib/spoor/spoor, /usr/local/bin/spoor, CHECKOUT/build/bin/spoor.
  for (const auto* place : {"../../share/spoor/web", "../share/spoor/web", "../../web/dist"}) {
    const std::filesystem::path candidate = (folder / place).lexically_normal();
    std::error_code ignored;
    if (std::filesystem::is_regular_file(candidate / "index.html", ignored)) {
      return candidate.string();
    }
  }
  return "";
}

Result<WebPages> WebPages::open(const std::string& folder) {
  WebPages pages;
  pages.folder_ = folder;
  if (folder.empty()) {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    pages.folder_ = error ? "" : find_web_folder(program.string());
    if (pages.folder_.empty()) {
      return pages;
    }
  }
  pages.files_ = TRY(http::StaticFiles::load(pages.folder_));
  if (!pages.files_.has(kFirstPage)) {
    return fail(Error::make(ErrorCode::kNotFound, "no index.html is in the folder of the pages")
                    .at(pages.folder_)
                    .with_hint("server.web names the folder that the build of web/ made"));
  }
  return pages;
}

void WebPages::serve(http::Router& router) const {
  http::RouteOptions options;
  options.name = "pages";
  router.set_fallback([this](http::Exchange& exchange) { answer(exchange); }, std::move(options));
}

void WebPages::answer(http::Exchange& exchange) const {
  const http::Request& request = exchange.request();
  const std::string_view path = request.path;
  if (!is_for_programs(path)) {
    if (folder_.empty() && path == "/") {
      exchange.respond(http::Response::text(std::string(kNotBuilt)));
      return;
    }
    if (path != kFirstPage && files_.has(path)) {
      exchange.respond(files_.answer(
          request, path, path.starts_with(kAssets) ? kForever : kAskAgain, page_headers()));
      return;
    }
    const bool is_first = path == "/" || path == kFirstPage;
    if (!folder_.empty() && (is_first || (wants_page(request) && !path.starts_with(kAssets)))) {
      exchange.respond(files_.answer(request, kFirstPage, kAskAgain, page_headers()));
      return;
    }
  }
  exchange.respond_error(404, "not_found", "there is nothing at this path");
}

}  // namespace spoor::server
