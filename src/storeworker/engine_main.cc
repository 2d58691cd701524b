#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "storeworker/chdb_api.h"
#include "storeworker/engine.h"
#include "storeworker/sql_tokens.h"

namespace spoor::storeworker {
namespace {

constexpr auto kKillWithin = std::chrono::seconds(30);
constexpr auto kKillPause = std::chrono::milliseconds(10);

chdb_connection* pointer_of(void* handle) { return static_cast<chdb_connection*>(handle); }
chdb_connection connection_of(void* handle) { return *pointer_of(handle); }

struct DestroyResult {
  void operator()(chdb_query_result* result) const { chdb_destroy_query_result(result); }
};
using OwnedResult = std::unique_ptr<chdb_query_result, DestroyResult>;

struct DestroyInsert {
  void operator()(chdb_insert_stream* stream) const { chdb_destroy_insert_stream(stream); }
};

Error engine_error(const char* text) {
  std::string message =
      text == nullptr ? "Code: 1001. DB::Exception: no answer from the engine" : text;
  return Error::make(ErrorCode::kEngine, std::move(message));
}

Result<void> check(chdb_query_result* result) {
  if (result == nullptr) {
    return fail(engine_error(nullptr));
  }
  if (const char* error = chdb_result_error(result); error != nullptr && *error != '\0') {
    return fail(engine_error(error));
  }
  return {};
}

void add(Statistics& sum, chdb_query_result* result) {
  sum.result_rows += chdb_result_rows_read(result);
  sum.result_bytes += chdb_result_length(result);
  // Scanned counts are of the statement so far, not of one piece.
  sum.read_rows = std::max(sum.read_rows, chdb_result_storage_rows_read(result));
  sum.read_bytes = std::max(sum.read_bytes, chdb_result_storage_bytes_read(result));
  sum.written_rows = std::max(sum.written_rows, chdb_result_rows_written(result));
  sum.written_bytes = std::max(sum.written_bytes, chdb_result_bytes_written(result));
}

/// Parallel arrays as the C interface takes them.
struct ValueArrays {
  std::vector<const char*> names, values;
  std::vector<std::size_t> name_sizes, value_sizes;
  explicit ValueArrays(const std::vector<BoundValue>& bound) {
    for (const BoundValue& value : bound) {
      names.push_back(value.name.data());
      name_sizes.push_back(value.name.size());
      values.push_back(value.value.data());
      value_sizes.push_back(value.value.size());
    }
  }
};

class Stopwatch {
 public:
  [[nodiscard]] std::uint64_t nanoseconds() const {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::steady_clock::now() - start_)
                                          .count());
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

Result<std::unique_ptr<EngineConnection>> EngineConnection::open(
    const std::vector<std::string>& arguments) {
  std::vector<std::string> copies = arguments;
  copies.insert(copies.begin(), "spoor-store");
  std::vector<char*> pointers;
  pointers.reserve(copies.size());
  for (std::string& copy : copies) {
    pointers.push_back(copy.data());
  }
  chdb_connection* handle = chdb_connect(static_cast<int>(pointers.size()), pointers.data());
  if (handle == nullptr || *handle == nullptr) {
    return fail(Error::make(ErrorCode::kEngine, "the engine cannot open its folder")
                    .with_hint("its own message stands above in the log"));
  }
  return std::unique_ptr<EngineConnection>(new EngineConnection(handle));
}

EngineConnection::~EngineConnection() { chdb_close_conn(pointer_of(handle_)); }

Result<void> EngineConnection::use(const std::string& database) {
  if (database == database_) {
    return {};
  }
  TRY_VOID(change("USE " + quote_identifier(database), {}));
  database_ = database;
  return {};
}

Result<Classification> EngineConnection::classify(std::string_view sql) {
  chdb_classification found{
      .size = sizeof(chdb_classification), .statements = 0, .flags = 0, .kind = 3};
  if (chdb_classify_query_n(connection_of(handle_), sql.data(), sql.size(), database_.data(),
                            database_.size(), &found) != 0) {
    return fail(engine_error(
        "Code: 62. DB::Exception: Syntax error: the statement cannot be read. (SYNTAX_ERROR)"));
  }
  return Classification{.statements = found.statements, .kind = found.kind};
}

Result<Statistics> EngineConnection::read(std::string_view sql, std::string_view format,
                                          const std::vector<BoundValue>& values, const Sink& sink) {
  const Stopwatch watch;
  const ValueArrays arrays(values);
  const OwnedResult stream(chdb_stream_query_with_params_n(
      connection_of(handle_), sql.data(), sql.size(), format.data(), format.size(),
      arrays.names.data(), arrays.name_sizes.data(), arrays.values.data(),
      arrays.value_sizes.data(), values.size()));
  TRY_VOID(check(stream.get()));
  Statistics sum;
  while (true) {
    const OwnedResult piece(chdb_stream_fetch_result(connection_of(handle_), stream.get()));
    if (const Result<void> fine = check(piece.get()); !fine) {
      // The connection keeps a failed statement among the running ones until it runs the next one;
      // a KILL … SYNC would wait for it all that time.
      chdb_stream_cancel_query(connection_of(handle_), stream.get());
      (void)change("SELECT 1", {});
      return fail(fine.error());
    }
    add(sum, piece.get());
    const std::size_t size = chdb_result_length(piece.get());
    if (size == 0) {
      break;
    }
    if (!sink(std::string_view(chdb_result_buffer(piece.get()), size))) {
      chdb_stream_cancel_query(connection_of(handle_), stream.get());
      return fail(ErrorCode::kCancelled, "the reader went away");
    }
  }
  add(sum, stream.get());
  sum.elapsed_ns = watch.nanoseconds();
  return sum;
}

Result<Statistics> EngineConnection::read_whole(std::string_view sql, std::string_view format,
                                                const std::vector<BoundValue>& values,
                                                const Sink& sink) {
  const Stopwatch watch;
  const ValueArrays arrays(values);
  const OwnedResult result(
      chdb_query_with_params_n(connection_of(handle_), sql.data(), sql.size(), format.data(),
                               format.size(), arrays.names.data(), arrays.name_sizes.data(),
                               arrays.values.data(), arrays.value_sizes.data(), values.size()));
  TRY_VOID(check(result.get()));
  Statistics sum;
  add(sum, result.get());
  const std::size_t size = chdb_result_length(result.get());
  if (size != 0 && !sink(std::string_view(chdb_result_buffer(result.get()), size))) {
    return fail(ErrorCode::kCancelled, "the reader went away");
  }
  sum.elapsed_ns = watch.nanoseconds();
  return sum;
}

Result<Statistics> EngineConnection::change(std::string_view sql,
                                            const std::vector<BoundValue>& values) {
  return read_whole(sql, "TabSeparated", values, [](std::string_view) { return true; });
}

Result<Statistics> EngineConnection::insert(std::string_view sql, std::string_view format,
                                            const Source& source) {
  const Stopwatch watch;
  const std::unique_ptr<chdb_insert_stream, DestroyInsert> stream(chdb_stream_insert_n(
      connection_of(handle_), sql.data(), sql.size(), format.data(), format.size()));
  const auto stream_error = [&]() -> Error {
    Error error = engine_error(chdb_stream_insert_error(stream.get()));
    chdb_stream_cancel_insert(stream.get());
    return error;
  };
  if (chdb_stream_insert_error(stream.get()) != nullptr) {
    return fail(stream_error());
  }
  while (true) {
    const Result<std::string_view> piece = source();
    if (!piece) {
      chdb_stream_cancel_insert(stream.get());
      return fail(piece.error());
    }
    if (piece->empty()) {
      break;
    }
    if (chdb_stream_append(stream.get(), piece->data(), piece->size()) != 0) {
      return fail(stream_error());
    }
  }
  const OwnedResult result(chdb_stream_done(stream.get()));
  TRY_VOID(check(result.get()));
  Statistics sum;
  add(sum, result.get());
  sum.elapsed_ns = watch.nanoseconds();
  return sum;
}

Result<std::unique_ptr<Engine>> Engine::open(std::vector<std::string> arguments,
                                             std::size_t max_connections) {
  auto engine = std::make_unique<Engine>();
  engine->control_ = TRY(EngineConnection::open(arguments));
  engine->arguments_ = std::move(arguments);
  engine->max_connections_ = max_connections;
  return engine;
}

Engine::Lease::~Lease() {
  if (connection_) {
    engine_->give_back(std::move(connection_));
  }
}

Result<Engine::Lease> Engine::lease() {
  std::unique_lock lock(pool_mutex_);
  freed_.wait(lock, [this] { return !idle_.empty() || open_ < max_connections_; });
  if (!idle_.empty()) {
    std::unique_ptr<EngineConnection> connection = std::move(idle_.back());
    idle_.pop_back();
    return Lease(*this, std::move(connection));
  }
  ++open_;
  lock.unlock();
  Result<std::unique_ptr<EngineConnection>> connection = EngineConnection::open(arguments_);
  if (!connection) {
    lock.lock();
    --open_;
    freed_.notify_one();
    return fail(connection.error());
  }
  return Lease(*this, *std::move(connection));
}

void Engine::give_back(std::unique_ptr<EngineConnection> connection) {
  const std::lock_guard lock(pool_mutex_);
  idle_.push_back(std::move(connection));
  freed_.notify_one();
}

Result<void> Engine::kill(std::string_view id) {
  const std::lock_guard lock(control_mutex_);
  const std::string tagged = "WHERE Settings['log_comment'] = " + quote_text(id);
  // Not SYNC, which waits without end where a connection holds on to a statement that has ended.
  const auto until = std::chrono::steady_clock::now() + kKillWithin;
  while (true) {
    TRY_VOID(control_->change("KILL QUERY " + tagged + " ASYNC", {}));
    std::string running;
    TRY_VOID(control_->read_whole("SELECT count() FROM system.processes " + tagged, "TabSeparated",
                                  {}, [&running](std::string_view piece) {
                                    running += piece;
                                    return true;
                                  }));
    if (running == "0\n") {
      return {};
    }
    if (std::chrono::steady_clock::now() > until) {
      return fail(ErrorCode::kLimit, "the statement does not stop");
    }
    std::this_thread::sleep_for(kKillPause);
  }
}

void Engine::close_idle() {
  const std::lock_guard lock(pool_mutex_);
  idle_.clear();
}

}  // namespace spoor::storeworker
