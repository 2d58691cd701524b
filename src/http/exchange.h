#pragma once
// One request being answered, as a handler sees it. Handlers run on a bounded pool of workers and
// may block; they never run on the threads that serve sockets. An Exchange belongs to the one
// thread that runs its handler; only EventStream may be kept and used from others.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace spoor::http {

class ExchangeCore;
class EventCore;

/// Server-sent events to one client. A cheap handle: copies speak to the same client; usable from
/// any thread; holds no worker. The stream ends when the client leaves, when the client is too slow
/// (its queue is full), when the server stops, or by close(); not when the handles are gone.
class EventStream {
 public:
  EventStream() = default;
  explicit EventStream(std::shared_ptr<EventCore> core) : core_(std::move(core)) {}

  /// Queues an event without blocking; false where the stream has ended. `id` and `event` may be
  /// empty and hold no line ends (they are left out where they do); `data` may have lines. A queue
  /// that is full cuts the client, which comes back with Last-Event-ID.
  bool send(std::string_view id, std::string_view event, std::string_view data);
  [[nodiscard]] bool is_open() const;
  /// Id of the last event that the client has seen (its Last-Event-ID header); empty for a new one.
  [[nodiscard]] const std::string& last_event_id() const;
  /// Fires when the stream has ended.
  [[nodiscard]] std::stop_token stop_token() const;
  /// Ends the stream after what is queued.
  void close();

 private:
  std::shared_ptr<EventCore> core_;
};

class Exchange {
 public:
  explicit Exchange(std::shared_ptr<ExchangeCore> core);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  [[nodiscard]] const Request& request() const;
  /// Value of a parameter of the route's pattern, decoded, never empty; empty for a name that the
  /// pattern does not have.
  [[nodiscard]] std::string_view param(std::string_view name) const;

  /// The whole answer. Only the first of respond, begin and start_events counts; a handler that
  /// returns without any of them gives a 500 (504 where its time was over).
  void respond(Response response);
  /// An error in the server's one form (ServerOptions::error_body). `code` is for programs
  /// ("not_found"), `message` for people.
  void respond_error(int status, std::string_view code, std::string_view message);
  [[nodiscard]] bool has_responded() const;

  /// Starts an answer of unknown length; it is compressed where the client and the type allow.
  void begin(int status, Headers headers, std::string content_type);
  /// Sends bytes of the answer; blocks while the client is slower than the handler. kCancelled when
  /// the client is gone, the server stops or the route's time is over; also for a HEAD request,
  /// whose answer has no body.
  Result<void> write(std::string_view bytes);
  /// Pushes out what compression holds back, so that the client sees all that was written.
  Result<void> flush();
  /// Ends a streamed answer. Without it the client sees a cut answer, as it must for one that
  /// failed half way.
  Result<void> finish();

  /// Next bytes of the body, decoded, for routes with RouteOptions::streams_body; 0 at its end.
  /// Blocks; kCancelled as for write(), kLimit for a body (as sent or decoded) over the route's
  /// size or a decompression ratio over the server's, kInvalidInput for bytes that do not decode.
  Result<std::size_t> read_body(std::span<char> buffer);
  /// Bytes of the body as sent, where the client said so; -1 where it did not.
  [[nodiscard]] std::int64_t body_length() const;

  /// True once nobody waits for the answer: the client left, the server stops, time is over.
  [[nodiscard]] bool is_cancelled() const;
  [[nodiscard]] std::stop_token stop_token() const;

  /// Turns the answer into server-sent events; the handler may return, the stream goes on.
  EventStream start_events();

 private:
  std::shared_ptr<ExchangeCore> core_;
};

/// Exceptions that leave a handler are caught and answered with 500.
using Handler = std::function<void(Exchange&)>;

}  // namespace spoor::http
