#pragma once
// One client for ClickHouse's HTTP interface: spoor-store on a Unix socket, or a real server by
// URL. Thread-safe: each call takes a connection from a pool of its own.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/changes.h"
#include "store/escape.h"

namespace spoor::store {

/// Where the engine listens.
struct Endpoint {
  std::string unix_socket;               ///< path of the socket; empty for a server
  std::string url = "http://localhost";  ///< scheme, host and port
  std::string database = "spoor";
  std::string user;  ///< empty: none is sent
  std::string password;
};

/// A bound parameter: `{name:Type}` in the text. `value` is in TSV escaping as ClickHouse parses
/// it; see escape_value.
struct Parameter {
  std::string name;
  std::string value;
};

struct Query {
  std::string sql;  ///< one statement, without FORMAT
  std::vector<Parameter> parameters;
  std::vector<std::pair<std::string, std::string>> settings;
  std::string format = "Native";
  std::string query_id;     ///< for cancel(); made up where empty
  double max_seconds = 60;  ///< the engine stops the statement then
};

/// X-ClickHouse-Summary of a finished statement.
struct Summary {
  std::uint64_t read_rows = 0, read_bytes = 0, result_rows = 0, written_rows = 0;
};

class Client {
 public:
  /// Receives the response as it arrives; an error from it ends the query.
  using Sink = std::function<Result<void>(std::string_view bytes)>;

  explicit Client(Endpoint endpoint);
  ~Client();

  /// Runs one read and streams its answer.
  Result<Summary> query(const Query& query, const Sink& sink) const;
  /// The whole answer as text, at most `max_bytes` (kLimit past it).
  Result<std::string> query_text(Query query, std::size_t max_bytes = 64u << 20) const;
  /// Runs a statement without an answer (DDL, ALTER, KILL).
  Result<void> execute(const Query& statement) const;
  /// Sends `native` (whole Native blocks) into a table; `token` is the engine's deduplication
  /// token, empty for none. Without `with_indexes` the skip indexes of these rows are left to a
  /// later merge.
  Result<void> insert(std::string_view table, std::string_view native, std::string_view token,
                      bool with_indexes = true) const;
  /// Ends a running query; returns when the engine has stopped it.
  Result<void> cancel(std::string_view query_id) const;
  /// What was written through this client: all of it where it is the store's one writer.
  [[nodiscard]] const Changes& changes() const;
  /// The database that names without one are of.
  [[nodiscard]] const std::string& database() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::store
