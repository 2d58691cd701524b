#include "http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>

#include "base/text.h"

namespace spoor::http {

namespace {

struct ListDeleter {
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

/// What the callbacks of one call share.
struct Call {
  const ClientRequest* request = nullptr;
  ClientResponse response;
  std::optional<Error> error;
  bool has_told_header = false;
};

bool is_this_machine(const std::string& url) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(::curl_url(), ::curl_url_cleanup);
  char* host = nullptr;
  if (::curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      ::curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return false;
  }
  const std::string name(host);
  ::curl_free(host);
  return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& call = *static_cast<Call*>(user);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) {  // also those of 100 Continue: the last ones count
    call.response.headers.clear();
    return line.size();
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    while (value.ends_with('\n') || value.ends_with('\r')) {
      value.remove_suffix(1);
    }
    call.response.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trim_blanks(value))});
  }
  return line.size();
}

/// Status and headers, told once, before the body.
void tell_header(CURL* easy, Call& call) {
  if (std::exchange(call.has_told_header, true)) {
    return;
  }
  long status = 0;
  (void)::curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  call.response.status = static_cast<int>(status);
  if (call.request->on_header) {
    call.request->on_header(call.response.status, call.response.headers);
  }
}

struct BodyContext {
  CURL* easy = nullptr;
  Call* call = nullptr;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& context = *static_cast<BodyContext*>(user);
  Call& call = *context.call;
  tell_header(context.easy, call);
  const std::string_view bytes(data, size * count);
  if (call.request->sink) {
    if (Result<void> taken = call.request->sink(bytes); !taken) {
      call.error = std::move(taken.error());
      return CURL_WRITEFUNC_ERROR;
    }
    return bytes.size();
  }
  if (call.response.body.size() + bytes.size() > call.request->max_response_bytes) {
    call.error = Error::make(
        ErrorCode::kLimit,
        "the answer is larger than " + std::to_string(call.request->max_response_bytes) + " bytes");
    return CURL_WRITEFUNC_ERROR;
  }
  call.response.body += bytes;
  return bytes.size();
}

std::size_t on_source(char* data, std::size_t size, std::size_t count, void* user) {
  auto& call = *static_cast<Call*>(user);
  Result<std::size_t> filled = call.request->body_source({data, size * count});
  if (!filled) {
    call.error = std::move(filled.error());
    return CURL_READFUNC_ABORT;
  }
  return *filled;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Call*>(user)->request->cancel.stop_requested() ? 1 : 0;
}

ErrorCode code_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return ErrorCode::kInvalidInput;
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::kLimit;
    case CURLE_ABORTED_BY_CALLBACK:
      return ErrorCode::kCancelled;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kIo;
  }
}

Result<HeaderList> make_headers(const ClientRequest& request) {
  HeaderList list;
  const auto append = [&](const std::string& line) {
    curl_slist* longer = ::curl_slist_append(list.get(), line.c_str());
    (void)list.release();
    list.reset(longer);
  };
  for (const Header& header : request.headers) {
    const std::string line = header.name + ": " + header.value;
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return fail(ErrorCode::kInvalidInput, "a header holds a line end");
    }
    // libcurl takes "Name:" for "leave it out" and "Name;" for an empty value.
    append(header.value.empty() ? header.name + ";" : line);
  }
  if (!find_header(request.headers, "Content-Type")) {
    append("Content-Type:");
  }
  return list;
}

}  // namespace

struct Client::Impl {
  CURL* easy = nullptr;
  ~Impl() { ::curl_easy_cleanup(easy); }

  template <class Value>
  void set(CURLoption option, Value value) const {
    (void)::curl_easy_setopt(easy, option, value);
  }
  void set_trust(const ClientTrust& trust) const;
  void set_body(const ClientRequest& request, Call& call) const;
};

void Client::Impl::set_trust(const ClientTrust& trust) const {
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!trust.ca_file.empty()) {
    set(CURLOPT_CAINFO, trust.ca_file.c_str());
  }
  if (!trust.public_key_pin.empty()) {
    set(CURLOPT_PINNEDPUBLICKEY, trust.public_key_pin.c_str());
  }
  if (trust.accept_any_certificate) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

void Client::Impl::set_body(const ClientRequest& request, Call& call) const {
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.body_source) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, on_source);
    set(CURLOPT_READDATA, static_cast<void*>(&call));
  } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
             request.method == "PATCH") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
  }
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Client::Client() : impl_(std::make_unique<Impl>()) {
  static std::once_flag once;
  std::call_once(once, [] { (void)::curl_global_init(CURL_GLOBAL_DEFAULT); });
  impl_->easy = ::curl_easy_init();
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<ClientResponse> Client::send(const ClientRequest& request) {
  if (impl_->easy == nullptr) {
    return fail(ErrorCode::kInternal, "libcurl cannot be set up");
  }
  if (request.cancel.stop_requested()) {
    return fail(ErrorCode::kCancelled, "the call was cancelled");
  }
  const HeaderList headers = TRY(make_headers(request));
  Call call;
  call.request = &request;
  BodyContext body_context{impl_->easy, &call};
  std::array<char, CURL_ERROR_SIZE> text{};
  ::curl_easy_reset(impl_->easy);  // keeps the connection
  impl_->set(CURLOPT_NOSIGNAL, 1L);
  impl_->set(CURLOPT_ERRORBUFFER, text.data());
  impl_->set(CURLOPT_PROTOCOLS_STR, "http,https");
  impl_->set(CURLOPT_URL, request.url.c_str());
  if (!request.unix_socket.empty()) {
    impl_->set(CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
  }
  if (!request.unix_socket.empty() || is_this_machine(request.url)) {
    impl_->set(CURLOPT_PROXY, "");
  }
  if (!find_header(request.headers, "Accept-Encoding")) {
    impl_->set(CURLOPT_ACCEPT_ENCODING, "");
  }
  impl_->set(CURLOPT_HTTPHEADER, headers.get());
  impl_->set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_seconds * 1000));
  impl_->set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_seconds * 1000));
  impl_->set(CURLOPT_HEADERFUNCTION, on_header);
  impl_->set(CURLOPT_HEADERDATA, static_cast<void*>(&call));
  impl_->set(CURLOPT_WRITEFUNCTION, on_body);
  impl_->set(CURLOPT_WRITEDATA, static_cast<void*>(&body_context));
  impl_->set(CURLOPT_NOPROGRESS, 0L);
  impl_->set(CURLOPT_XFERINFOFUNCTION, on_progress);
  impl_->set(CURLOPT_XFERINFODATA, static_cast<void*>(&call));
  impl_->set_trust(request.trust);
  impl_->set_body(request, call);

  const CURLcode code = ::curl_easy_perform(impl_->easy);
  if (call.error) {
    return fail(*std::move(call.error));
  }
  if (code != CURLE_OK) {
    const std::string message = code == CURLE_ABORTED_BY_CALLBACK ? "the call was cancelled"
                                : text[0] != '\0'                 ? text.data()
                                                                  : ::curl_easy_strerror(code);
    return fail(Error::make(code_of(code), message)
                    .at(request.unix_socket.empty() ? request.url : request.unix_socket));
  }
  tell_header(impl_->easy, call);
  return std::move(call.response);
}

}  // namespace spoor::http
