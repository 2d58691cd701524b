#include "http/request_parser.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/text.h"

namespace spoor::http {

namespace beast_http = boost::beast::http;
using boost::beast::string_view;
using BeastError = boost::system::error_code;

namespace {

std::string_view view(string_view text) { return {text.data(), text.size()}; }

/// Headers that say what the message is: two of them are two messages.
constexpr std::array<std::string_view, 8> kSingle = {
    "Host",          "Content-Length", "Transfer-Encoding", "Content-Type",
    "Authorization", "Expect",         "Content-Encoding",  "Last-Event-ID"};

/// Bytes that come in any case where a chunk is to begin: "0\r\n\r\n". Asked again with less, after
/// the line of the last chunk came alone, Beast asserts.
constexpr std::size_t kLeastChunks = 5;

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 18 &&
         std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

/// host or host:port; what a name, IPv4 or [IPv6] address can hold.
bool is_host(std::string_view host) {
  return host.size() <= 300 && std::ranges::all_of(host, [](char letter) {
           const char lower = ascii_lower(letter);
           return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') ||
                  letter == '.' || letter == '-' || letter == '_' || letter == ':' ||
                  letter == '[' || letter == ']' || letter == '%';
         });
}

}  // namespace

class RequestParser::Impl final : public beast_http::basic_parser<true> {
 public:
  explicit Impl(const ServerLimits& limits) : limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
    body_limit(boost::none);
    eager(false);
  }

  void refuse(int status, std::string code, std::string message) {
    if (refusal_.status == 0) {
      refusal_ = {status, std::move(code), std::move(message)};
    }
  }
  void refuse(std::string message) { refuse(400, "bad_request", std::move(message)); }

  void on_request_impl(beast_http::verb, string_view method, string_view target, int version,
                       BeastError& error) override {
    method_ = view(method);
    target_ = view(target);
    is_http_1_0_ = version == 10;
    if (target.size() > limits_.max_target_bytes) {
      refuse(414, "target_too_long", "the path and query are too long");
      error = beast_http::error::bad_target;
    }
  }

  void on_response_impl(int, string_view, int, BeastError&) override {}

  void on_field_impl(beast_http::field, string_view name, string_view value,
                     BeastError& error) override {
    if (is_header_over_) {
      return;  // trailers are read and dropped
    }
    if (headers_.size() == limits_.max_header_count) {
      refuse(431, "headers_too_large", "the request has too many headers");
    } else {
      check_field(view(name), view(value));
      headers_.push_back({std::string(view(name)), std::string(view(value))});
    }
    if (refusal_.status != 0) {
      error = beast_http::error::bad_field;
    }
  }

