#include "store/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <mutex>
#include <optional>
#include <random>

#include "base/text.h"

namespace spoor::store {
namespace {

/// Seconds beyond the engine's own limit before the transfer is given up.
constexpr double kGraceSeconds = 15;
constexpr std::size_t kMaxErrorBytes = 64U << 10;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void append_escaped(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' ||
                       byte == '~';
    if (plain) {
      out += letter;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
}

void append_argument(std::string& target, std::string_view name, std::string_view value) {
  target += target.ends_with('?') ? "" : "&";
  append_escaped(target, name);
  target += '=';
  append_escaped(target, value);
}

std::string new_id() {
  static const std::uint64_t start =
      (static_cast<std::uint64_t>(std::random_device{}()) << 32) | std::random_device{}();
  static std::atomic<std::uint64_t> count{0};
  return "spoor-" + std::to_string(start) + "-" + std::to_string(count.fetch_add(1));
}

/// Number behind `"name":"` in a summary.
std::uint64_t summary_number(std::string_view json, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":\"";
  const std::size_t start = json.find(key);
  std::uint64_t number = 0;
  if (start != std::string_view::npos) {
    std::from_chars(json.data() + start + key.size(), json.data() + json.size(), number);
  }
  return number;
}

int exception_code(std::string_view text) {
  constexpr std::string_view kStart = "Code: ";
  const std::size_t start = text.find(kStart);
  int code = 0;
  if (start != std::string_view::npos) {
    std::from_chars(text.data() + start + kStart.size(), text.data() + text.size(), code);
  }
  return code;
}

ErrorCode class_of(int code) {
  switch (code) {
    case 158:  // TOO_MANY_ROWS
    case 159:  // TIMEOUT_EXCEEDED
    case 167:  // TOO_DEEP_AST
    case 168:  // TOO_BIG_AST
    case 191:  // SET_SIZE_LIMIT_EXCEEDED
    case 241:  // MEMORY_LIMIT_EXCEEDED
    case 306:  // TOO_DEEP_RECURSION
    case 307:  // TOO_MANY_BYTES
    case 396:  // TOO_MANY_ROWS_OR_BYTES
      return ErrorCode::kLimit;
    case 243:  // NOT_ENOUGH_SPACE
      return ErrorCode::kNoSpace;
    case 394:  // QUERY_WAS_CANCELLED
      return ErrorCode::kCancelled;
    case 60:  // UNKNOWN_TABLE
    case 81:  // UNKNOWN_DATABASE
      return ErrorCode::kNotFound;
    default:
      return ErrorCode::kEngine;
  }
}

Error engine_failure(std::string_view text) {
  return Error::make(class_of(exception_code(text)), std::string(trim_blanks(text)));
}

/// One request under way: what libcurl's callbacks write to.
class Transfer {
 public:
  explicit Transfer(const Client::Sink* sink) : sink_(sink) {}

  void on_header(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
      const std::size_t blank = line.find(' ');
      status_ = 0;
      if (blank != std::string_view::npos) {
        std::from_chars(line.data() + blank + 1, line.data() + line.size(), status_);
      }
      return;
    }
    if (colon == std::string_view::npos) {
      return;
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (equals_ignoring_case(name, "X-ClickHouse-Summary")) {
      summary_text_ = value;
    } else if (equals_ignoring_case(name, "X-ClickHouse-Exception-Code")) {
      failed_ = true;
    } else if (equals_ignoring_case(name, "X-ClickHouse-Exception-Tag") && value.size() <= 64) {
      marker_ = "\r\n__exception__\r\n" + std::string(value) + "\r\n";
    }
  }
  /// False ends the transfer.
  bool on_body(std::string_view bytes) {
    if (failed_ || status_ != 200) {
      error_text_ += bytes.substr(0, kMaxErrorBytes - std::min(kMaxErrorBytes, error_text_.size()));
      return true;
    }
    if (marker_.empty()) {
      return deliver(bytes);
    }
    held_ += bytes;
    if (const std::size_t found = held_.find(marker_); found != std::string::npos) {
      error_text_ = held_.substr(found + marker_.size());
      failed_ = true;
      return deliver(std::string_view(held_).substr(0, found));
    }
    // The marker may be cut by the transfer: as much as could be its beginning waits for more.
    const std::size_t start = marker_start();
    const bool goes_on = deliver(std::string_view(held_).substr(0, start));
    held_.erase(0, start);
    return goes_on;
  }
  /// The outcome, once libcurl is done with `code`.
  Result<Summary> finish(CURLcode code) {
    if (sink_error_) {
      return fail(*std::move(sink_error_));
    }
    if (failed_ || (code == CURLE_OK && status_ != 200)) {
      return fail(engine_failure(
          error_text_.substr(0, error_text_.rfind('\n', error_text_.rfind("\r\n__exception__")))));
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
      return fail(ErrorCode::kLimit, "the store did not answer in time");
    }
    if (code != CURLE_OK) {
      return fail(
          Error::make(ErrorCode::kUnavailable,
                      std::string("the store cannot be reached: ") + curl_easy_strerror(code)));
    }
    if (!held_.empty() && !deliver(held_)) {
      return fail(*std::move(sink_error_));
    }
    return Summary{.read_rows = summary_number(summary_text_, "read_rows"),
                   .read_bytes = summary_number(summary_text_, "read_bytes"),
                   .result_rows = summary_number(summary_text_, "result_rows"),
                   .written_rows = summary_number(summary_text_, "written_rows")};
  }

 private:
  bool deliver(std::string_view bytes) {
    if (bytes.empty() || sink_ == nullptr) {
      return true;
    }
    Result<void> taken = (*sink_)(bytes);
    if (!taken) {
      sink_error_ = std::move(taken).error();
      return false;
    }
    return true;
  }
  /// Start of the longest end of held_ that begins the marker.
  [[nodiscard]] std::size_t marker_start() const {
    const std::size_t from = held_.size() - std::min(held_.size(), marker_.size() - 1);
    for (std::size_t at = held_.find('\r', from); at != std::string::npos;
         at = held_.find('\r', at + 1)) {
      if (marker_.starts_with(std::string_view(held_).substr(at))) {
        return at;
      }
    }
    return held_.size();
  }

  const Client::Sink* sink_;
  int status_ = 0;
  bool failed_ = false;
  std::string summary_text_, marker_, held_, error_text_;
  std::optional<Error> sink_error_;
};

std::size_t header_callback(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->on_header({bytes, size * count});
  return size * count;
}

std::size_t body_callback(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  return static_cast<Transfer*>(transfer)->on_body({bytes, size * count}) ? size * count : 0;
}

}  // namespace

struct Client::Impl {
  Endpoint endpoint;
  Changes changes;
  std::mutex mutex;
  std::vector<Handle> idle;

