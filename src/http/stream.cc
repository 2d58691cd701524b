#include "http/stream.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string_view>

namespace spoor::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// First byte of TLS's first message (RFC 8446 section 5.1: a record of type handshake).
constexpr std::uint8_t kHandshakeRecord = 22;
constexpr std::string_view kSpeakTls =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 66\r\n"
    "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    "This server speaks HTTPS alone: use https:// in front of its name\n";
constexpr std::size_t kMostUnread = 64 * 1024;

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<bool> handshake() override { co_return true; }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer buffer, error_code& error) override {
    co_return co_await socket_.async_read_some(asio::buffer(buffer),
                                               asio::redirect_error(asio::use_awaitable, error));
  }
  asio::awaitable<std::size_t> write_some(asio::const_buffer buffer, error_code& error) override {
    co_return co_await socket_.async_write_some(asio::buffer(buffer),
                                                asio::redirect_error(asio::use_awaitable, error));
  }
  asio::awaitable<void> end_output() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    co_return;
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
};

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  asio::awaitable<bool> handshake() override {
    error_code error;
    co_await stream_.next_layer().async_wait(Socket::wait_read,
                                             asio::redirect_error(asio::use_awaitable, error));
    std::uint8_t first = 0;
    if (error ||
        ::recv(stream_.next_layer().native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT) != 1) {
      co_return false;
    }
    if (first != kHandshakeRecord) {
      co_await refuse_plain();
      co_return false;
    }
    co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                     asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer buffer, error_code& error) override {
    co_return co_await stream_.async_read_some(asio::buffer(buffer),
                                               asio::redirect_error(asio::use_awaitable, error));
  }
  asio::awaitable<std::size_t> write_some(asio::const_buffer buffer, error_code& error) override {
    co_return co_await stream_.async_write_some(asio::buffer(buffer),
                                                asio::redirect_error(asio::use_awaitable, error));
  }
  asio::awaitable<void> end_output() override {
    error_code error;
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    stream_.lowest_layer().shutdown(Socket::shutdown_send, error);
  }
  void close() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  /// Answers who speaks plain HTTP, and reads a little of what they send: closing with unread bytes
  /// would reset the connection under the answer. The time of the handshake bounds it all.
  asio::awaitable<void> refuse_plain() {
    Socket& socket = stream_.next_layer();
    error_code error;
    std::string_view left = kSpeakTls;
    while (!left.empty() && !error) {
      left.remove_prefix(co_await socket.async_write_some(
          asio::buffer(left), asio::redirect_error(asio::use_awaitable, error)));
    }
    socket.shutdown(Socket::shutdown_send, error);
    std::array<char, 4096> unread{};
    for (std::size_t most = kMostUnread; most > 0 && !error;) {
      const std::size_t size = co_await socket.async_read_some(
          asio::buffer(unread), asio::redirect_error(asio::use_awaitable, error));
      most -= std::min(most, size);
    }
  }

  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<Socket> stream_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<Stream> make_tls_stream(Socket socket,
                                        std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context));
}

std::shared_ptr<asio::ssl::context> adopt_context(void* ssl_context) {
  return std::make_shared<asio::ssl::context>(static_cast<SSL_CTX*>(ssl_context));
}

}  // namespace spoor::http
