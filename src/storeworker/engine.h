#pragma once
// libchdb behind values: connections, statements, streams. The only user of chdb_api.h besides
// main.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storeworker/gate.h"

namespace spoor::storeworker {

/// A bound parameter: its value in TSV escaping.
struct BoundValue {
  std::string name;
  std::string value;
};

struct Statistics {
  std::uint64_t read_rows = 0, read_bytes = 0, result_rows = 0, result_bytes = 0, written_rows = 0,
                written_bytes = 0;
  std::uint64_t elapsed_ns = 0;
};

/// One connection; one thread at a time.
class EngineConnection {
 public:
  static Result<std::unique_ptr<EngineConnection>> open(const std::vector<std::string>& arguments);
  ~EngineConnection();
  EngineConnection(const EngineConnection&) = delete;
  EngineConnection& operator=(const EngineConnection&) = delete;

  /// Makes `database` the one that bare table names mean.
  Result<void> use(const std::string& database);
  Result<Classification> classify(std::string_view sql);

  /// Receives the pieces of an answer; false ends the statement.
  using Sink = std::function<bool(std::string_view piece)>;
  /// Runs a read, piece by piece. Errors carry the engine's text.
  Result<Statistics> read(std::string_view sql, std::string_view format,
                          const std::vector<BoundValue>& values, const Sink& sink);
  /// The same with the whole answer as one piece, for formats that have a beginning and an end.
  Result<Statistics> read_whole(std::string_view sql, std::string_view format,
                                const std::vector<BoundValue>& values, const Sink& sink);
  /// Runs a statement without an answer.
  Result<Statistics> change(std::string_view sql, const std::vector<BoundValue>& values);
  /// Gives the next piece of data (empty: the end).
  using Source = std::function<Result<std::string_view>()>;
  Result<Statistics> insert(std::string_view sql, std::string_view format, const Source& source);

 private:
  explicit EngineConnection(void* handle) : handle_(handle) {}
  void* handle_;
  std::string database_ = "default";
};

/// Connections, opened as they are needed, up to a bound; one more is kept for ending statements.
class Engine {
 public:
  /// Opens the folder. `arguments` are the engine's, from --path on.
  static Result<std::unique_ptr<Engine>> open(std::vector<std::string> arguments,
                                              std::size_t max_connections);

  /// A connection that goes back to the pool at the end.
  class Lease {
   public:
    Lease(Engine& engine, std::unique_ptr<EngineConnection> connection)
        : engine_(&engine), connection_(std::move(connection)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    EngineConnection* operator->() const { return connection_.get(); }
    EngineConnection& operator*() const { return *connection_; }

   private:
    Engine* engine_;
    std::unique_ptr<EngineConnection> connection_;
  };

  /// Waits for a free connection.
  Result<Lease> lease();
  /// Tells the statements tagged `id` to end; they do so a little later.
  Result<void> kill(std::string_view id);
  /// Closes what is not in use; for the end of the process.
  void close_idle();

 private:
  void give_back(std::unique_ptr<EngineConnection> connection);

  std::vector<std::string> arguments_;
  std::size_t max_connections_ = 0;
  std::mutex control_mutex_;
  std::unique_ptr<EngineConnection> control_;
  std::mutex pool_mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<EngineConnection>> idle_;
  std::size_t open_ = 0;
};

}  // namespace spoor::storeworker
