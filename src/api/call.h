#pragma once
// One call of an operation, as its handler sees it: who calls, and arguments that fit the contract.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/gen/operations.h"
#include "auth/caller.h"
#include "base/result.h"
#include "base/ticks.h"
#include "http/exchange.h"
#include "json/reader.h"

namespace spoor::api {

/// What a handler answers. One that has streamed its answer says so.
struct Reply {
  http::Response response;
  bool is_streamed = false;

  static Reply json(std::string body, int status = 200) {
    return {http::Response::json(std::move(body), status), false};
  }
  static Reply empty() { return {http::Response::empty(204), false}; }
  static Reply streamed() { return {{}, true}; }
};

/// Belongs to the thread of its handler.
class Call {
 public:
  using Arguments = std::vector<std::pair<std::string_view, json::Dynamic>>;

  Call(http::Exchange& exchange, const OperationSpec& spec, auth::Caller caller,
       Arguments arguments, json::Dynamic body)
      : exchange_(exchange),
        spec_(spec),
        caller_(std::move(caller)),
        arguments_(std::move(arguments)),
        body_(std::move(body)) {}

  [[nodiscard]] http::Exchange& exchange() const { return exchange_; }
  [[nodiscard]] const http::Request& request() const { return exchange_.request(); }
  [[nodiscard]] const OperationSpec& spec() const { return spec_; }
  [[nodiscard]] const auth::Caller& caller() const { return caller_; }
  /// The body of a JSON request with its defaults, else null.
  [[nodiscard]] const json::Dynamic& body() const { return body_; }

  /// A parameter of path or query; null where it was not given and has no default.
  [[nodiscard]] const json::Dynamic& argument(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return !argument(name).is_null(); }
  [[nodiscard]] std::string text(std::string_view name) const {
    return std::string(argument(name).text_or(""));
  }
  [[nodiscard]] std::int64_t integer(std::string_view name) const {
    return argument(name).int_or(0);
  }
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const {
    return texts(argument(name));
  }
  /// kInvalidInput for a time that does not exist (30 February).
  [[nodiscard]] Result<std::optional<Ticks>> time(std::string_view name) const {
    return read_time(argument(name), name);
  }
  /// An id or key; the contract has seen to its form. kInvalidInput past 2^63 - 1.
  [[nodiscard]] Result<std::int64_t> key(std::string_view name) const;

  /// The same of members of the body.
  static std::vector<std::string> texts(const json::Dynamic& value);
  static Result<std::optional<Ticks>> read_time(const json::Dynamic& value, std::string_view field);

  /// What the audit log says of this call: what it was done to and, as a JSON object, what else.
  void note(std::string object, std::string detail = "{}") {
    object_ = std::move(object);
    detail_ = std::move(detail);
  }
  [[nodiscard]] const std::string& audit_object() const { return object_; }
  [[nodiscard]] const std::string& audit_detail() const { return detail_; }
  /// An entry is in the log already, written with the effect.
  void set_recorded() { is_recorded_ = true; }
  [[nodiscard]] bool is_recorded() const { return is_recorded_; }

 private:
  http::Exchange& exchange_;
  const OperationSpec& spec_;
  auth::Caller caller_;
  Arguments arguments_;
  json::Dynamic body_;
  std::string object_;
  std::string detail_ = "{}";
  bool is_recorded_ = false;
};

}  // namespace spoor::api
