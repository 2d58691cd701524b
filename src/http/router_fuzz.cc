// Any text as a request's target and as its cookies: what is taken keeps the promises of Request.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "http/message.h"
#include "http/router.h"

namespace {

using namespace spoor::http;

const Router& routes() {
  static const Router router = [] {
    Router made;
    for (const std::string_view pattern :
         {"/", "/a", "/a/{b}", "/a/{b}/c", "/{x}/b/{y}/d", "/f/{rest...}", "/a/b/{c}"}) {
      (void)made.add(Method::kGet, pattern, [](Exchange&) {});
    }
    return made;
  }();
  return router;
}

void check_path(std::string_view path) {
  const bool is_clean = path.starts_with('/') && spoor::is_valid_utf8(path) &&
                        path.find("//") == std::string_view::npos &&
                        path.find("/../") == std::string_view::npos && !path.ends_with("/..") &&
                        std::ranges::none_of(path, [](char letter) {
                          return static_cast<unsigned char>(letter) < 0x20 || letter == '\\';
                        });
  if (!is_clean) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)routes().find(Method::kGet, text);
  (void)find_cookie(text, "session");
  if (const auto target = parse_target(text)) {
    check_path(target->path);
    for (const auto& [name, value] : target->query) {
      const auto again = parse_query(percent_encode(name) + "=" + percent_encode(value));
      if (!spoor::is_valid_utf8(value) || !again || again->size() != 1 ||
          again->front().second != value) {
        std::abort();
      }
    }
    for (const auto& [name, value] : routes().find(Method::kGet, target->path).match.params) {
      if (value.empty()) {
        std::abort();
      }
    }
  }
  return 0;
}
