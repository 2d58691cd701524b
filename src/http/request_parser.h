#pragma once
// Reads one request from bytes as they come, over Beast's parser, with the checks that Beast leaves
// to its user: everything by which two readers could see two different requests is refused.
// Internal to the module http.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/server.h"

namespace spoor::http {

/// Why a request is refused, as it is answered.
struct Refusal {
  int status = 0;
  std::string code;
  std::string message;
};

class RequestParser {
 public:
  explicit RequestParser(const ServerLimits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  enum class Outcome : std::uint8_t { kNeedMore, kDone, kRefused };

  /// Takes bytes of the header; `used` says how many. To be called again with the rest and more.
  Outcome read_header(std::string_view bytes, std::size_t& used);
  /// Takes bytes of the body and appends what they carry to `body`. kNeedMore with used == 0:
  /// nothing can be done before more bytes come.
  Outcome read_body(std::string_view bytes, std::size_t& used, std::string& body);

  [[nodiscard]] const Refusal& refusal() const;

  // Once the header is there:
  [[nodiscard]] const std::string& method() const;
  [[nodiscard]] const std::string& target() const;
  Headers take_headers();
  [[nodiscard]] bool is_http_1_0() const;
  [[nodiscard]] bool wants_keep_alive() const;
  [[nodiscard]] bool has_body() const;
  [[nodiscard]] std::int64_t content_length() const;  ///< -1: chunked
  [[nodiscard]] bool expects_continue() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::http