  explicit Impl(Endpoint where) : endpoint(std::move(where)) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)initialised;
  }

  Handle take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) {
      return Handle(curl_easy_init());
    }
    Handle handle = std::move(idle.back());
    idle.pop_back();
    return handle;
  }
  void give_back(Handle handle) {
    const std::lock_guard lock(mutex);
    constexpr std::size_t kKept = 16;
    if (idle.size() < kKept) {
      idle.push_back(std::move(handle));
    }
  }

  [[nodiscard]] std::string target_of(const Query& query, const std::string& id) const {
    std::string target = endpoint.unix_socket.empty() ? endpoint.url : "http://localhost";
    target += target.ends_with('/') ? "?" : "/?";
    append_argument(target, "query_id", id);
    if (!endpoint.database.empty()) {
      append_argument(target, "database", endpoint.database);
    }
    if (!query.format.empty()) {
      append_argument(target, "default_format", query.format);
    }
    bool has_limit = false;
    for (const auto& [name, value] : query.settings) {
      append_argument(target, name, value);
      has_limit = has_limit || name == "max_execution_time";
    }
    if (!has_limit && query.max_seconds > 0) {
      append_argument(target, "max_execution_time",
                      std::to_string(static_cast<int>(std::ceil(query.max_seconds))));
    }
    for (const Parameter& parameter : query.parameters) {
      append_argument(target, "param_" + parameter.name, parameter.value);
    }
    return target;
  }

  /// Posts `body` to `target`.
  Result<Summary> post(const std::string& target, std::string_view body, const Sink* sink,
                       double max_seconds) {
    // libcurl holds a request's head up to 1 MiB, and calls a longer one a lack of memory.
    constexpr std::size_t kMostTarget = 1'000'000;
    if (target.size() > kMostTarget) {
      return fail(Error::make(ErrorCode::kLimit, "the constants of the query take more than 1 MB")
                      .with_hint("put fewer or shorter constants into it"));
    }
    Handle handle = take();
    if (!handle) {
      return fail(ErrorCode::kInternal, "libcurl gives no handle");
    }
    CURL* curl = handle.get();
    curl_easy_reset(curl);
    Transfer transfer(sink);
    const auto set = [curl](auto option, auto value) { curl_easy_setopt(curl, option, value); };
    if (!endpoint.unix_socket.empty()) {
      set(CURLOPT_UNIX_SOCKET_PATH, endpoint.unix_socket.c_str());
    }
    curl_slist* fields = curl_slist_append(nullptr, "Expect:");
    fields = curl_slist_append(fields, "Content-Type: application/octet-stream");
    if (!endpoint.user.empty()) {
      fields = curl_slist_append(fields, ("X-ClickHouse-User: " + endpoint.user).c_str());
      if (!endpoint.password.empty()) {
        fields = curl_slist_append(fields, ("X-ClickHouse-Key: " + endpoint.password).c_str());
      }
    }
    const HeaderList owned(fields);
    set(CURLOPT_HTTPHEADER, fields);
    set(CURLOPT_URL, target.c_str());
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_BUFFERSIZE, 512L << 10);
    set(CURLOPT_UPLOAD_BUFFERSIZE, 1L << 20);
    set(CURLOPT_CONNECTTIMEOUT, 10L);
    if (max_seconds > 0) {
      set(CURLOPT_TIMEOUT_MS, static_cast<long>((max_seconds + kGraceSeconds) * 1000));
    }
    set(CURLOPT_HEADERFUNCTION, header_callback);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    set(CURLOPT_WRITEFUNCTION, body_callback);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
    const CURLcode code = curl_easy_perform(curl);
    Result<Summary> summary = transfer.finish(code);
    if (code == CURLE_OK) {
      give_back(std::move(handle));
    }
    return summary;
  }

  /// Posts a write to `table`. Where nobody can tell whether it was done, it counts as under way.
  Result<void> write(std::string_view table, const std::string& target, std::string_view body,
                     double max_seconds) {
    changes.begin(table);
    const auto done = post(target, body, nullptr, max_seconds);
    const bool is_unknown = !done && (done.error().code == ErrorCode::kUnavailable ||
                                      done.error().code == ErrorCode::kLimit ||
                                      done.error().code == ErrorCode::kInternal);
    if (!is_unknown) {
      changes.end(table);
    }
    TRY_VOID(done);
    return {};
  }

  Result<void> run(const Query& statement, std::optional<std::string_view> written_table) {
    const std::string id = statement.query_id.empty() ? new_id() : statement.query_id;
    Query without_format = statement;
    without_format.format.clear();
    const std::string target = target_of(without_format, id);
    if (written_table) {
      return write(*written_table, target, statement.sql, statement.max_seconds);
    }
    TRY_VOID(post(target, statement.sql, nullptr, statement.max_seconds));
    return {};
  }
};

