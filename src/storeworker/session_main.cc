#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

#include "storeworker/exceptions.h"
#include "storeworker/request.h"
#include "storeworker/server.h"
#include "storeworker/session.h"

namespace spoor::storeworker {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kPieceBytes = 256U << 10;
constexpr std::uint64_t kMaxSqlBytes = 8U << 20;
constexpr std::uint32_t kMaxHeaderBytes = 8U << 20;  // parameters travel in the target

/// A socket as Beast's blocking algorithms want one; without an io_context, so nothing but read and
/// send is called.
class BlockingSocket {
 public:
  explicit BlockingSocket(int number) : number_(number) {}

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    for (auto at = boost::asio::buffer_sequence_begin(buffers);
         at != boost::asio::buffer_sequence_end(buffers); ++at) {
      const boost::asio::mutable_buffer buffer(*at);
      if (buffer.size() == 0) {
        continue;
      }
      ssize_t got = 0;
      do {
        got = ::recv(number_, buffer.data(), buffer.size(), 0);
      } while (got < 0 && errno == EINTR);
      if (got > 0) {
        error = {};
        return static_cast<std::size_t>(got);
      }
      error = got == 0 ? boost::system::error_code(boost::asio::error::eof)
                       : boost::system::error_code(errno, boost::system::system_category());
      return 0;
    }
    error = {};
    return 0;
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    boost::system::error_code error;
    const std::size_t got = read_some(buffers, error);
    if (error) {
      throw boost::system::system_error(error);
    }
    return got;
  }
  /// False where the peer is gone.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) {
        continue;
      }
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

using Parser = http::request_parser<http::buffer_body>;

/// The body of a request, piece by piece.
class Body {
 public:
  Body(BlockingSocket& socket, boost::beast::flat_buffer& buffer, Parser& parser)
      : socket_(socket), buffer_(buffer), parser_(parser), piece_(kPieceBytes, '\0') {}

  /// The next piece, empty at the end; kUnavailable where the client broke off.
  Result<std::string_view> next() {
    while (!parser_.is_done()) {
      parser_.get().body().data = piece_.data();
      parser_.get().body().size = piece_.size();
      boost::system::error_code error;
      http::read(socket_, buffer_, parser_, error);
      if (error && error != http::error::need_buffer) {
        broken_ = true;
        return fail(ErrorCode::kUnavailable, "the request broke off");
      }
      const std::size_t size = piece_.size() - parser_.get().body().size;
      if (size != 0) {
        return std::string_view(piece_.data(), size);
      }
    }
    return std::string_view();
  }
  /// Reads what is left, so that the answer finds a client that listens.
  void drain() {
    while (!broken_) {
      const Result<std::string_view> piece = next();
      if (!piece || piece->empty()) {
        return;
      }
    }
  }
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  BlockingSocket& socket_;
  boost::beast::flat_buffer& buffer_;
  Parser& parser_;
  std::string piece_;
  bool broken_ = false;
};

