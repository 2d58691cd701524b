#include "server/serve.h"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>

#include "api/errors.h"
#include "base/file.h"
#include "base/log.h"
#include "http/certificate.h"
#include "http/server.h"
#include "server/app.h"
#include "server/log_lines.h"
#include "server/privileges.h"
#include "server/service_manager.h"
#include "server/web_pages.h"

namespace spoor::server {
namespace {

using Clock = std::chrono::steady_clock;

/// Signals that end or reload the server, kept for wait_for_signal.
sigset_t our_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

/// The next signal, or 0 after the time.
int wait_for_signal(const sigset_t& signals, std::chrono::nanoseconds most) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(most);
  const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (most - seconds).count()};
  const int signal = sigtimedwait(&signals, nullptr, &limit);
  return signal > 0 ? signal : 0;
}

void log_request(const http::RequestDone& done) {
  // Probes come every few seconds and say nothing when they succeed.
  const bool is_probe = done.route == "getHealth" || done.route == "getReadiness";
  const log::Level level = done.status >= 500 || !done.problem.empty() ? log::Level::kWarning
                           : is_probe                                  ? log::Level::kDebug
                                                                       : log::Level::kInfo;
  log::write(level, "request",
             {{"id", done.id},
              {"method", done.method},
              {"route", done.route},
              {"status", done.status},
              {"bytes_in", done.bytes_in},
              {"bytes_out", done.bytes_out},
              {"ms", done.milliseconds},
              {"remote", done.remote},
              {"cut", done.is_cut},
              {"problem", done.problem}});
}

http::CertificateFiles certificate_files(const ServeOptions& options) {
  const auto& tls = options.config.values.server.tls;
  return {tls.certificate.empty() ? options.data + "/tls/server.crt" : tls.certificate,
          tls.key.empty() ? options.data + "/tls/server.key" : tls.key};
}

Result<http::CertificateInfo> open_certificate(const ServeOptions& options) {
  const auto& server = options.config.values.server;
  const http::CertificateFiles files = certificate_files(options);
  if (server.tls.certificate.empty() != server.tls.key.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "server.tls.certificate and server.tls.key are given together or not at all");
  }
  if (!server.tls.certificate.empty()) {
    return http::load_certificate(files);
  }
  TRY_VOID(make_folders(options.data + "/tls"));
  const bool is_new = ::access(files.certificate_path.c_str(), F_OK) != 0;
  std::vector<std::string> names = http::local_names();
  if (!server.public_name.empty()) {
    names.insert(names.begin(), server.public_name);
  }
  auto info = TRY(http::ensure_certificate(files, {.names = std::move(names)}));
  if (is_new) {
    log::info("certificate.made", {{"fingerprint", info.fingerprint}, {"subject", info.subject}});
  }
  return info;
}

void log_certificate(const http::CertificateInfo& info) {
  const Ticks left = info.not_after - now_ticks();
  constexpr Ticks kSoon = 21 * kTicksPerDay;
  log::write(left < kSoon ? log::Level::kWarning : log::Level::kInfo, "certificate",
             {{"fingerprint", info.fingerprint},
              {"pin", info.public_key_pin},
              {"subject", info.subject},
              {"days_left", left / kTicksPerDay},
              {"self_signed", info.is_self_signed}});
}

http::ServerOptions http_options(const ServeOptions& options, const HostAndPort& listen,
                                 const http::CertificateInfo& certificate) {
  const Config& values = options.config.values;
  const http::CertificateFiles files = certificate_files(options);
  http::ServerOptions server;
  server.listen = {{listen.host, listen.port}};
  server.trusted_proxies = list_of(values.server.trusted_proxies);
  server.certificate_path = files.certificate_path;
  server.key_path = files.key_path;
  server.unix_socket = options.data + "/run/spoor.sock";
  server.workers = static_cast<std::size_t>(values.server.workers);
  server.limits.max_connections = static_cast<std::size_t>(values.limits.connections);
  server.limits.max_connections_per_address =
      static_cast<std::size_t>(values.limits.connections_per_address);
  server.limits.max_body_bytes = static_cast<std::uint64_t>(values.limits.body_mb) << 20;
  server.error_body = api::http_error_body;
  if (certificate.is_self_signed) {
    // A browser that was told to insist lets nobody pass the next certificate.
    server.strict_transport_seconds = 0;
  }
  if (values.log.requests) {
    server.on_request_done = log_request;
  }
  return server;
}

/// What a person at a terminal must see; a journal is told the file alone.
void greet(const FirstStart& first, const std::string& address,
           const http::CertificateInfo& certificate, const WebPages& pages) {
  fmt::print("\nSpoor answers at https://{}\n", address);
  if (certificate.is_self_signed) {
    fmt::print("Its certificate is its own: let the browser pass if it shows this SHA-256:\n  {}\n",
               certificate.fingerprint);
  }
  if (!first.password_file.empty()) {
    const auto password = read_file(first.password_file, 1000);
    fmt::print("Sign in as admin with the one-time password:\n  {}", password.value_or("?\n"));
    fmt::print("(also in {}, which goes once it was changed)\n", first.password_file);
  }
  if (pages.folder().empty()) {
    fmt::print("Its pages are not built; the API and the commands work without them.\n");
  }
  fmt::print("\n");
  std::fflush(stdout);
}