  void on_header_impl(BeastError& error) override {
    is_header_over_ = true;
    const auto host = find_header(headers_, "Host");
    if (!is_http_1_0_ && !host) {
      refuse("the request has no Host header");
    } else if (host && !is_host(*host)) {
      refuse("the Host header is no host");
    } else if (is_http_1_0_ && find_header(headers_, "Transfer-Encoding")) {
      refuse("HTTP/1.0 has no Transfer-Encoding");
    } else if (const auto expect = find_header(headers_, "Expect");
               expect && !equals_ignoring_case(*expect, "100-continue")) {
      refuse(417, "expectation_failed", "only 100-continue can be expected");
    }
    if (refusal_.status != 0) {
      error = beast_http::error::bad_field;
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
  std::size_t on_body_impl(string_view bytes, BeastError&) override {
    body_->append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, BeastError&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, BeastError&) override {
    body_->append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(BeastError&) override {}

  /// What a parser's error means to the client.
  Outcome refuse_for(const BeastError& error) {
    if (error == beast_http::error::header_limit) {
      refuse(431, "headers_too_large", "the request line and headers are too large");
    } else if (error == beast_http::error::bad_version) {
      refuse(505, "version", "only HTTP/1.0 and HTTP/1.1 are spoken here");
    } else if (error == beast_http::error::bad_transfer_encoding ||
               error == beast_http::error::bad_content_length ||
               error == beast_http::error::multiple_content_length) {
      refuse("Content-Length and Transfer-Encoding do not say one length");
    } else {
      refuse("the request is malformed: " + error.message());
    }
    return Outcome::kRefused;
  }

  /// Beast unfolds a folded line in silence (obs-fold); the bytes are looked at before it.
  bool has_folded_line(std::string_view bytes) {
    for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
         at = bytes.find('\n', at + 1)) {
      if (at + 1 < bytes.size() && (bytes[at + 1] == ' ' || bytes[at + 1] == '\t')) {
        return true;
      }
      if (bytes.substr(at + 1).starts_with("\r\n")) {
        return false;
      }
    }
    return false;
  }

  const ServerLimits& limits_;
  Refusal refusal_;
  std::string method_;
  std::string target_;
  Headers headers_;
  std::size_t header_bytes_ = 0;  ///< taken so far; Beast's own limit counts anew at each call
  bool is_http_1_0_ = false;
  bool is_header_over_ = false;
  std::string* body_ = nullptr;
  bool waits_for_chunk_ = false;  ///< the size of a chunk, or the end of the body, is cut

 private:
  void check_field(std::string_view name, std::string_view value) {
    for (const std::string_view single : kSingle) {
      if (equals_ignoring_case(name, single) && find_header(headers_, single)) {
        refuse("the header " + std::string(single) + " stands there twice");
      }
    }
    if (equals_ignoring_case(name, "Content-Length") && !is_digits(value)) {
      refuse("the Content-Length is no number");
    }
    if (equals_ignoring_case(name, "Transfer-Encoding") &&
        !equals_ignoring_case(value, "chunked")) {
      refuse(501, "transfer_encoding", "only the transfer encoding chunked is spoken here");
    }
    const bool has_control = std::ranges::any_of(value, [](char letter) {
      return (static_cast<unsigned char>(letter) < 0x20 && letter != '\t') || letter == 0x7F;
    });
    if (has_control) {
      refuse("a header holds a control character");
    }
  }
};

RequestParser::RequestParser(const ServerLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

RequestParser::Outcome RequestParser::read_header(std::string_view bytes, std::size_t& used) {
  used = 0;
  if (bytes.empty()) {
    return Outcome::kNeedMore;
  }
  if (impl_->has_folded_line(bytes)) {
    impl_->refuse("a header line is folded");
    return Outcome::kRefused;
  }
  while (!impl_->is_header_done()) {
    BeastError error;
    const std::size_t taken =
        impl_->put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
    used += taken;
    impl_->header_bytes_ += taken;
    const bool needs_more = error == beast_http::error::need_more;
    const std::size_t waiting = needs_more ? bytes.size() - used : 0;
    if (impl_->header_bytes_ + waiting > impl_->limits_.max_header_bytes) {
      error = beast_http::error::header_limit;
    }
    if (error && error != beast_http::error::need_more) {
      return impl_->refuse_for(error);
    }
    if (needs_more) {
      return Outcome::kNeedMore;
    }
  }
  return Outcome::kDone;
}

RequestParser::Outcome RequestParser::read_body(std::string_view bytes, std::size_t& used,
                                                std::string& body) {
  used = 0;
  impl_->body_ = &body;
  while (!impl_->is_done()) {
    if (used == bytes.size() || (impl_->waits_for_chunk_ && bytes.size() - used < kLeastChunks)) {
      return Outcome::kNeedMore;
    }
    BeastError error;
    used += impl_->put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
    impl_->waits_for_chunk_ = error == beast_http::error::need_more;
    if (impl_->waits_for_chunk_) {
      return Outcome::kNeedMore;
    }
    if (error) {
      return impl_->refuse_for(error);
    }
  }
  return Outcome::kDone;
}

const Refusal& RequestParser::refusal() const { return impl_->refusal_; }
const std::string& RequestParser::method() const { return impl_->method_; }
const std::string& RequestParser::target() const { return impl_->target_; }
Headers RequestParser::take_headers() { return std::move(impl_->headers_); }
bool RequestParser::is_http_1_0() const { return impl_->is_http_1_0_; }
bool RequestParser::wants_keep_alive() const { return impl_->keep_alive(); }
bool RequestParser::has_body() const { return !impl_->is_done(); }
std::int64_t RequestParser::content_length() const {
  const auto length = impl_->content_length();
  return length ? static_cast<std::int64_t>(*length) : -1;
}
bool RequestParser::expects_continue() const {
  return !is_http_1_0() && find_header(impl_->headers_, "Expect").has_value();
}

}  // namespace spoor::http
