// One request on a connection: what is checked before its handler, its body, its answer.
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "http/connection.h"

namespace spoor::http {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kBodyFreeTime{10'000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string allow_list(const std::vector<Method>& methods) {
  std::string list;
  for (const Method method : methods) {
    list += list.empty() ? "" : ", ";
    list += method_name(method);
  }
  return list;
}

double milliseconds_since(Connection::Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Connection::Clock::now() - start).count();
}

}  // namespace

std::shared_ptr<ExchangeCore> Connection::make_exchange(RequestParser& parser, bool is_whole) {
  auto core = std::make_shared<ExchangeCore>();
  core->started = Clock::now();
  core->settings = server_.answers;
  core->max_event_queue_bytes = server_.options.limits.max_event_queue_bytes;
  core->request.id = server_.make_request_id();
  core->request.remote_address = remote_.address;
  core->request.remote_port = remote_.port;
  core->request.peer = remote_.peer;
  core->request.is_tls = is_tls_;
  core->wants_keep_alive = false;
  core->waker->attach([weak = weak_from_this()] {
    if (const std::shared_ptr<Connection> alive = weak.lock()) {
      alive->wake_up();
    }
  });
  core->take_event_place = [weak = weak_from_this()] {
    const std::shared_ptr<Connection> alive = weak.lock();
    if (!alive) {
      return false;
    }
    ServerCore& server = alive->server_;
    if (server.event_streams.fetch_add(1) >= server.options.limits.max_event_streams) {
      --server.event_streams;
      return false;
    }
    alive->has_event_place_ = true;
    return true;
  };
  bytes_in_ = 0;
  bytes_out_ = 0;
  body_waited_ = milliseconds(0);
  has_said_continue_ = false;
  is_waiting_for_body_ = false;
  streams_body_ = false;
  is_body_read_ = true;
  exchange_ends_ = Clock::time_point::max();
  if (!is_whole) {
    const Refusal& refusal = parser.refusal();
    core->answer_error(refusal.status, refusal.code, refusal.message);
    return core;
  }
  core->request.method = parse_method(parser.method());
  core->is_http_1_0 = parser.is_http_1_0();
  core->wants_keep_alive = parser.wants_keep_alive() && !server_.is_stopping;
  core->has_body = parser.has_body();
  core->body_length = parser.content_length();
  is_body_read_ = !core->has_body;
  core->is_body_over = is_body_read_;
  core->request.headers = parser.take_headers();
  core->request.remote_address =
      client_address(server_.trusted_proxies, remote_.address, core->request.headers);
  core->accepted = choose_coding(core->request.header("Accept-Encoding"));
  return core;
}

/// Finds the route; false where the request is answered by that already.
bool Connection::prepare(ExchangeCore& core, RequestParser& parser) {
  Request& request = core.request;
  if (!take_client_place(request.remote_address)) {
    core.answer_error(429, "too_many_requests", "this address has too many requests at once",
                      {{"Retry-After", "1"}});
    return false;
  }
  if (request.method == Method::kOptions && parser.target() == "*") {
    core.answer(Response::empty(204));
    return false;
  }
  Result<Target> target = parse_target(parser.target());
  if (!target) {
    core.answer_error(400, "bad_request", target.error().message);
    return false;
  }
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  RouteLookup lookup = server_.router.find(request.method, request.path);
  if (lookup.allowed.empty()) {
    core.answer_error(404, "not_found", "there is nothing at this path");
    return false;
  }
  if (request.method == Method::kOptions) {
    Response response = Response::empty(204);
    response.set("Allow", allow_list(lookup.allowed));
    core.answer(std::move(response));
    return false;
  }
  if (lookup.match.handler == nullptr) {
    core.answer_error(405, "method_not_allowed", "this path does not have the method",
                      {{"Allow", allow_list(lookup.allowed)}});
    return false;
  }
  core.match = std::move(lookup.match);
  request.route = core.match.options->name;
  return prepare_body(core, parser);
}

/// Refuses a body by what its header says of it.
bool Connection::prepare_body(ExchangeCore& core, const RequestParser& parser) {
  const RouteOptions& route = *core.match.options;
  streams_body_ = route.streams_body;
  core.max_body_bytes =
      route.max_body_bytes != 0 ? route.max_body_bytes : server_.options.limits.max_body_bytes;
  core.decode_limits = {.max_decoded_bytes = core.max_body_bytes,
                        .max_ratio = server_.options.limits.max_decode_ratio};
  if (!core.has_body) {
    return true;
  }
  const auto coding = parse_content_coding(core.request.header("Content-Encoding"));
  if (!coding) {
    core.answer_error(415, "unsupported_encoding",
                      "a body may be encoded by gzip or zstd, and by one of them",
                      {{"Accept-Encoding", "gzip, zstd"}});
    return false;
  }
  core.body_coding = *coding;
  const std::int64_t length = parser.content_length();
  if (length > 0 && static_cast<std::uint64_t>(length) > core.max_body_bytes) {
    core.answer_error(413, "too_large",
                      "the body is larger than " + std::to_string(core.max_body_bytes) + " bytes");
    return false;
  }
  return true;
}

