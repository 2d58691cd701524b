#include "server/app.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>

#include "api/api.h"
#include "api/ongoing.h"
#include "auth/accounts.h"
#include "auth/authenticator.h"
#include "auth/token_desk.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "kql/exec/kept_answers.h"
#include "pipeline/import_jobs.h"
#include "pipeline/known_processes.h"
#include "pipeline/live_intake.h"
#include "pipeline/uploads.h"
#include "server/live_settings.h"
#include "server/log_lines.h"
#include "server/metrics.h"
#include "server/snapshot.h"
#include "server/workspace.h"
#include "store/purge.h"

namespace spoor::server {
namespace {

constexpr std::uint64_t kMiB = 1ULL << 20;
constexpr std::uint64_t kGiB = 1ULL << 30;
constexpr std::string_view kPasswordFile = "first-admin-password";
constexpr std::uint64_t kLargestToken = 4096;

pipeline::UploadLimits upload_limits(const Config& config) {
  pipeline::UploadLimits limits;
  limits.file_bytes = static_cast<std::uint64_t>(config.ingest.upload_gb) * kGiB;
  limits.total_bytes = static_cast<std::uint64_t>(config.ingest.uploads_total_gb) * kGiB;
  return limits;
}

pipeline::IntakeOptions intake_options(const Config& config) {
  pipeline::IntakeOptions options;
  options.commit_milliseconds = static_cast<int>(config.ingest.commit_ms);
  options.commit_records = static_cast<std::size_t>(config.ingest.commit_records);
  options.queue_bytes = static_cast<std::size_t>(config.ingest.queue_mb) * kMiB;
  return options;
}

}  // namespace

struct App::Impl {
  LoadedConfig config;
  FirstStart first_start;
  std::unique_ptr<Workspace> workspace;
  auth::PasswordHasher hasher;
  std::unique_ptr<auth::Authenticator> authenticator;
  std::unique_ptr<LiveSettings> settings;
  std::unique_ptr<auth::Accounts> accounts;
  std::unique_ptr<auth::TokenDesk> tokens;
  std::unique_ptr<pipeline::Uploads> uploads;
  std::unique_ptr<pipeline::LiveIntake> intake;
  std::unique_ptr<pipeline::ImportJobs> imports;
  api::Ongoing ongoing;
  std::unique_ptr<kql::KeptAnswers> answers;
  std::unique_ptr<api::Services> services;

  std::atomic<bool> is_first_run = false;  ///< true only until the first password was changed
  std::atomic<int> answering_engine = -1;  ///< process that was last seen to answer; -1: none
  std::mutex mutex;                        ///< of what follows
  auth::Secret metrics_token;
  std::string certificate_fingerprint;
  std::function<http::Metrics()> http_metrics;

