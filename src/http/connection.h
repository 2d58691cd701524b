#pragma once
// One client's connection: reads requests, gives them to workers, writes their answers. Everything
// runs on the connection's strand but wake() and due(). Internal to the module http.
//
// Two coroutines live as long as the connection: `pump` reads from the socket into `in_` as long as
// there is room, so that a client that leaves is seen while its handler runs; `serve` takes
// requests from `in_` and alone writes to the socket.

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/exchange_core.h"
#include "http/listen.h"
#include "http/request_parser.h"
#include "http/server_core.h"
#include "http/stream.h"

namespace spoor::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  /// Owns a place in the registry of `server`, which it gives back.
  Connection(ServerCore& server, boost::asio::any_io_executor strand,
             std::unique_ptr<Stream> stream, Remote remote, bool is_tls);
  ~Connection();

  void start();
  /// Asks for a look at what is due, where something may be; from any thread.
  void check_due(Clock::time_point now);
  /// The server stops: ends what is idle, lets a request end.
  void stop_soon();
  /// The grace is over: cancels the running request.
  void cancel();
  void close();
  /// No other thread reaches the connection through its exchange any more.
  void detach();

 private:
  enum class Phase : std::uint8_t { kHandshake, kIdle, kHeader, kBody, kExchange, kClosing };
  using Timer = boost::asio::steady_timer;
  template <class T>
  using Task = boost::asio::awaitable<T>;

  // connection.cc: the connection.
  Task<void> serve();
  Task<void> pump();
  Task<bool> serve_one(bool is_first);
  Task<bool> read_header(RequestParser& parser, bool is_first);
  Task<bool> write(std::string_view bytes);
  Task<void> wait(Timer& signal);
  Task<void> linger();
  void wake_up();
  void enter(Phase phase, std::chrono::milliseconds limit);
  void on_due();
  void on_client_left();
  void consume(std::size_t bytes);
  [[nodiscard]] std::string_view input() const { return std::string_view(in_).substr(in_used_); }

  // connection_exchange.cc: one request.
  std::shared_ptr<ExchangeCore> make_exchange(RequestParser& parser, bool is_whole);
  bool prepare(ExchangeCore& core, RequestParser& parser);
  bool prepare_body(ExchangeCore& core, const RequestParser& parser);
  Task<bool> read_whole_body(ExchangeCore& core, RequestParser& parser);
  bool take_client_place(const std::string& address);
  bool hold_body_bytes(std::uint64_t bytes);
  Task<bool> say_continue(const ExchangeCore& core);
  void hand_over(const std::shared_ptr<ExchangeCore>& core);
  Task<void> run_exchange(const std::shared_ptr<ExchangeCore>& core, RequestParser& parser);
  bool feed_body(ExchangeCore& core, RequestParser& parser);
  bool finish_exchange(ExchangeCore& core);
  /// Gives back what the exchange holds of the server; also where it ended by an exception.
  void release();
  void check_exchange_due(Clock::time_point now);

  ServerCore& server_;
  boost::asio::any_io_executor strand_;
  std::unique_ptr<Stream> stream_;
  const Remote remote_;
  const bool is_tls_;

  Timer signal_;  ///< wakes `serve`
  Timer room_;    ///< wakes `pump`
  std::string in_;
  std::size_t in_used_ = 0;
  bool is_input_over_ = false;  ///< the client left, or closed its side
  bool is_discarding_ = false;
  bool is_closed_ = false;
  bool has_failed_ = false;  ///< an answer could not be written
  std::atomic<bool> is_wake_pending_{false};

  Phase phase_ = Phase::kHandshake;
  Clock::time_point deadline_;
  std::atomic<Clock::rep> next_check_{0};

  std::shared_ptr<ExchangeCore> exchange_;
  bool streams_body_ = false;
  bool is_body_read_ = true;
  bool has_said_continue_ = false;
  bool is_waiting_for_body_ = false;
  std::atomic<bool> has_event_place_{false};
  std::string client_key_;  ///< of the client behind a proxy whose request holds a place
  std::uint64_t held_body_bytes_ = 0;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::chrono::milliseconds body_waited_{0};
  Clock::time_point last_check_;
  Clock::time_point last_write_;
  Clock::time_point exchange_ends_;
  bool is_writing_ = false;
};

}  // namespace spoor::http
