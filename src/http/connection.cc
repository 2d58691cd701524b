#include "http/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace spoor::http {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kInputHighWater = 64 * 1024;
constexpr std::size_t kFirstReadBytes = 4 * 1024;
constexpr std::size_t kLargestReadBytes = 64 * 1024;
constexpr milliseconds kLingerTime{2'000};

}  // namespace

Connection::Connection(ServerCore& server, asio::any_io_executor strand,
                       std::unique_ptr<Stream> stream, Remote remote, bool is_tls)
    : server_(server),
      strand_(std::move(strand)),
      stream_(std::move(stream)),
      remote_(std::move(remote)),
      is_tls_(is_tls),
      signal_(strand_),
      room_(strand_) {}

Connection::~Connection() {
  release();
  server_.registry.remove(this);
  server_.registry.give_place(remote_.limit_key);
}

void Connection::start() {
  // Before the sweep can see it: a connection without a deadline would be one that is late.
  enter(Phase::kHandshake, server_.options.limits.header_timeout);
  server_.registry.add(this, weak_from_this());
  // The coroutines keep the connection alive; an exception (memory, mostly) ends it alone.
  asio::co_spawn(
      strand_, [self = shared_from_this()]() -> asio::awaitable<void> { return self->serve(); },
      [self = shared_from_this()](const std::exception_ptr&) {
        self->on_client_left();
        self->close();
        self->release();
      });
}

void Connection::enter(Phase phase, milliseconds limit) {
  phase_ = phase;
  const Clock::time_point now = Clock::now();
  deadline_ = now + limit;
  last_check_ = now;
  const bool is_watched = phase == Phase::kBody || phase == Phase::kExchange;
  next_check_ = is_watched ? 0 : deadline_.time_since_epoch().count();
}

void Connection::check_due(Clock::time_point now) {
  if (next_check_ <= now.time_since_epoch().count()) {
    asio::post(strand_, [self = shared_from_this()] { self->on_due(); });
  }
}

void Connection::on_due() {
  const Clock::time_point now = Clock::now();
  if (is_closed_) {
    return;
  }
  if (phase_ == Phase::kBody || phase_ == Phase::kExchange) {
    check_exchange_due(now);
    last_check_ = now;
    return;
  }
  if (now >= deadline_) {
    if (phase_ == Phase::kHandshake || phase_ == Phase::kHeader) {
      ++server_.counters.connections_timed_out;
    }
    close();
  }
}

void Connection::stop_soon() {
  asio::post(strand_, [self = shared_from_this()] {
    if (self->phase_ == Phase::kHandshake || self->phase_ == Phase::kIdle) {
      self->close();
    } else if (self->exchange_) {
      std::shared_ptr<EventCore> events;
      {
        const std::lock_guard lock(self->exchange_->mutex);
        events = self->exchange_->events;
      }
      if (events) {
        events->close();
      }
    }
  });
}

void Connection::cancel() {
  asio::post(strand_, [self = shared_from_this()] {
    if (self->exchange_) {
      self->exchange_->cancel(CancelReason::kStopping);
    }
  });
}

void Connection::detach() {
  if (exchange_) {
    exchange_->waker->detach();
  }
}

void Connection::close() {
  if (!std::exchange(is_closed_, true)) {
    stream_->close();
    signal_.cancel();
    room_.cancel();
  }
}

void Connection::wake_up() {
  if (!is_wake_pending_.exchange(true)) {
    asio::post(strand_, [self = shared_from_this()] {
      self->is_wake_pending_ = false;
      self->signal_.cancel();
    });
  }
}