/// Counts bytes of whole bodies over all connections; false where there are too many.
bool Connection::hold_body_bytes(std::uint64_t bytes) {
  held_body_bytes_ += bytes;
  return server_.buffered_body_bytes.fetch_add(bytes) + bytes <=
         server_.options.limits.max_buffered_body_bytes;
}

asio::awaitable<bool> Connection::say_continue(const ExchangeCore& core) {
  if (has_said_continue_ || core.is_http_1_0 || !core.request.has_header("Expect") ||
      !input().empty()) {
    co_return true;
  }
  has_said_continue_ = true;
  co_return co_await write(kContinue);
}

asio::awaitable<bool> Connection::read_whole_body(ExchangeCore& core, RequestParser& parser) {
  if (!co_await say_continue(core)) {
    has_failed_ = true;
    co_return false;
  }
  std::string& body = core.request.body;
  std::uint64_t held = 0;
  while (true) {
    std::size_t used = 0;
    const RequestParser::Outcome outcome = parser.read_body(input(), used, body);
    consume(used);
    bytes_in_ = body.size();
    if (outcome == RequestParser::Outcome::kRefused) {
      const Refusal& refusal = parser.refusal();
      core.answer_error(refusal.status, refusal.code, refusal.message);
      co_return false;
    }
    if (body.size() > core.max_body_bytes) {
      core.answer_error(
          413, "too_large",
          "the body is larger than " + std::to_string(core.max_body_bytes) + " bytes");
      co_return false;
    }
    if (!hold_body_bytes(body.size() - std::exchange(held, body.size()))) {
      core.answer_error(503, "busy", "the server holds too many bodies now",
                        {{"Retry-After", "1"}});
      co_return false;
    }
    if (outcome == RequestParser::Outcome::kDone) {
      is_waiting_for_body_ = false;
      is_body_read_ = true;
      core.is_body_over = true;
      co_return true;
    }
    if (is_closed_ || (is_input_over_ && used == 0)) {
      has_failed_ = true;
      co_return false;
    }
    if (used == 0 || input().empty()) {
      is_waiting_for_body_ = true;
      co_await wait(signal_);
    }
  }
}

void Connection::hand_over(const std::shared_ptr<ExchangeCore>& core) {
  const double seconds = core->match.options->seconds;
  if (seconds > 0) {
    exchange_ends_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double>(seconds));
  }
  if (server_.workers.submit(core)) {
    return;
  }
  ++server_.counters.requests_refused_busy;
  core->answer_error(503, "busy", "the server is busy", {{"Retry-After", "1"}});
  const std::lock_guard lock(core->mutex);
  core->is_handler_done = true;
}

/// Moves what came of a streamed body to the handler; false where nothing could be done.
bool Connection::feed_body(ExchangeCore& core, RequestParser& parser) {
  if (!streams_body_ || is_body_read_ || has_failed_) {
    return false;
  }
  const std::lock_guard lock(core.mutex);
  is_waiting_for_body_ = false;
  if (!core.is_body_wanted || core.body_error || core.body.size() >= kBodyHighWater) {
    return false;
  }
  std::size_t used = 0;
  const std::size_t before = core.body.size();
  const RequestParser::Outcome outcome = parser.read_body(input(), used, core.body);
  consume(used);
  bytes_in_ += core.body.size() - before;
  if (outcome == RequestParser::Outcome::kRefused) {
    core.body_error = Error::make(ErrorCode::kInvalidInput, parser.refusal().message);
  } else if (bytes_in_ > core.max_body_bytes) {
    core.body_error =
        Error::make(ErrorCode::kLimit,
                    "the body is larger than " + std::to_string(core.max_body_bytes) + " bytes");
  } else if (outcome == RequestParser::Outcome::kDone) {
    is_body_read_ = true;
    core.is_body_over = true;
  } else if (used == 0 && is_input_over_) {
    core.body_error = Error::make(ErrorCode::kTruncated, "the client left before the body's end");
  } else if (used == 0) {
    is_waiting_for_body_ = true;
    return false;
  }
  core.changed.notify_all();
  return true;
}

