#include "http/stream.h"

#include <openssl/ssl.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace spoor::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

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
