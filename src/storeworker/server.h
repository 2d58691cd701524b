#pragma once
// ClickHouse's HTTP interface on a listening socket: one blocking thread a connection, bounded.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "storeworker/engine.h"
#include "storeworker/gate.h"

namespace spoor::storeworker {

struct ServerOptions {
  Limits limits;
  std::size_t max_connections = 32;
  std::string hunters_refused;  ///< why reads of hunters are refused; empty where they are not
};

/// Ends the statements of clients that went away while the engine worked for them.
class DisconnectWatch {
 public:
  explicit DisconnectWatch(Engine& engine);
  ~DisconnectWatch();
  void add(const std::string& id, int socket);
  void remove(const std::string& id);
  /// Waits until the statement has ended, for a bounded time; false where it has not.
  bool wait_for_end(const std::string& id);

 private:
  void watch(const std::stop_token& stop);

  Engine& engine_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::map<std::string, int> running_;
  std::jthread thread_;
};

class Server {
 public:
  Server(Engine& engine, ServerOptions options);
  /// Accepts on `listening_socket` until stop() is called.
  void serve(int listening_socket);
  /// Refuses new connections, cuts the ones that are there and waits a little for their statements.
  void stop();

 private:
  void run_connection(int socket);

  Engine& engine_;
  ServerOptions options_;
  DisconnectWatch watch_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> listening_{-1};
  std::mutex mutex_;
  std::condition_variable closed_;
  std::set<int> sockets_;
};

}  // namespace spoor::storeworker
