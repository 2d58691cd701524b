#include "store/client.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/text.h"

namespace spoor::store {
namespace {

/// Pieces of the escaping that ClickHouse uses for TSV and for quoted texts in arrays.
void append_escaped(std::string& out, std::string_view text, bool in_quotes) {
  for (const char letter : text) {
    switch (letter) {
      case '\\': out += "\\\\"; break;
      case '\t': out += "\\t"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\0': out += "\\0"; break;
      case '\'': out += in_quotes ? "\\'" : "'"; break;
      default: out += letter;
    }
  }
}

struct CurlGlobal {
  CurlGlobal() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

/// "Code: 60. DB::Exception: …" as an Error.
Error engine_error(long status, std::string_view body, std::string_view code_header) {
  const auto number = parse_int(trim_blanks(code_header));
  ErrorCode code = ErrorCode::kEngine;
  switch (number.value_or(0)) {
    case 243: code = ErrorCode::kNoSpace; break;
    case 394: code = ErrorCode::kCancelled; break;
    case 158:
    case 159:
    case 241:
    case 307:
    case 396: code = ErrorCode::kLimit; break;
    default: break;
  }
  const std::string_view text = trim_blanks(body).substr(0, 2000);
  return Error::make(code, text.empty() ? fmt::format("the engine answered with status {}", status) : std::string(text));
}

std::string summary_field(std::string_view header, std::string_view name) {
  const std::size_t at = header.find(fmt::format("\"{}\":\"", name));
  if (at == std::string_view::npos) {
    return {};
  }
  const std::size_t start = at + name.size() + 4;
  return std::string(header.substr(start, header.find('"', start) - start));
}

}  // namespace

std::string escape_value(std::string_view text) {
  std::string out;
  append_escaped(out, text, false);
  return out;
}

std::string array_value(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    out += out.size() > 1 ? ",'" : "'";
    append_escaped(out, text, true);
    out += '\'';
  }
  return out + "]";
}

std::string array_value(const std::vector<std::int64_t>& numbers) { return fmt::format("[{}]", fmt::join(numbers, ",")); }

/// One request: what is sent, and what has come back so far.
struct Exchange {
  const Client::Sink* sink = nullptr;
  std::string error_body;
  std::string summary;
  std::string exception_code;
  long status = 0;
  CURL* handle = nullptr;
  std::optional<Error> sink_error;
  std::string_view body;
  std::size_t sent = 0;
};

struct Client::Impl {
  Endpoint endpoint;
  std::mutex mutex;
  std::vector<CURL*> idle;

  explicit Impl(Endpoint where) : endpoint(std::move(where)) { static const CurlGlobal kGlobal; }
  ~Impl() {
    for (CURL* handle : idle) {
      curl_easy_cleanup(handle);
    }
  }

