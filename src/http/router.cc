#include "http/router.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"

namespace spoor::http {

namespace {

struct Route {
  Handler handler;
  RouteOptions options;
  std::vector<std::string> params;  ///< names in the order of the path
};

bool is_param_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char letter) {
    const char lower = ascii_lower(letter);
    return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
  });
}

}  // namespace

/// One segment's place in the tree of patterns.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> by_text;
  std::unique_ptr<Node> by_param;
  std::unique_ptr<Node> rest;
  std::map<Method, Route> routes;

  static Node& child(std::unique_ptr<Node>& place) {
    if (!place) {
      place = std::make_unique<Node>();
    }
    return *place;
  }

  /// The node of the path with routes, trying text before parameters; `values` takes what the
  /// parameters stand for. Patterns are few and shallow, which bounds the tries.
  const Node* find(std::string_view path, std::vector<std::string_view>& values) const {
    if (path.empty()) {
      return routes.empty() ? nullptr : this;
    }
    const std::string_view after_slash = path.substr(1);
    const std::size_t end = std::min(after_slash.find('/'), after_slash.size());
    const std::string_view segment = after_slash.substr(0, end);
    const std::string_view left = after_slash.substr(end);
    if (const auto text = by_text.find(segment); text != by_text.end()) {
      if (const Node* found = text->second->find(left, values)) {
        return found;
      }
    }
    if (by_param && !segment.empty()) {
      values.push_back(segment);
      if (const Node* found = by_param->find(left, values)) {
        return found;
      }
      values.pop_back();
    }
    if (rest && !after_slash.empty()) {
      values.push_back(after_slash);
      return rest.get();
    }
    return nullptr;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

Result<void> Router::add(Method method, std::string_view pattern, Handler handler,
                         RouteOptions options) {
  const auto refuse = [&](ErrorCode code, std::string_view why) -> Result<void> {
    Error error = Error::make(code, std::string(why)).at(std::string(pattern));
    if (first_error_) {
      first_error_ = fail(error);
    }
    return fail(std::move(error));
  };
  if (!pattern.starts_with('/')) {
    return refuse(ErrorCode::kInvalidInput, "a pattern starts with a slash");
  }
  if (method == Method::kOther || method == Method::kHead || method == Method::kOptions) {
    return refuse(ErrorCode::kInvalidInput, "a route cannot have this method");
  }
  if (options.streams_body && options.max_body_bytes == 0) {
    return refuse(ErrorCode::kInvalidInput, "a route that streams its body must bound it");
  }
  Route route;
  Node* node = root_.get();
  std::vector<std::string_view> segments = split(pattern.substr(1), '/');
  for (std::size_t at = 0; at < segments.size(); ++at) {
    std::string_view segment = segments[at];
    if (!segment.starts_with('{')) {
      if (segment.find_first_of("{}") != std::string_view::npos ||
          (segment.empty() && segments.size() > 1)) {
        return refuse(ErrorCode::kInvalidInput, "a segment is text or one parameter");
      }
      node = &Node::child(node->by_text[std::string(segment)]);
      continue;
    }
    const bool is_rest = segment.ends_with("...}");
    std::string_view name = segment.substr(1);
    name.remove_suffix(is_rest ? 4 : (name.ends_with('}') ? 1 : 0));
    if (!segment.ends_with('}') || !is_param_name(name) || (is_rest && at + 1 != segments.size())) {
      return refuse(ErrorCode::kInvalidInput, "a parameter is {name}, a last one {name...}");
    }
    if (std::ranges::find(route.params, name) != route.params.end()) {
      return refuse(ErrorCode::kInvalidInput, "a parameter stands there twice");
    }
    route.params.emplace_back(name);
    node = &Node::child(is_rest ? node->rest : node->by_param);
  }
  if (node->routes.contains(method)) {
    return refuse(ErrorCode::kConflict, "the method has a route with this pattern");
  }
  if (options.name.empty()) {
    options.name = std::string(method_name(method)) + " " + std::string(pattern);
  }
  infos_.push_back({method, std::string(pattern), options.name});
  route.handler = std::move(handler);
  route.options = std::move(options);
  node->routes.emplace(method, std::move(route));
  return {};
}

void Router::set_fallback(Handler handler, RouteOptions options) {
  fallback_ = std::move(handler);
  fallback_options_ = std::move(options);
  if (fallback_options_.name.empty()) {
    fallback_options_.name = "fallback";
  }
}

Result<void> Router::check() const { return first_error_; }

RouteLookup Router::find(Method method, std::string_view path) const {
  RouteLookup lookup;
  std::vector<std::string_view> values;
  const Node* node = path.starts_with('/') ? root_->find(path, values) : nullptr;
  if (node == nullptr) {
    const bool is_read = method == Method::kGet || method == Method::kHead;
    if (fallback_ && is_read) {
      lookup.match.handler = &fallback_;
      lookup.match.options = &fallback_options_;
      lookup.allowed = {Method::kGet, Method::kHead, Method::kOptions};
    }
    return lookup;
  }
  for (const auto& [allowed, route] : node->routes) {
    lookup.allowed.push_back(allowed);
    if (allowed == Method::kGet) {
      lookup.allowed.push_back(Method::kHead);
    }
  }
  lookup.allowed.push_back(Method::kOptions);
  const auto found = node->routes.find(method == Method::kHead ? Method::kGet : method);
  if (found == node->routes.end()) {
    return lookup;
  }
  const Route& route = found->second;
  lookup.match.handler = &route.handler;
  lookup.match.options = &route.options;
  for (std::size_t at = 0; at < route.params.size() && at < values.size(); ++at) {
    lookup.match.params.emplace_back(route.params[at], std::string(values[at]));
  }
  return lookup;
}

std::vector<Router::RouteInfo> Router::routes() const { return infos_; }

}  // namespace spoor::http