Client::Client(Endpoint endpoint) : impl_(std::make_unique<Impl>(std::move(endpoint))) {}
Client::~Client() = default;

Result<Summary> Client::query(const Query& query, const Sink& sink) const {
  const std::string id = query.query_id.empty() ? new_id() : query.query_id;
  return impl_->post(impl_->target_of(query, id), query.sql, &sink, query.max_seconds);
}

Result<std::string> Client::query_text(Query query, std::size_t max_bytes) const {
  std::string text;
  const Sink sink = [&text, max_bytes](std::string_view bytes) -> Result<void> {
    if (bytes.size() > max_bytes - text.size()) {
      return fail(ErrorCode::kLimit,
                  "the answer is larger than " + std::to_string(max_bytes) + " bytes");
    }
    text += bytes;
    return {};
  };
  TRY_VOID(this->query(query, sink));
  return text;
}

Result<void> Client::execute(const Query& statement) const {
  return impl_->run(statement, Changes::kEveryTable);
}

const Changes& Client::changes() const { return impl_->changes; }

const std::string& Client::database() const { return impl_->endpoint.database; }

Result<void> Client::insert(std::string_view table, std::string_view native, std::string_view token,
                            bool with_indexes) const {
  Query statement;
  statement.format.clear();
  statement.max_seconds = 0;
  if (!token.empty()) {
    statement.settings = {{"insert_deduplication_token", std::string(token)}};
  }
  if (!with_indexes) {
    statement.settings.emplace_back("materialize_skip_indexes_on_insert", "0");
  }
  std::string target = impl_->target_of(statement, new_id());
  std::string sql = "INSERT INTO `";
  for (const char letter : table) {
    sql += letter == '`' || letter == '\\' ? "\\" : "";
    sql += letter;
  }
  append_argument(target, "query", sql + "` FORMAT Native");
  constexpr double kMaxInsertSeconds = 600;
  return impl_->write(table, target, native, kMaxInsertSeconds);
}

Result<void> Client::cancel(std::string_view query_id) const {
  if (query_id.empty() || !std::ranges::all_of(query_id, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' ||
               letter == '.' || letter == ':';
      })) {
    return fail(ErrorCode::kInvalidInput, "malformed id of a query");
  }
  Query kill;
  kill.sql = "KILL QUERY WHERE query_id = '" + std::string(query_id) + "' SYNC";
  return impl_->run(kill, std::nullopt);
}

}  // namespace spoor::store
