#pragma once
// A connected socket as coroutines see it, with TLS or without. Internal to the module http.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace spoor::http {

using Socket = boost::asio::generic::stream_protocol::socket;

/// All calls on the strand of its connection; one read and one write may be pending at once.
class Stream {
 public:
  virtual ~Stream() = default;
  /// TLS's handshake; nothing without TLS.
  virtual boost::asio::awaitable<bool> handshake() = 0;
  virtual boost::asio::awaitable<std::size_t> read_some(boost::asio::mutable_buffer buffer,
                                                        boost::system::error_code& error) = 0;
  virtual boost::asio::awaitable<std::size_t> write_some(boost::asio::const_buffer buffer,
                                                         boost::system::error_code& error) = 0;
  /// Says that nothing more will be sent.
  virtual boost::asio::awaitable<void> end_output() = 0;
  /// Ends pending calls with an error.
  virtual void close() = 0;
};

std::unique_ptr<Stream> make_plain_stream(Socket socket);
/// `context` must outlive the handshake's start.
std::unique_ptr<Stream> make_tls_stream(Socket socket,
                                        std::shared_ptr<boost::asio::ssl::context> context);
/// A context for make_tls_stream that owns an SSL_CTX.
std::shared_ptr<boost::asio::ssl::context> adopt_context(void* ssl_context);

}  // namespace spoor::http