asio::awaitable<void> Connection::wait(Timer& signal) {
  error_code ignored;
  signal.expires_at(Clock::time_point::max());
  co_await signal.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Connection::consume(std::size_t bytes) {
  in_used_ += bytes;
  if (in_used_ == in_.size()) {
    in_.clear();
    in_used_ = 0;
  } else if (in_used_ > kInputHighWater / 2) {
    in_.erase(0, in_used_);
    in_used_ = 0;
  }
  room_.cancel();
}

void Connection::on_client_left() {
  is_input_over_ = true;
  if (exchange_) {
    std::shared_ptr<EventCore> events;
    {
      const std::lock_guard lock(exchange_->mutex);
      events = exchange_->events;
    }
    if (events) {
      events->abort();
    }
    exchange_->cancel(CancelReason::kClientLeft);
  }
  signal_.cancel();
}

asio::awaitable<void> Connection::pump() {
  std::string buffer(kFirstReadBytes, '\0');
  while (!is_closed_) {
    if (in_.size() - in_used_ >= kInputHighWater && !is_discarding_) {
      co_await wait(room_);
      continue;
    }
    error_code error;
    const std::size_t size = co_await stream_->read_some(asio::buffer(buffer), error);
    if (error || size == 0) {
      break;
    }
    if (!is_discarding_) {
      in_.append(buffer, 0, size);
    }
    if (size == buffer.size() && size < kLargestReadBytes) {
      buffer.resize(size * 4);
    }
    signal_.cancel();
  }
  on_client_left();
}

asio::awaitable<bool> Connection::write(std::string_view bytes) {
  is_writing_ = true;
  last_write_ = Clock::now();
  while (!bytes.empty() && !is_closed_) {
    error_code error;
    const std::size_t size =
        co_await stream_->write_some(asio::buffer(bytes.data(), bytes.size()), error);
    if (error) {
      break;
    }
    bytes.remove_prefix(size);
    bytes_out_ += size;
    last_write_ = Clock::now();
  }
  is_writing_ = false;
  co_return bytes.empty();
}

asio::awaitable<void> Connection::serve() {
  if (!co_await stream_->handshake()) {
    ++server_.counters.tls_handshakes_failed;
    close();
    co_return;
  }
  asio::co_spawn(
      strand_, [self = shared_from_this()]() -> asio::awaitable<void> { return self->pump(); },
      [self = shared_from_this()](const std::exception_ptr& failure) {
        if (failure) {
          self->on_client_left();
          self->close();
        }
      });
  bool goes_on = true;
  for (std::size_t served = 0; goes_on && !is_closed_; ++served) {
    goes_on = co_await serve_one(served == 0) &&
              served + 1 < server_.options.limits.max_requests_per_connection &&
              !server_.is_stopping;
  }
  co_await linger();
  close();
}

/// Lets the client read the end of the last answer: closing with unread bytes of it would reset the
/// connection under the answer.
asio::awaitable<void> Connection::linger() {
  if (is_closed_ || has_failed_) {
    co_return;
  }
  enter(Phase::kClosing, kLingerTime);
  is_discarding_ = true;
  in_.clear();
  in_used_ = 0;
  room_.cancel();
  co_await stream_->end_output();
  while (!is_input_over_ && !is_closed_) {
    co_await wait(signal_);
  }
}

asio::awaitable<bool> Connection::read_header(RequestParser& parser, bool is_first) {
  if (is_first) {
    enter(Phase::kHeader, server_.options.limits.header_timeout);
  } else {
    enter(Phase::kIdle, server_.options.limits.idle_timeout);
    if (in_.empty()) {
      in_.shrink_to_fit();
    }
  }
  bool has_begun = false;
  while (!is_closed_) {
    // A line end before a request is noise of old clients (RFC 9112 section 2.2).
    while (!has_begun && (input().starts_with('\r') || input().starts_with('\n'))) {
      consume(1);
    }
    if (!input().empty() && !std::exchange(has_begun, true) && !is_first) {
      enter(Phase::kHeader, server_.options.limits.header_timeout);
    }
    std::size_t used = 0;
    const RequestParser::Outcome outcome = parser.read_header(input(), used);
    consume(used);
    if (outcome != RequestParser::Outcome::kNeedMore) {
      co_return true;
    }
    if (is_input_over_ || server_.is_stopping) {
      break;
    }
    co_await wait(signal_);
  }
  co_return false;
}

asio::awaitable<bool> Connection::serve_one(bool is_first) {
  RequestParser parser(server_.options.limits);
  if (!co_await read_header(parser, is_first)) {
    co_return false;
  }
  ++server_.exchanges;
  const bool is_whole = parser.refusal().status == 0;
  exchange_ = make_exchange(parser, is_whole);
  enter(Phase::kBody, milliseconds(0));
  bool is_ready = is_whole && prepare(*exchange_, parser);
  if (is_ready && exchange_->has_body && !streams_body_) {
    is_ready = co_await read_whole_body(*exchange_, parser);
  }
  if (is_ready) {
    hand_over(exchange_);
  } else {
    const std::lock_guard lock(exchange_->mutex);
    exchange_->is_handler_done = true;
  }
  enter(Phase::kExchange, milliseconds(0));
  co_await run_exchange(exchange_, parser);
  const bool goes_on = finish_exchange(*exchange_);
  release();
  co_return goes_on;
}

}  // namespace spoor::http
