#pragma once
// Tells the service manager how the server is: the datagrams of sd_notify(3) to $NOTIFY_SOCKET.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spoor::server {

/// Silent where no manager listens.
class ServiceManager {
 public:
  /// Reads $NOTIFY_SOCKET and $WATCHDOG_USEC, and removes them so that children do not speak for
  /// this process.
  ServiceManager();

  /// "READY=1", "STOPPING=1", "STATUS=…", lines separated by \n. False where it could not be sent.
  bool tell(std::string_view state) const;
  /// How often "WATCHDOG=1" must be told: half of what the manager waits; nothing where it does
  /// not.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

 private:
  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace spoor::server
