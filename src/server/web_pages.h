#pragma once
// The browser's pages: built files, read once at the start, and the rules that browsers are given
// with them. What the browser asks of the API is src/api's.

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/router.h"
#include "http/static_files.h"

namespace spoor::server {

/// Scripts and styles come from files of ours; nothing inline, nothing from elsewhere, no frames.
/// The one style that may stand in the page is the empty one (its hash is that of no bytes): the
/// components' library makes an empty <style> and adds rules to it through CSSOM, which no policy
/// is asked about, but the element itself is.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

class WebPages {
 public:
  /// Reads the pages from `folder`. Where it is empty: share/spoor/web beside the installed
  /// program, else web/dist of the checkout; where neither is there, none. kNotFound for a given
  /// folder without an index.html.
  static Result<WebPages> open(const std::string& folder);

  /// Folder they were read from; empty: they are not built.
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::size_t size() const { return files_.size(); }

  /// Answers GET and HEAD of what no route has: a file by its path; the first page for a path that
  /// only the page's own script knows; else 404. `*this` must outlive the router.
  void serve(http::Router& router) const;

 private:
  void answer(http::Exchange& exchange) const;

  http::StaticFiles files_;
  std::string folder_;
};

/// Where the pages stand, seen from the program at `program`; empty where they are at none of the
/// places.
std::string find_web_folder(const std::string& program);

}  // namespace spoor::server