  Result<void> open(const std::string& folder,
                    const std::function<void(std::string_view, double)>& on_phase);
  Result<void> add_first_admin();
  Result<void> read_metrics_token();
  /// Whether the one-time password still waits to be changed.
  bool waits_for_first_password();
  api::Welcome welcome();
  void apply(const Config& values);
  std::string metrics();
  void fill_services();
  /// Without asking the engine: one that ended, and one that was not seen to answer yet, do not.
  bool engine_answers() {
    const int pid = workspace->engine().pid();
    return pid > 0 && pid == answering_engine;
  }
};

Result<void> App::Impl::open(const std::string& folder,
                             const std::function<void(std::string_view, double)>& on_phase) {
  const Config& values = config.values;
  WorkspaceOptions options;
  options.engine_memory = static_cast<std::uint64_t>(values.engine.memory_mb) * kMiB;
  options.disk_reserve = static_cast<std::uint64_t>(values.engine.disk_reserve_mb) * kMiB;
  options.on_phase = on_phase;
  workspace = TRY(Workspace::open(folder, options));
  const auto started = std::chrono::steady_clock::now();
  authenticator = std::make_unique<auth::Authenticator>(workspace->state(), hasher);
  settings = TRY(LiveSettings::open(workspace->state(), config,
                                    [this](const Config& changed) { apply(changed); }));
  accounts = std::make_unique<auth::Accounts>(workspace->state(), hasher);
  tokens = std::make_unique<auth::TokenDesk>(workspace->state());
  TRY_VOID(read_metrics_token());
  TRY_VOID(add_first_admin());
  uploads = TRY(pipeline::Uploads::open(folder + "/uploads", upload_limits(values)));
  intake = TRY(pipeline::LiveIntake::open({workspace->state(), workspace->client(),
                                           workspace->appender(), workspace->processes_folder()},
                                          intake_options(values)));
  imports = std::make_unique<pipeline::ImportJobs>(workspace->import_target(), *uploads);
  fill_services();
  if (on_phase) {
    on_phase("services",
             std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
                 .count());
  }
  return {};
}

void App::Impl::fill_services() {
  answers = std::make_unique<kql::KeptAnswers>(
      [&client = workspace->client()](auto tables) { return client.changes().state_of(tables); });
  services = std::make_unique<api::Services>(
      api::Services{workspace->state(), *authenticator, *accounts, *tokens, workspace->hunter(),
                    workspace->client(), workspace->appender(), *uploads, *imports, *intake,
                    ongoing, answers.get()});
  services->readiness = [this] {
    const bool answers = engine_answers();
    return std::vector<api::ReadinessCheck>{
        {"engine", answers, answers ? "answers" : "does not answer; it is being started again"}};
  };
  services->metrics = [this] { return metrics(); };
  services->is_metrics_token = [this](std::string_view given) {
    const std::lock_guard lock(mutex);
    return !metrics_token.empty() && auth::equal_in_constant_time(metrics_token.reveal(), given);
  };
  services->welcome = [this] { return welcome(); };
  services->settings = [this] { return settings->list(); };
  services->change_setting = [this](const auth::Caller& caller, std::string_view key,
                                    const std::optional<std::string>& value) {
    return settings->change(caller, key, value);
  };
  services->take_snapshot = [this]() -> Result<std::string> {
    return TRY(server::take_snapshot(*workspace)).id;
  };
  services->drop_snapshot = [this](std::string_view id) {
    return server::drop_snapshot(workspace->folder(), id);
  };
  services->purge_device = [this](std::string_view device) -> Result<std::uint64_t> {
    const std::string id(device);
    const std::uint64_t records = TRY(store::purge_device(workspace->client(), id));
    TRY_VOID(pipeline::KnownProcesses(workspace->processes_folder()).forget(id));
    return records;
  };
  services->on_failure = [](std::string_view request, const Error& error) {
    const std::string text = error.to_string();
    log::error("request.failed", {{"request", request}, {"error", text}});
  };
}

/// The password goes into a file: what is printed ends up in journals that many may read.
Result<void> App::Impl::add_first_admin() {
  const std::string file = fmt::format("{}/{}", workspace->folder(), kPasswordFile);
  const auto password = TRY(authenticator->ensure_first_admin());
  if (password) {
    first_start.made_admin = true;
    TRY_VOID(write_file_atomically(file, std::string(password->reveal()) + "\n", 0600));
  }
  is_first_run = ::access(file.c_str(), F_OK) == 0;
  if (waits_for_first_password()) {
    first_start.password_file = file;
  }
  return {};
}

bool App::Impl::waits_for_first_password() {
  if (is_first_run) {
    const auto admin = workspace->state().users().find("admin");
    is_first_run = !admin || (*admin && (*admin)->must_change_password);
  }
  return is_first_run;
}

api::Welcome App::Impl::welcome() {
  api::Welcome welcome;
  welcome.is_first_run = waits_for_first_password();
  const std::lock_guard lock(mutex);
  welcome.certificate_fingerprint = certificate_fingerprint;
  return welcome;
}

Result<void> App::Impl::read_metrics_token() {
  const std::string& path = config.values.metrics.token_file;
  if (path.empty()) {
    return {};
  }
  const std::string text = TRY(read_file(path, kLargestToken));
  const std::string_view token = trim_blanks(text);
  constexpr std::size_t kShortest = 16;
  if (token.size() < kShortest) {
    return fail(Error::make(ErrorCode::kInvalidInput, "the token for metrics is too short")
                    .at(path)
                    .with_hint("16 letters at least, such as openssl rand -hex 32 makes"));
  }
  const std::lock_guard lock(mutex);
  metrics_token = auth::Secret(token);
  return {};
}

/// Hands on what can be changed while the server runs; what is not here is read where it is used.
void App::Impl::apply(const Config& values) {
  authenticator->set_session_limits(values.sessions.hours * kTicksPerHour,
                                    values.sessions.idle_minutes * kTicksPerMinute);
  log_to(STDERR_FILENO, log_format_of(values.log.format), log_level_of(values.log.level));
}

std::string App::Impl::metrics() {
  std::function<http::Metrics()> of_http;
  {
    const std::lock_guard lock(mutex);
    of_http = http_metrics;
  }
  std::string out = of_http ? http::write_prometheus(of_http()) : "";
  write_server_metrics(out, {.intake = intake->counters(),
                             .engine_answers = engine_answers(),
                             .engine_restarts = workspace->engine().restarts(),
                             .engine_pid = workspace->engine().pid(),
                             .password_hashes = hasher.runs(),
                             .data_folder = workspace->folder()});
  return out;
}

App::App(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

App::~App() {
  impl_->ongoing.followers.clear();
  log::info("server.closing");
}

Result<std::unique_ptr<App>> App::open(
    const std::string& folder, const LoadedConfig& config,
    const std::function<void(std::string_view, double)>& on_phase) {
  auto impl = std::make_unique<Impl>();
  impl->config = config;
  TRY_VOID(impl->open(folder, on_phase));
  std::unique_ptr<App> app(new App(std::move(impl)));
  app->look();
  return app;
}

Result<http::Router> App::router() {
  http::Router router;
  TRY_VOID(api::add_routes(router, *impl_->services));
  return router;
}

void App::set_http_metrics(std::function<http::Metrics()> metrics) {
  const std::lock_guard lock(impl_->mutex);
  impl_->http_metrics = std::move(metrics);
}

void App::set_certificate_fingerprint(std::string fingerprint) {
  const std::lock_guard lock(impl_->mutex);
  impl_->certificate_fingerprint = std::move(fingerprint);
}

const FirstStart& App::first_start() const { return impl_->first_start; }
Workspace& App::workspace() { return *impl_->workspace; }
Result<void> App::reload() { return impl_->read_metrics_token(); }

void App::look() {
  store::WorkerProcess& engine = impl_->workspace->engine();
  const int pid = engine.pid();
  const int answering = engine.answers() ? pid : -1;
  const int before = impl_->answering_engine.exchange(answering);
  if (answering == before) {
    return;
  }
  if (answering > 0) {
    log::info("engine.answers", {{"pid", answering}, {"restarts", engine.restarts()}});
  } else {
    log::warning("engine.lost");
  }
}

void App::tidy() {
  const Ticks oldest = now_ticks() - impl_->settings->values().retention.live_days * kTicksPerDay;
  if (const auto dropped = store::drop_expired(impl_->workspace->client(), oldest); !dropped) {
    log::error("retention.failed", dropped.error());
  } else if (*dropped > 0) {
    log::info("retention.dropped", {{"partitions", *dropped}});
  }
  if (const std::size_t expired = impl_->uploads->expire(); expired > 0) {
    log::info("uploads.expired", {{"uploads", expired}});
  }
  const std::string file = fmt::format("{}/{}", impl_->workspace->folder(), kPasswordFile);
  if (::access(file.c_str(), F_OK) == 0 && !impl_->waits_for_first_password()) {
    ::unlink(file.c_str());
    log::info("admin.password_file_removed");
  }
}

}  // namespace spoor::server
