#include "http/exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/answer.h"
#include "http/exchange_core.h"

namespace spoor::http {

namespace {

Error cancelled(CancelReason reason) {
  switch (reason) {
    case CancelReason::kTimeOver:
      return Error::make(ErrorCode::kCancelled, "the request took longer than it may");
    case CancelReason::kStopping:
      return Error::make(ErrorCode::kCancelled, "the server is stopping");
    case CancelReason::kClientLeft:
    case CancelReason::kNone:
      break;
  }
  return Error::make(ErrorCode::kCancelled, "the client is gone");
}

std::string chunk(std::string_view bytes) {
  return bytes.empty() ? std::string() : fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

/// Puts bytes of a streamed answer out once there is room.
Result<void> put(ExchangeCore& core, std::string bytes, bool is_last) {
  {
    std::unique_lock lock(core.mutex);
    core.changed.wait(lock, [&] {
      return core.out.size() < kAnswerHighWater || core.cancel_reason != CancelReason::kNone;
    });
    if (core.cancel_reason != CancelReason::kNone) {
      return fail(cancelled(core.cancel_reason));
    }
    core.out += bytes;
    core.is_out_over = core.is_out_over || is_last;
  }
  core.wake();
  return {};
}

/// Waits for more of the body as sent, or for its end.
Result<void> take_body(ExchangeCore& core) {
  std::unique_lock lock(core.mutex);
  if (core.body.empty() && !core.is_body_over && !core.body_error) {
    core.is_body_wanted = true;
    lock.unlock();
    core.wake();
    lock.lock();
    core.changed.wait(lock, [&] {
      return !core.body.empty() || core.is_body_over || core.body_error ||
             core.cancel_reason != CancelReason::kNone;
    });
  }
  if (core.body.empty() && !core.is_body_over) {
    return fail(core.body_error ? *core.body_error : cancelled(core.cancel_reason));
  }
  core.taken_body.erase(0, core.taken_used);
  core.taken_used = 0;
  core.taken_body += core.body;
  core.body.clear();
  core.is_last_taken = core.is_body_over;
  lock.unlock();
  core.wake();
  return {};
}

Result<void> check_streaming(const ExchangeCore& core) {
  if (!core.has_head || core.is_out_over) {
    return fail(ErrorCode::kInternal, "no streamed answer is open");
  }
  return {};
}

}  // namespace

bool EventStream::send(std::string_view id, std::string_view event, std::string_view data) {
  return core_ && core_->push(format_event(id, event, data));
}

bool EventStream::is_open() const { return core_ && core_->is_open(); }

const std::string& EventStream::last_event_id() const {
  static const std::string kNone;
  return core_ ? core_->last_event_id() : kNone;
}

std::stop_token EventStream::stop_token() const {
  return core_ ? core_->stop_token() : std::stop_token();
}

void EventStream::close() {
  if (core_) {
    core_->close();
  }
}

Exchange::Exchange(std::shared_ptr<ExchangeCore> core) : core_(std::move(core)) {}
Exchange::~Exchange() = default;

const Request& Exchange::request() const { return core_->request; }

std::string_view Exchange::param(std::string_view name) const {
  for (const auto& [key, value] : core_->match.params) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

void Exchange::respond(Response response) {
  core_->answer(std::move(response));
  core_->wake();
}

void Exchange::respond_error(int status, std::string_view code, std::string_view message) {
  core_->answer_error(status, code, message);
  core_->wake();
}

bool Exchange::has_responded() const {
  const std::lock_guard lock(core_->mutex);
  return core_->has_head;
}

void Exchange::begin(int status, Headers headers, std::string content_type) {
  if (!are_sendable(headers, content_type) || status < 200 || status > 999) {
    core_->answer({.status = 0, .headers = {}, .body = {}});  // which makes it a 500
    core_->wake();
    return;
  }
  {
    const std::lock_guard lock(core_->mutex);
    if (core_->has_head) {
      return;
    }
    HeadFacts facts;
    facts.status = status;
    facts.content_type = content_type;
    core_->has_no_body = core_->request.method == Method::kHead || status == 204 || status == 304;
    facts.varies = !core_->has_no_body && status != 206 && is_compressible(content_type) &&
                   !find_header(headers, "Content-Encoding");
    facts.coding = facts.varies ? core_->accepted : Coding::kIdentity;
    core_->is_chunked = !core_->has_no_body && !core_->is_http_1_0;
    facts.is_chunked = core_->is_chunked;
    facts.closes = !core_->wants_keep_alive || (core_->has_body && !core_->is_body_over) ||
                   (core_->is_http_1_0 && !core_->has_no_body);
    core_->closes = facts.closes;
    if (facts.coding != Coding::kIdentity) {
      core_->encoder = Encoder::make(facts.coding);
    }
    core_->status = status;
    core_->out += make_head(facts, headers, core_->request, *core_->settings);
    core_->has_head = true;
    core_->is_out_over = core_->has_no_body;
  }
  core_->wake();
}

Result<void> Exchange::write(std::string_view bytes) {
  if (core_->has_no_body) {
    return fail(ErrorCode::kCancelled, "this answer has no body");
  }
  TRY_VOID(check_streaming(*core_));
  if (!core_->encoder) {
    return put(*core_, core_->is_chunked ? chunk(bytes) : std::string(bytes), false);
  }
  std::string packed;
  core_->encoder->encode(bytes, packed);
  return put(*core_, core_->is_chunked ? chunk(packed) : std::move(packed), false);
}

Result<void> Exchange::flush() {
  if (core_->has_no_body) {
    return {};
  }
  TRY_VOID(check_streaming(*core_));
  if (!core_->encoder) {
    return {};
  }
  std::string packed;
  core_->encoder->flush(packed);
  return put(*core_, core_->is_chunked ? chunk(packed) : std::move(packed), false);
}

Result<void> Exchange::finish() {
  if (core_->has_no_body) {
    return {};
  }
  TRY_VOID(check_streaming(*core_));
  std::string last;
  if (core_->encoder) {
    core_->encoder->finish(last);
    last = core_->is_chunked ? chunk(last) : std::move(last);
  }
  last += core_->is_chunked ? "0\r\n\r\n" : "";
  return put(*core_, std::move(last), true);
}

Result<std::size_t> Exchange::read_body(std::span<char> buffer) {
  if (!core_->has_body || buffer.empty()) {
    return std::size_t{0};
  }
  if (!core_->decoder) {
    core_->decoder = Decoder::make(core_->body_coding, core_->decode_limits);
  }
  while (true) {
    std::string_view input = std::string_view(core_->taken_body).substr(core_->taken_used);
    const std::size_t before = input.size();
    const std::size_t size = TRY(core_->decoder->decode(input, core_->is_last_taken, buffer));
    core_->taken_used += before - input.size();
    if (size > 0 || core_->is_last_taken) {
      return size;
    }
    TRY_VOID(take_body(*core_));
  }
}

std::int64_t Exchange::body_length() const {
  return core_->has_body ? core_->body_length : std::int64_t{0};
}

bool Exchange::is_cancelled() const {
  const std::lock_guard lock(core_->mutex);
  return core_->cancel_reason != CancelReason::kNone;
}

std::stop_token Exchange::stop_token() const { return core_->stop.get_token(); }

EventStream Exchange::start_events() {
  if (has_responded()) {
    return {};
  }
  if (!core_->take_event_place || !core_->take_event_place()) {
    core_->answer_error(503, "too_many_streams", "too many event streams are open",
                        {{"Retry-After", "5"}});
    core_->wake();
    return {};
  }
  std::string last_id(core_->request.header("Last-Event-ID").substr(0, 256));
  auto events =
      std::make_shared<EventCore>(core_->waker, std::move(last_id), core_->max_event_queue_bytes);
  {
    const std::lock_guard lock(core_->mutex);
    HeadFacts facts;
    facts.content_type = "text/event-stream";
    facts.closes = true;
    core_->has_no_body = core_->request.method == Method::kHead;
    core_->closes = true;
    core_->status = 200;
    core_->out += make_head(facts, {}, core_->request, *core_->settings);
    core_->has_head = true;
    core_->is_out_over = true;
    core_->events = events;
  }
  if (core_->has_no_body) {
    events->close();
  }
  core_->wake();
  return EventStream(std::move(events));
}

}  // namespace spoor::http