asio::awaitable<void> Connection::run_exchange(const std::shared_ptr<ExchangeCore>& core,
                                               RequestParser& parser) {
  bool is_cut = false;
  while (true) {
    const bool has_fed = feed_body(*core, parser);
    std::string bytes;
    std::shared_ptr<EventCore> events;
    bool is_done = false;
    bool wants_body = false;
    {
      const std::lock_guard lock(core->mutex);
      bytes = std::exchange(core->out, {});
      events = core->events;
      is_done = core->is_handler_done;
      wants_body = core->is_body_wanted && !core->has_head;
      core->changed.notify_all();
    }
    if (bytes.empty() && events) {
      if (events->is_overflowed() && !std::exchange(is_cut, true)) {
        ++server_.counters.event_streams_cut;
        has_failed_ = true;
        close();
      }
      bytes = events->take();
    }
    if (!bytes.empty()) {
      if (!has_failed_ && !co_await write(bytes)) {
        has_failed_ = true;
        on_client_left();
      }
      continue;
    }
    if (is_done && (!events || events->is_drained())) {
      co_return;
    }
    if (wants_body && is_waiting_for_body_ && !has_said_continue_) {
      if (!co_await say_continue(*core)) {
        has_failed_ = true;
        on_client_left();
      }
      has_said_continue_ = true;
    }
    if (!has_fed) {
      co_await wait(signal_);
    }
  }
}

void Connection::check_exchange_due(Clock::time_point now) {
  const ServerLimits& limits = server_.options.limits;
  if (is_writing_ && now - last_write_ > limits.write_timeout) {
    ++server_.counters.connections_timed_out;
    close();
    return;
  }
  if (is_waiting_for_body_ && limits.min_body_bytes_per_second > 0) {
    body_waited_ += std::chrono::duration_cast<milliseconds>(now - last_check_);
    const auto allowed =
        kBodyFreeTime + milliseconds(1000 * bytes_in_ / limits.min_body_bytes_per_second);
    if (body_waited_ > allowed) {
      ++server_.counters.connections_timed_out;
      close();
      return;
    }
  }
  if (!exchange_ || phase_ != Phase::kExchange) {
    return;
  }
  if (now > exchange_ends_) {
    exchange_ends_ = Clock::time_point::max();
    exchange_->cancel(CancelReason::kTimeOver);
  }
  std::shared_ptr<EventCore> events;
  {
    const std::lock_guard lock(exchange_->mutex);
    events = exchange_->events;
  }
  if (events && events->is_overflowed()) {
    close();  // a write may wait for a client that takes nothing
    on_client_left();
  } else if (events && now - last_write_ > limits.event_heartbeat) {
    last_write_ = now;
    (void)events->push(": \n\n");
  }
}

/// Where the connection is a proxy's, its requests count for the clients that they come from.
bool Connection::take_client_place(const std::string& address) {
  if (!remote_.is_trusted_proxy) {
    return true;
  }
  std::string key = limit_key_of(address);
  if (!server_.registry.take_client_place(key)) {
    return false;
  }
  client_key_ = std::move(key);
  return true;
}

void Connection::release() {
  if (!client_key_.empty()) {
    server_.registry.give_client_place(std::exchange(client_key_, {}));
  }
  server_.buffered_body_bytes -= std::exchange(held_body_bytes_, 0);
  if (has_event_place_.exchange(false)) {
    --server_.event_streams;
  }
  if (exchange_) {
    exchange_->waker->detach();
    exchange_.reset();
    --server_.exchanges;
  }
}

/// Counts and reports the exchange; true where the connection can take another.
bool Connection::finish_exchange(ExchangeCore& core) {
  RequestDone done;
  bool is_whole = false;
  bool closes = false;
  {
    const std::lock_guard lock(core.mutex);
    is_whole = core.has_head && core.is_out_over && core.out.empty();
    closes = core.closes;
    done.status = core.status;
    done.problem = core.problem;
  }
  done.id = core.request.id;
  done.method = method_name(core.request.method);
  done.route = core.request.route.empty() ? "-" : core.request.route;
  done.bytes_in = bytes_in_;
  done.bytes_out = bytes_out_;
  done.milliseconds = milliseconds_since(core.started);
  done.remote = core.request.remote_address;
  done.is_cut = !is_whole || has_failed_;
  server_.counters.count(done);
  if (server_.options.on_request_done) {
    server_.options.on_request_done(done);
  }
  if (!is_whole) {
    // The client must see that the answer is not all there is: no end of chunks, no orderly end.
    has_failed_ = true;
  }
  return is_whole && !closes && !has_failed_ && is_body_read_;
}

}  // namespace spoor::http