  CURL* take() {
    const std::scoped_lock lock(mutex);
    if (idle.empty()) {
      return curl_easy_init();
    }
    CURL* handle = idle.back();
    idle.pop_back();
    return handle;
  }
  void give_back(CURL* handle) {
    curl_easy_reset(handle);
    const std::scoped_lock lock(mutex);
    idle.push_back(handle);
  }

  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& exchange = *static_cast<Exchange*>(to);
    const std::size_t total = size * count;
    if (exchange.status == 0) {
      curl_easy_getinfo(exchange.handle, CURLINFO_RESPONSE_CODE, &exchange.status);
    }
    if (exchange.status != 200) {
      exchange.error_body.append(bytes, std::min<std::size_t>(total, 65536 - std::min<std::size_t>(65536, exchange.error_body.size())));
      return total;
    }
    if (auto taken = (*exchange.sink)({bytes, total}); !taken) {
      exchange.sink_error = taken.error();
      return 0;
    }
    return total;
  }
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& exchange = *static_cast<Exchange*>(to);
    const std::string_view line(bytes, size * count);
    constexpr std::string_view kSummary = "x-clickhouse-summary:";
    constexpr std::string_view kCode = "x-clickhouse-exception-code:";
    if (starts_with_ignoring_case(line, kSummary)) {
      exchange.summary = line.substr(kSummary.size());
    } else if (starts_with_ignoring_case(line, kCode)) {
      exchange.exception_code = line.substr(kCode.size());
    }
    return line.size();
  }
  static std::size_t on_read(char* out, std::size_t size, std::size_t count, void* from) {
    auto& exchange = *static_cast<Exchange*>(from);
    const std::size_t part = exchange.body.copy(out, size * count, exchange.sent);
    exchange.sent += part;
    return part;
  }

  std::string url_of(CURL* handle, const Query& query) const {
    std::string url = endpoint.url + "/?database=" + endpoint.database;
    const auto add = [&](std::string_view name, std::string_view value) {
      char* escaped = curl_easy_escape(handle, value.data(), static_cast<int>(value.size()));
      url += fmt::format("&{}={}", name, escaped);
      curl_free(escaped);
    };
    for (const auto& [name, value] : query.settings) {
      add(name, value);
    }
    add("max_execution_time", fmt::format("{}", query.max_seconds));
    if (!query.query_id.empty()) {
      add("query_id", query.query_id);
    }
    return url;
  }

  /// Sends a statement. With `data` the statement goes in the URL and the data is the body.
  Result<Summary> send(const Query& query, const Client::Sink& sink, const std::string_view* data) {
    CURL* handle = take();
    if (handle == nullptr) {
      return fail(ErrorCode::kInternal, "no connection can be made");
    }
    Exchange exchange;
    exchange.sink = &sink;
    exchange.handle = handle;
    std::string url = url_of(handle, query);
    curl_slist* headers = nullptr;
    const std::string statement = data != nullptr || query.format.empty() ? query.sql : query.sql + " FORMAT " + query.format;
    if (data != nullptr) {
      char* escaped = curl_easy_escape(handle, statement.data(), static_cast<int>(statement.size()));
      url += fmt::format("&query={}", escaped);
      curl_free(escaped);
      exchange.body = *data;
      curl_easy_setopt(handle, CURLOPT_POST, 1L);
      curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_read);
      curl_easy_setopt(handle, CURLOPT_READDATA, &exchange);
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(data->size()));
      curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
      headers = curl_slist_append(headers, "Content-Type: application/octet-stream");
    } else {
      for (const Parameter& parameter : query.parameters) {
        char* escaped = curl_easy_escape(handle, parameter.value.data(), static_cast<int>(parameter.value.size()));
        url += fmt::format("&param_{}={}", parameter.name, escaped);
        curl_free(escaped);
      }
      curl_easy_setopt(handle, CURLOPT_POST, 1L);
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, statement.data());
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(statement.size()));
      headers = curl_slist_append(headers, "Content-Type: text/plain");
    }
    headers = curl_slist_append(headers, "Expect:");
    if (!endpoint.user.empty()) {
      headers = curl_slist_append(headers, ("X-ClickHouse-User: " + endpoint.user).c_str());
      headers = curl_slist_append(headers, ("X-ClickHouse-Key: " + endpoint.password).c_str());
    }
    if (!endpoint.unix_socket.empty()) {
      curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, endpoint.unix_socket.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 512L * 1024);
    const CURLcode outcome = curl_easy_perform(handle);
    if (exchange.status == 0) {
      curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &exchange.status);
    }
    curl_slist_free_all(headers);
    give_back(handle);

    if (exchange.sink_error) {
      return fail(*exchange.sink_error);
    }
    if (outcome != CURLE_OK) {
      return fail(Error::make(ErrorCode::kUnavailable, fmt::format("the telemetry engine cannot be reached: {}", curl_easy_strerror(outcome)))
                      .at(endpoint.unix_socket.empty() ? endpoint.url : endpoint.unix_socket));
    }
    if (exchange.status != 200) {
      return fail(engine_error(exchange.status, exchange.error_body, exchange.exception_code));
    }
    Summary summary;
    const auto number = [&](std::string_view name) {
      return static_cast<std::uint64_t>(parse_int(summary_field(exchange.summary, name)).value_or(0));
    };
    summary.read_rows = number("read_rows");
    summary.read_bytes = number("read_bytes");
    summary.result_rows = number("result_rows");
    summary.written_rows = number("written_rows");
    return summary;
  }
};

Client::Client(Endpoint endpoint) : impl_(std::make_unique<Impl>(std::move(endpoint))) {}
Client::~Client() = default;

Result<Summary> Client::query(const Query& query, const Sink& sink) const { return impl_->send(query, sink, nullptr); }

Result<std::string> Client::query_text(Query query, std::size_t max_bytes) const {
  std::string text;
  TRY(impl_->send(query,
                  [&](std::string_view bytes) -> Result<void> {
                    if (text.size() + bytes.size() > max_bytes) {
                      return fail(ErrorCode::kLimit, fmt::format("the answer is larger than {} bytes", max_bytes));
                    }
                    text += bytes;
                    return {};
                  },
                  nullptr));
  return text;
}

Result<void> Client::execute(const Query& statement) const {
  Query without_answer = statement;
  without_answer.format.clear();
  TRY(impl_->send(without_answer, [](std::string_view) -> Result<void> { return {}; }, nullptr));
  return {};
}

Result<void> Client::insert(std::string_view table, std::string_view native, std::string_view token) const {
  Query statement;
  statement.sql = fmt::format("INSERT INTO `{}` FORMAT Native", table);
  statement.settings = {{"insert_deduplication_token", std::string(token)}};
  statement.max_seconds = 600;
  TRY(impl_->send(statement, [](std::string_view) -> Result<void> { return {}; }, &native));
  return {};
}

Result<void> Client::cancel(std::string_view query_id) const {
  Query statement;
  statement.sql = fmt::format("KILL QUERY WHERE query_id = '{}' SYNC", escape_value(query_id));
  return execute(statement);
}

}  // namespace spoor::store