std::string summary_json(const Statistics& sum) {
  std::string json = "{";
  const auto add = [&json](const char* name, std::uint64_t number) {
    json += (json.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":\"" +
            std::to_string(number) + "\"";
  };
  add("read_rows", sum.read_rows);
  add("read_bytes", sum.read_bytes);
  add("written_rows", sum.written_rows);
  add("written_bytes", sum.written_bytes);
  add("total_rows_to_read", sum.read_rows);
  add("result_rows", sum.result_rows);
  add("result_bytes", sum.result_bytes);
  add("elapsed_ns", sum.elapsed_ns);
  return json + "}";
}

std::string_view content_type(std::string_view format) {
  if (format.starts_with("JSONEachRow") || format.starts_with("JSONCompactEachRow")) {
    return "application/x-ndjson; charset=UTF-8";
  }
  if (format.starts_with("JSON")) {
    return "application/json; charset=UTF-8";
  }
  if (format.starts_with("CSV")) {
    return "text/csv; charset=UTF-8; header=absent";
  }
  if (format.starts_with("TabSeparated") || format.starts_with("TSV")) {
    return "text/tab-separated-values; charset=UTF-8";
  }
  return "application/octet-stream";
}

/// Formats whose pieces can be put one behind the other.
bool can_stream(std::string_view format) {
  for (const std::string_view name : {"Native", "TabSeparated", "TSV", "TSVRaw", "CSV",
                                      "JSONEachRow", "JSONCompactEachRow", "RowBinary", "Null"}) {
    if (format == name) {
      return true;
    }
  }
  return false;
}

/// Writes one answer. Short ones go with their length and summary; long ones in chunks with the
/// summary behind them.
class Answer {
 public:
  Answer(BlockingSocket& socket, std::string query_id, bool keep_alive)
      : socket_(socket), query_id_(std::move(query_id)), keep_alive_(keep_alive) {}

  void set_format(std::string_view format) { format_ = format; }

  bool add(std::string_view piece) {
    if (!started_ && held_.empty()) {
      held_ = piece;
      return true;
    }
    if (!started_) {
      started_ = true;
      std::string head = head_of(200);
      head += "Trailer: X-ClickHouse-Summary\r\nX-ClickHouse-Exception-Tag: ";
      head += kTag;
      head += "\r\nTransfer-Encoding: chunked\r\n\r\n";
      alive_ = socket_.send(head) && send_chunk(held_);
      held_ = {};
    }
    alive_ = alive_ && send_chunk(piece);
    return alive_;
  }
  void finish(const Statistics& sum) {
    const std::string summary = "X-ClickHouse-Summary: " + summary_json(sum) + "\r\n";
    if (started_) {
      alive_ = alive_ && socket_.send("0\r\n" + summary + "\r\n");
    } else {
      alive_ = socket_.send(head_of(200) + summary +
                            "Content-Length: " + std::to_string(held_.size()) + "\r\n\r\n" + held_);
    }
  }
  void fail_with(const Error& error) {
    const ExceptionText exception = exception_of(error);
    if (started_) {
      // As ClickHouse does: the text behind a tag, and no last chunk.
      const std::string text = exception.text + "\n";
      std::string tail = "\r\n__exception__\r\n" + std::string(kTag) + "\r\n" + text;
      tail += std::to_string(text.size()) + " " + std::string(kTag) + "\r\n__exception__\r\n";
      (void)(alive_ && send_chunk(tail));
      alive_ = false;
      return;
    }
    format_ = {};
    const std::string body = exception.text + "\n";
    alive_ = socket_.send(head_of(exception.status) +
                          "X-ClickHouse-Exception-Code: " + std::to_string(exception.code) +
                          "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// False where the connection must not be used again.
  [[nodiscard]] bool alive() const { return alive_ && keep_alive_; }

 private:
  static constexpr std::string_view kTag = "spoorstoreanswer";  // 16 letters, as ClickHouse's

  bool send_chunk(std::string_view piece) {
    std::array<char, 20> size{};
    const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
    return socket_.send(std::string_view(size.data(), static_cast<std::size_t>(length))) &&
           socket_.send(piece) && socket_.send("\r\n");
  }
  [[nodiscard]] std::string head_of(int status) const {
    std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
    head += http::obsolete_reason(static_cast<http::status>(status));
    head += "\r\nContent-Type: ";
    head += status == 200 ? content_type(format_) : std::string_view("text/plain; charset=UTF-8");
    head +=
        "\r\nX-ClickHouse-Server-Display-Name: spoor-store\r\nX-ClickHouse-Timezone: "
        "UTC\r\nX-ClickHouse-Query-Id: ";
    head += query_id_;
    if (!format_.empty()) {
      head += "\r\nX-ClickHouse-Format: " + format_;
    }
    head += keep_alive_ ? "\r\nConnection: keep-alive\r\n" : "\r\nConnection: close\r\n";
    return head;
  }

  BlockingSocket& socket_;
  std::string query_id_;
  std::string format_;
  std::string held_;
  bool keep_alive_;
  bool started_ = false;
  bool alive_ = true;
};

/// The text of the request: the query parameter, and of the body as much as is SQL.
struct Text {
  std::string sql;
  bool body_is_data =
      false;  ///< the body, from its beginning, belongs to an INSERT of the query parameter
};

class Session {
 public:
  Session(int socket, Engine& engine, DisconnectWatch& watch, const ServerOptions& options)
      : socket_(socket), engine_(engine), watch_(watch), options_(options) {
    // Beast reads as much at a time as the buffer has room for; of its own accord, 512 bytes.
    buffer_.reserve(kPieceBytes);
  }

  /// Serves one request; false where the connection is at its end.
  bool serve_one() {
    first_piece_.reset();
    Parser parser;
    parser.body_limit(boost::none);
    parser.header_limit(kMaxHeaderBytes);
    boost::system::error_code error;
    http::read_header(socket_, buffer_, parser, error);
    if (error) {
      return false;
    }
    const auto& head = parser.get();
    const auto view = [](auto text) { return std::string_view(text.data(), text.size()); };
    if (view(head[http::field::expect]) == "100-continue" &&
        !socket_.send("HTTP/1.1 100 Continue\r\n\r\n")) {
      return false;
    }
    Body body(socket_, buffer_, parser);
    const Result<Request> request =
        read_request({.target = view(head.target()),
                      .user = view(head["X-ClickHouse-User"]),
                      .authorization = view(head[http::field::authorization]),
                      .database = view(head["X-ClickHouse-Database"]),
                      .format = view(head["X-ClickHouse-Format"])});
    Answer answer(socket_, request ? request->query_id : new_query_id(), parser.keep_alive());
    if (!request) {
      body.drain();
      answer.fail_with(request.error());
      return answer.alive();
    }
    const Result<Statistics> done =
        run(*request, view(head[http::field::content_encoding]), body, answer);
    body.drain();
    if (done) {
      answer.finish(*done);
    } else {
      answer.fail_with(done.error());
    }
    return answer.alive() && !body.broken();
  }

 private:
  Result<Statistics> run(const Request& request, std::string_view encoding, Body& body,
                         Answer& answer) {
    if (request.path == "/ping" ||
        (request.path == "/" && request.query.empty() && body_is_empty(body))) {
      answer.add("Ok.\n");
      return Statistics{};
    }
    if (request.path != "/") {
      return fail(ErrorCode::kInvalidInput, "there is nothing at this path");
    }
    if (!encoding.empty() && encoding != "identity") {
      return fail(ErrorCode::kUnsupported, "compressed requests are not offered here");
    }
    if (request.access == Access::kHunter && !options_.hunters_refused.empty()) {
      return fail(ErrorCode::kConflict, options_.hunters_refused);
    }
    const Text text = TRY(read_text(request, body));
    Engine::Lease connection = TRY(engine_.lease());
    if (!request.database.empty()) {
      TRY_VOID(connection->use(request.database));
    }
    const Statement statement =
        TRY(judge(text.sql, request.access, request.settings, request.query_id, options_.limits,
                  [&connection](std::string_view sql) { return connection->classify(sql); }));
    if (statement.kind == StatementKind::kInsert) {
      return run_insert(statement, text, body, *connection);
    }
    return run_statement(statement, request, answer, *connection);
  }

  bool body_is_empty(Body& body) {
    if (!first_piece_) {
      const Result<std::string_view> piece = body.next();
      first_piece_ = piece ? std::string(*piece) : std::string();
    }
    return first_piece_->empty();
  }

  Result<Text> read_text(const Request& request, Body& body) {
    Text text{.sql = request.query, .body_is_data = false};
    if (begins_with_insert(text.sql)) {
      text.body_is_data = true;
      return text;
    }
    if (!text.sql.empty()) {
      text.sql += '\n';
    }
    if (first_piece_) {
      text.sql += *first_piece_;
      first_piece_.reset();
    }
    while (text.sql.size() < kMaxSqlBytes) {
      // The data of an INSERT whose statement stands in the body stays in the socket, save what
      // came with it.
      if (text.sql.size() >= kPieceBytes && begins_with_insert(text.sql)) {
        return text;
      }
      const std::string_view piece = TRY(body.next());
      if (piece.empty()) {
        return text;
      }
      text.sql += piece;
    }
    return fail(ErrorCode::kLimit, "the statement is too long");
  }

  Result<Statistics> run_insert(const Statement& statement, const Text& text, Body& body,
                                EngineConnection& connection) {
    std::string_view ahead = std::string_view(text.sql).substr(statement.data_offset);
    return connection.insert(statement.sql, statement.format, [&]() -> Result<std::string_view> {
      if (!ahead.empty()) {
        return std::exchange(ahead, std::string_view());
      }
      return body.next();
    });
  }

  Result<Statistics> run_statement(const Statement& statement, const Request& request,
                                   Answer& answer, EngineConnection& connection) {
    std::vector<BoundValue> values;
    for (const RequestParameter& parameter : request.parameters) {
      values.push_back({parameter.name, parameter.value});
    }
    if (statement.kind == StatementKind::kKill) {
      TRY_VOID(engine_.kill(statement.kill_id));
      if (!watch_.wait_for_end(statement.kill_id)) {
        return fail(ErrorCode::kInternal, "the statement was told to end and has not yet");
      }
      return Statistics{};
    }
    watch_.add(request.query_id, socket_.number());
    const std::unique_ptr<const std::string, std::function<void(const std::string*)>> forget(
        &request.query_id, [this](const std::string* id) { watch_.remove(*id); });
    if (statement.kind == StatementKind::kChange) {
      return connection.change(statement.sql, values);
    }
    const std::string format = !statement.format.empty()         ? statement.format
                               : !request.default_format.empty() ? request.default_format
                                                                 : "TabSeparated";
    answer.set_format(format);
    const auto sink = [&answer](std::string_view piece) { return answer.add(piece); };
    return statement.can_stream && can_stream(format)
               ? connection.read(statement.sql, format, values, sink)
               : connection.read_whole(statement.sql, format, values, sink);
  }

  BlockingSocket socket_;
  Engine& engine_;
  DisconnectWatch& watch_;
  const ServerOptions& options_;
  boost::beast::flat_buffer buffer_;
  std::optional<std::string> first_piece_;
};

}  // namespace

void run_session(int socket, Engine& engine, DisconnectWatch& watch, const ServerOptions& options) {
  Session session(socket, engine, watch, options);
  try {
    while (session.serve_one()) {
    }
  } catch (const std::exception&) {
    // Memory or a library's own check: this connection ends, the others go on.
  }
}

}  // namespace spoor::storeworker