/// Tidies the data folder now and then, on a thread of its own since the engine may take its time.
class Upkeep {
 public:
  explicit Upkeep(App& app)
      : thread_([this, &app](const std::stop_token& stop) {
          constexpr auto kFirst = std::chrono::seconds(30);
          constexpr auto kEach = std::chrono::minutes(10);
          std::unique_lock lock(mutex_);
          for (auto pause = std::chrono::duration_cast<std::chrono::seconds>(kFirst);
               !wake_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); });
               pause = kEach) {
            app.tidy();
          }
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: ends before what it uses
};

void reload(App& app, http::Server& server, const ServeOptions& options,
            const ServiceManager& manager) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  manager.tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                           static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000));
  if (const auto certificate = server.reload_certificate(); !certificate) {
    log::error("reload.certificate_kept", certificate.error());
  } else if (const auto info = http::load_certificate(certificate_files(options)); info) {
    log_certificate(*info);
    app.set_certificate_fingerprint(info->fingerprint);
  }
  if (const auto reloaded = app.reload(); !reloaded) {
    log::error("reload.token_kept", reloaded.error());
  }
  log::info("server.reloaded");
  manager.tell("READY=1");
}

/// Until SIGTERM or SIGINT. Says the name of the signal.
std::string_view run(App& app, http::Server& server, const ServeOptions& options,
                     const ServiceManager& manager) {
  const sigset_t signals = our_signals();
  constexpr std::chrono::nanoseconds kLook = std::chrono::seconds(1);
  const std::chrono::nanoseconds watchdog =
      manager.watchdog() ? std::chrono::nanoseconds(*manager.watchdog()) : kLook;
  while (true) {
    const int signal = wait_for_signal(signals, std::min(kLook, watchdog));
    if (signal == SIGTERM || signal == SIGINT) {
      return signal == SIGTERM ? "SIGTERM" : "SIGINT";
    }
    if (signal == SIGHUP) {
      reload(app, server, options, manager);
    }
    app.look();
    if (manager.watchdog()) {
      manager.tell("WATCHDOG=1");
    }
  }
}

}  // namespace

Result<void> serve(const ServeOptions& given) {
  ServeOptions options = given;
  const Config& values = options.config.values;
  const auto started = Clock::now();
  const auto milliseconds = [&] {
    return std::chrono::duration<double, std::milli>(Clock::now() - started).count();
  };
  log_to(STDERR_FILENO, log_format_of(values.log.format), log_level_of(values.log.level));
  const ServiceManager manager;
  TRY_VOID(leave_root(values.server.user, options.data));
  // Before the first thread, so that all have it: only wait_for_signal takes them.
  const sigset_t signals = our_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  log::info("server.starting", {{"data", options.data}, {"pid", ::getpid()}});
  const HostAndPort listen = TRY(parse_listen(values.server.listen));
  TRY_VOID(make_folders(options.data));
  const http::CertificateInfo certificate = TRY(open_certificate(options));
  log_certificate(certificate);

  const WebPages pages = TRY(WebPages::open(values.server.web));
  log::info("pages", {{"folder", pages.folder()}, {"files", pages.size()}});

  manager.tell("STATUS=opening the data folder");
  const std::unique_ptr<App> app =
      TRY(App::open(options.data, options.config, [](std::string_view phase, double took) {
        log::info("server.phase", {{"phase", phase}, {"ms", took}});
      }));
  app->set_certificate_fingerprint(certificate.fingerprint);
  http::Router router = TRY(app->router());
  pages.serve(router);
  http::Server server(http_options(options, listen, certificate), std::move(router));
  app->set_http_metrics([&server] { return server.metrics(); });
  TRY_VOID(server.start());
  const FirstStart& first = app->first_start();
  if (first.made_admin) {
    log::info("admin.made", {{"user", "admin"}, {"password_file", first.password_file}});
  }
  const std::string address = fmt::format(
      "{}:{}", listen.host.contains(':') ? fmt::format("[{}]", listen.host) : listen.host,
      server.port());
  log::info("server.ready", {{"address", address}, {"ms", milliseconds()}});
  if (options.greets || ::isatty(STDOUT_FILENO) != 0) {
    greet(first, address, certificate, pages);
  }
  manager.tell(fmt::format("READY=1\nSTATUS=answers at https://{}", address));
  {
    const Upkeep upkeep(*app);
    const std::string_view signal = run(*app, server, options, manager);
    log::info("server.stopping", {{"signal", signal}});
    manager.tell("STOPPING=1\nSTATUS=stopping");
  }
  server.stop(std::chrono::seconds(values.server.stop_seconds));
  app->set_http_metrics({});
  return {};
}

}  // namespace spoor::server
