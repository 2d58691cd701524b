#include "http/exchange_core.h"

#include <algorithm>
#include <exception>

#include "base/text.h"
#include "http/answer.h"
#include "http/exchange.h"
#include "json/writer.h"

namespace spoor::http {

namespace {

constexpr std::size_t kCompressFrom = 1024;

/// Whether an answer may be compressed at all, whatever the client accepts.
bool may_compress(const ExchangeCore& core, int status, const Headers& headers,
                  std::string_view content_type) {
  const std::string_view caching = find_header(headers, "Cache-Control").value_or("");
  return !core.has_no_body && status != 206 && is_compressible(content_type) &&
         !find_header(headers, "Content-Encoding") &&
         caching.find("no-transform") == std::string_view::npos;
}

bool has_no_body(const Request& request, int status) {
  return request.method == Method::kHead || status == 204 || status == 304 || status < 200;
}

bool is_line(std::string_view text) {
  return std::ranges::none_of(text, [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
  });
}

}  // namespace

std::string default_error_body(int status, std::string_view code, std::string_view message,
                               std::string_view request_id) {
  (void)status;
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("error").begin_object();
  writer.key("code").string(code).key("message").string(message);
  writer.key("requestId").string(request_id).end_object().end_object();
  return out;
}

void Waker::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void Waker::detach() {
  std::function<void()> dropped;
  const std::lock_guard lock(mutex_);
  std::swap(dropped, wake_);
}

void Waker::wake() {
  const std::lock_guard lock(mutex_);
  if (wake_) {
    wake_();
  }
}

bool EventCore::push(std::string text) {
  bool is_cut = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) {
      return false;
    }
    is_cut = queue_.size() + text.size() > max_queue_bytes_;
    if (is_cut) {
      is_closed_ = true;
      is_overflowed_ = true;
      queue_.clear();
    } else {
      queue_ += text;
    }
  }
  if (is_cut) {
    stop_.request_stop();
  }
  waker_->wake();
  return !is_cut;
}

std::string EventCore::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(queue_, {});
}

void EventCore::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  stop_.request_stop();
  waker_->wake();
}

void EventCore::abort() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    queue_.clear();
  }
  stop_.request_stop();
}

bool EventCore::is_open() const {
  const std::lock_guard lock(mutex_);
  return !is_closed_;
}

bool EventCore::is_overflowed() const {
  const std::lock_guard lock(mutex_);
  return is_overflowed_;
}

bool EventCore::is_drained() const {
  const std::lock_guard lock(mutex_);
  return is_closed_ && queue_.empty();
}

void ExchangeCore::cancel(CancelReason reason) {
  {
    const std::lock_guard lock(mutex);
    if (cancel_reason != CancelReason::kNone) {
      return;
    }
    cancel_reason = reason;
    changed.notify_all();
  }
  stop.request_stop();
}

void ExchangeCore::answer(Response response) {
  const std::lock_guard lock(mutex);
  if (has_head) {
    return;
  }
  if (!are_sendable(response.headers, response.content_type) || response.status < 200 ||
      response.status > 999) {
    problem = "a handler gave a header or status that cannot be sent";
    response = Response::json(
        settings->error_body(500, "internal", "the answer could not be made", request.id), 500);
  }
  has_no_body = http::has_no_body(request, response.status);
  HeadFacts facts;
  facts.status = response.status;
  facts.varies = may_compress(*this, response.status, response.headers, response.content_type);
  if (facts.varies && accepted != Coding::kIdentity && response.body.size() >= kCompressFrom) {
    const std::unique_ptr<Encoder> whole = Encoder::make(accepted);
    std::string packed;
    whole->encode(response.body, packed);
    whole->finish(packed);
    if (packed.size() < response.body.size()) {
      response.body = std::move(packed);
      facts.coding = accepted;
    }
  }
  if (!response.body.empty()) {
    facts.content_type = response.content_type;
  }
  if (response.status != 204 && response.status != 304) {
    facts.content_length = response.body.size();
  }
  facts.closes = !wants_keep_alive || (has_body && !is_body_over);
  closes = facts.closes;
  status = response.status;
  out += make_head(facts, response.headers, request, *settings);
  if (!has_no_body) {
    out += response.body;
  }
  has_head = true;
  is_out_over = true;
}

void ExchangeCore::answer_error(int error_status, std::string_view code, std::string_view message,
                                Headers headers) {
  Response response =
      Response::json(settings->error_body(error_status, code, message, request.id), error_status);
  response.headers = std::move(headers);
  answer(std::move(response));
}

std::string format_event(std::string_view id, std::string_view event, std::string_view data) {
  std::string out;
  if (!id.empty() && is_line(id)) {
    out.append("id: ").append(id).append("\n");
  }
  if (!event.empty() && is_line(event)) {
    out.append("event: ").append(event).append("\n");
  }
  while (true) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) {
      break;
    }
    const bool is_pair = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
    data.remove_prefix(end + (is_pair ? 2 : 1));
  }
  out += "\n";
  return out;
}

namespace {

/// Decodes a body that came whole; false where it was refused.
bool decode_body(ExchangeCore& core) {
  if (core.body_coding == Coding::kIdentity || core.request.body.empty()) {
    return true;
  }
  Result<std::string> decoded =
      decode_whole(core.request.body, core.body_coding, core.decode_limits);
  if (!decoded) {
    const bool is_large = decoded.error().code == ErrorCode::kLimit;
    core.answer_error(is_large ? 413 : 400, is_large ? "too_large" : "invalid_body",
                      decoded.error().message);
    return false;
  }
  core.request.body = *std::move(decoded);
  return true;
}

void call_handler(const std::shared_ptr<ExchangeCore>& core) {
  std::string problem;
  {
    Exchange exchange(core);
    try {
      (*core->match.handler)(exchange);
    } catch (const std::exception& exception) {
      problem = std::string("a handler threw: ") + exception.what();
    } catch (...) {
      problem = "a handler threw";
    }
  }
  CancelReason reason = CancelReason::kNone;
  bool has_head = false;
  {
    const std::lock_guard lock(core->mutex);
    reason = core->cancel_reason;
    has_head = core->has_head;
    if (!problem.empty()) {
      core->problem = problem;
    }
  }
  if (has_head) {
    return;
  }
  if (reason == CancelReason::kTimeOver) {
    core->answer_error(504, "timeout", "the request took longer than it may");
  } else if (reason == CancelReason::kStopping) {
    core->answer_error(503, "stopping", "the server is stopping");
  } else {
    core->answer_error(500, "internal", "the server failed to answer this request");
  }
}

}  // namespace

void run_handler(const std::shared_ptr<ExchangeCore>& core) {
  bool is_cancelled = false;
  {
    const std::lock_guard lock(core->mutex);
    is_cancelled = core->cancel_reason == CancelReason::kClientLeft;
  }
  if (!is_cancelled && decode_body(*core)) {
    call_handler(core);
  }
  {
    const std::lock_guard lock(core->mutex);
    core->is_handler_done = true;
    core->encoder.reset();
    core->decoder.reset();
  }
  core->wake();
}

}  // namespace spoor::http
