#pragma once
// Which handler answers a path. Routes are added before the server starts; afterwards the router is
// read by many threads and no longer changed.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/exchange.h"
#include "http/message.h"

namespace spoor::http {

struct RouteOptions {
  /// Name for logs and metrics; the method and pattern where it is empty.
  std::string name;
  /// Most bytes of a body, as sent and decoded; 0 takes the server's default. A body of a route
  /// that streams it has no default: it must say a size.
  std::uint64_t max_body_bytes = 0;
  /// The handler reads the body with Exchange::read_body instead of getting it whole.
  bool streams_body = false;
  /// Seconds until the exchange is cancelled; 0 for none (downloads, events).
  double seconds = 60;
};

/// A route that matched, with the values of its parameters.
struct RouteMatch {
  const Handler* handler = nullptr;
  const RouteOptions* options = nullptr;
  std::vector<std::pair<std::string, std::string>> params;
};

/// What a path means: a match, or the methods that the path has (405), or neither (404).
struct RouteLookup {
  RouteMatch match;
  std::vector<Method> allowed;  ///< methods of the path, with HEAD and OPTIONS; empty: no such path
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  /// Adds a route. A pattern is a path whose segments are text or "{name}" (one whole segment, not
  /// empty); a last segment "{name...}" takes the rest of the path with its slashes. Text goes
  /// before parameters. GET answers HEAD too. Wrong patterns and doubles are errors of the
  /// programmer: kInvalidInput, kConflict, kept and given by check() as well.
  Result<void> add(Method method, std::string_view pattern, Handler handler,
                   RouteOptions options = {});
  /// Answers GET and HEAD of paths that no route has (static files); others stay 404.
  void set_fallback(Handler handler, RouteOptions options = {});
  /// The first error of add(); the server refuses to start with one.
  [[nodiscard]] Result<void> check() const;

  /// `path` as Request::path holds it; any other text just matches nothing.
  [[nodiscard]] RouteLookup find(Method method, std::string_view path) const;

  struct RouteInfo {
    Method method;
    std::string pattern;
    std::string name;
  };
  /// All routes in the order of their adding: for tests that compare them with a specification.
  [[nodiscard]] std::vector<RouteInfo> routes() const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::vector<RouteInfo> infos_;
  Handler fallback_;
  RouteOptions fallback_options_;
  Result<void> first_error_;
};

}  // namespace spoor::http
