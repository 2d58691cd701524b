#pragma once
// What a worker and a connection share about one request. The worker fills `out` and takes from
// `body`; the connection does the reverse. Internal to the module http.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/coding.h"
#include "http/message.h"
#include "http/router.h"
#include "http/server.h"

namespace spoor::http {

/// Bytes of an answer that wait for the socket before write() blocks, and of a body that wait for
/// the handler before reading from the socket pauses.
inline constexpr std::size_t kAnswerHighWater = 256 * 1024;
inline constexpr std::size_t kBodyHighWater = 256 * 1024;

/// What answers need to know of their server.
struct AnswerSettings {
  std::string content_security_policy;
  std::int64_t strict_transport_seconds = 0;
  std::function<std::string(int, std::string_view, std::string_view, std::string_view)> error_body;
};

/// Wakes the connection of an exchange, from any thread, until it is detached.
class Waker {
 public:
  void attach(std::function<void()> wake);
  /// After it returns, the function is not running and never called again.
  void detach();
  void wake();

 private:
  std::mutex mutex_;
  std::function<void()> wake_;
};

/// One client's events. Shared by the handles and the connection.
class EventCore {
 public:
  EventCore(std::shared_ptr<Waker> waker, std::string last_event_id, std::size_t max_queue_bytes)
      : waker_(std::move(waker)),
        last_event_id_(std::move(last_event_id)),
        max_queue_bytes_(max_queue_bytes) {}

  bool push(std::string text);
  /// What is queued, for the socket.
  std::string take();
  /// No more events; what is queued still goes out.
  void close();
  /// Ends at once: the client left or was cut.
  void abort();

  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool is_overflowed() const;
  [[nodiscard]] bool is_drained() const;  ///< closed, and nothing is queued
  [[nodiscard]] const std::string& last_event_id() const { return last_event_id_; }
  [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Waker> waker_;
  const std::string last_event_id_;
  const std::size_t max_queue_bytes_;
  std::string queue_;
  bool is_closed_ = false;
  bool is_overflowed_ = false;
  std::stop_source stop_;
};

enum class CancelReason : std::uint8_t { kNone, kClientLeft, kStopping, kTimeOver };

class ExchangeCore {
 public:
  // Set before the worker sees the exchange, constant afterwards.
  Request request;
  RouteMatch match;
  std::shared_ptr<const AnswerSettings> settings;
  std::shared_ptr<Waker> waker = std::make_shared<Waker>();
  bool has_body = false;
  std::int64_t body_length = -1;
  Coding body_coding = Coding::kIdentity;
  DecodeLimits decode_limits;
  std::uint64_t max_body_bytes = 0;  ///< as sent
  bool is_http_1_0 = false;
  bool wants_keep_alive = true;
  Coding accepted = Coding::kIdentity;
  std::size_t max_event_queue_bytes = 0;
  std::function<bool()> take_event_place;  ///< false: too many streams
  std::chrono::steady_clock::time_point started;

  // Guarded by `mutex`.
  std::mutex mutex;
  std::condition_variable changed;
  std::string body;  ///< as sent, for the handler
  bool is_body_wanted = false;
  bool is_body_over = false;  ///< all of it is in `body` or was taken
  std::optional<Error> body_error;
  std::string out;           ///< for the socket
  bool has_head = false;     ///< an answer has begun
  bool is_out_over = false;  ///< the answer is complete
  bool is_handler_done = false;
  bool closes = false;  ///< the answer says "Connection: close"
  int status = 0;
  std::shared_ptr<EventCore> events;
  CancelReason cancel_reason = CancelReason::kNone;
  std::string problem;

  std::stop_source stop;

  /// Only the first reason counts.
  void cancel(CancelReason reason);
  void wake() const { waker->wake(); }

  // Of the worker alone.
  std::unique_ptr<Encoder> encoder;
  std::unique_ptr<Decoder> decoder;
  std::string taken_body;  ///< moved from `body`, being decoded
  std::size_t taken_used = 0;
  bool is_last_taken = false;  ///< `taken_body` holds the end of the body
  bool is_chunked = false;
  bool has_no_body = false;  ///< HEAD, 204, 304

  /// Puts a whole answer out; for the connection too, before a worker has the exchange.
  void answer(Response response);
  void answer_error(int status, std::string_view code, std::string_view message,
                    Headers headers = {});
};

/// Runs the handler of an exchange to its end, whatever it does.
void run_handler(const std::shared_ptr<ExchangeCore>& core);

/// An event in the form of the wire; empty where there is nothing to say.
std::string format_event(std::string_view id, std::string_view event, std::string_view data);

}  // namespace spoor::http
