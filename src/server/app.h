#pragma once
// The services of a server over one data folder, wired together: what `spoor serve` answers with.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/server.h"
#include "server/config.h"

namespace spoor::server {

class Workspace;

/// What can be said only once, at the first start.
struct FirstStart {
  bool made_admin = false;
  /// File in the data folder that holds the administrator's one-time password, mode 0600; empty
  /// once that was changed.
  std::string password_file;
};

class App {
 public:
  /// Opens the folder and every service. `on_phase` as in WorkspaceOptions.
  static Result<std::unique_ptr<App>> open(
      const std::string& folder, const LoadedConfig& config,
      const std::function<void(std::string_view, double)>& on_phase);
  /// Ends imports, commits what live intake holds, then closes the folder. The HTTP server must
  /// have stopped.
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// All routes; kInternal where the API does not fit its contract. Must outlive the server.
  Result<http::Router> router();
  /// The server's own counters, once it runs; for /metrics.
  void set_http_metrics(std::function<http::Metrics()> metrics);
  /// Of the certificate that is served, for the sign-in page.
  void set_certificate_fingerprint(std::string fingerprint);
  [[nodiscard]] const FirstStart& first_start() const;
  Workspace& workspace();

  /// Looks whether the engine answers, and logs where that has changed. Once a second.
  void look();
  /// Removes what has expired: live telemetry, uploads, the file of the first password once it was
  /// changed. Blocks; now and then.
  void tidy();
  /// Reads the files again that settings name.
  Result<void> reload();

 private:
  struct Impl;
  explicit App(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::server
