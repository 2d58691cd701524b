// The API over HTTPS on a big store (investigate/big_store.h): one person, sixteen persons of whom
// each acts every five seconds, and a collector that hands events over. ROWS sets the size of the
// store, SPOOR_BENCH_DATA the folder in which it is kept between runs.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>

#include "auth/caller.h"
#include "auth/token_desk.h"
#include "base/file.h"
#include "event/record.h"
#include "http/certificate.h"
#include "http/client.h"
#include "http/server.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/reader.h"
#include "investigate/big_store.h"
#include "server/app.h"
#include "server/workspace.h"

namespace spoor::server {
namespace {

using investigate::big_store::kSpan;
using investigate::big_store::kStart;
using Clock = std::chrono::steady_clock;

constexpr int kCalls = 100;
constexpr int kPeople = 16;
constexpr auto kBetweenActs = std::chrono::seconds(5);
constexpr auto kActing = std::chrono::seconds(120);

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Resident size of a process in MiB; 0 where it cannot be told.
double resident_mib(int pid, std::string_view what) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what)) {
      return static_cast<double>(std::strtoull(line.c_str() + what.size() + 1, nullptr, 10)) / 1024;
    }
  }
  return 0;
}

/// Fills the folder where no earlier run has, that of the views' own benchmark included; the
/// devices are then told to the state.
Result<void> fill(const std::string& folder) {
  const std::string complete = folder + "/complete";
  const std::string with_devices = folder + "/complete-with-devices";
  if (std::filesystem::exists(with_devices)) {
    return {};
  }
  if (!std::filesystem::exists(complete)) {
    std::filesystem::remove_all(folder);
  }
  const auto workspace = TRY(Workspace::open(folder));
  if (!std::filesystem::exists(complete)) {
    TRY_VOID(
        investigate::big_store::fill(workspace->appender(), investigate::big_store::row_count()));
    TRY_VOID(write_file_atomically(complete, "", 0644));
  }
  TRY_VOID(workspace->state().in_transaction([&]() -> Result<void> {
    for (std::int64_t device = 0; device < investigate::big_store::kDevices; ++device) {
      TRY_VOID(workspace->state().devices().see(investigate::big_store::device_id(device),
                                                fmt::format("ws{:04}.corp.example", device), kStart,
                                                kStart + kSpan));
    }
    return {};
  }));
  return write_file_atomically(with_devices, "", 0644);
}

/// A server as `spoor serve` composes it, in this process, and what its clients need.
struct Served {
  std::unique_ptr<App> app;
  std::unique_ptr<http::Server> server;
  http::ClientTrust trust;
  std::string reader;
  std::string collector;
  double start_ms = 0;

  Result<std::string> token(const auth::NewToken& wanted) {
    auth::TokenDesk desk(app->workspace().state());
    return std::string(TRY(desk.issue(auth::local_caller(), wanted)).text.reveal());
  }

  static Result<Served> start() {
    const char* base = std::getenv("SPOOR_BENCH_DATA");
    const std::string folder = fmt::format("{}/rows-{}", base != nullptr ? base : "bench-data",
                                           investigate::big_store::row_count());
    TRY_VOID(make_folders(folder));
    TRY_VOID(fill(folder));
    TRY_VOID(make_folders(folder + "/tls"));
    Served served;
    const auto started = Clock::now();
    const http::CertificateFiles files{folder + "/tls/server.crt", folder + "/tls/server.key"};
    const auto certificate = TRY(http::ensure_certificate(files, {.names = {"127.0.0.1"}}));
    served.app = TRY(App::open(folder, TRY(load_config({})), {}));
    http::ServerOptions options;
    options.listen = {{"127.0.0.1", 0}};
    options.certificate_path = files.certificate_path;
    options.key_path = files.key_path;
    served.server = std::make_unique<http::Server>(options, TRY(served.app->router()));
    TRY_VOID(served.server->start());
    served.start_ms = milliseconds_since(started);
    served.trust.accept_any_certificate = true;
    served.trust.public_key_pin = certificate.public_key_pin;
    served.reader = TRY(served.token(
        {.name = "bench reader", .owner = "admin", .scopes = {schema::TokenScope::kRead}}));
    served.collector = TRY(served.token({.name = "bench collector",
                                         .owner = "admin",
                                         .scopes = {schema::TokenScope::kCollector},
                                         .devices = {"all"}}));
    return served;
  }
};

Result<Served>& served() {
  static Result<Served> all = Served::start();
  return all;
}

/// One person's connection, or a collector's.
class Person {
 public:
  explicit Person(std::string token) : token_(std::move(token)) {}

  Result<http::ClientResponse> get(std::string_view target) { return send("GET", target, {}); }
  Result<http::ClientResponse> send(std::string method, std::string_view target, std::string body) {
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = fmt::format("https://127.0.0.1:{}{}", served()->server->port(), target);
    request.trust = served()->trust;
    request.headers = {{"Authorization", "Bearer " + token_}};
    if (!body.empty()) {
      request.headers.emplace_back("Content-Type", "application/x-ndjson");
    }
    request.body = std::move(body);
    auto response = TRY(client_.send(request));
    if (response.status != 200) {
      return fail(ErrorCode::kInternal,
                  fmt::format("{} {}: {}", target, response.status, response.body.substr(0, 300)));
    }
    return response;
  }

 private:
  std::string token_;
  http::Client client_;
};

/// What people do; `call` varies the place, so that no answer is one that was given before.
struct Act {
  const char* name;
  std::string (*target)(int call);
};

std::string device_path() { return "/api/devices/" + investigate::big_store::device_id(0); }
std::string place(int call) {
  return format_ticks(kStart + kSpan / 10 + kSpan * 8 / 10 * (call * 37 % 101) / 101 + call);
}
constexpr std::array<Act, 6> kActs = {{
    {"first_page", [](int) { return device_path() + "/timeline"; }},
    {"next_page",
     [](int call) { return device_path() + "/timeline?order=desc&at=" + place(call); }},
    {"histogram", [](int call) { return device_path() + "/timeline/overview?to=" + place(call); }},
    {"facets", [](int call) { return device_path() + "/timeline/facets?to=" + place(call); }},
    {"tree",
     [](int call) {
       constexpr std::int64_t kStep = 5 * investigate::big_store::kBigDeviceEvery;
       const std::int64_t row =
           investigate::big_store::row_count() / 100 * (1 + call % 60) / kStep * kStep;
       return fmt::format("{}/processes?most=1000&process={}", device_path(),
                          investigate::big_store::process_key(row));
     }},
    {"devices",
     [](int call) {
       return fmt::format("/api/devices?q=-DeviceName:ws{:04}.corp.example{}", call % 1000,
                          call % 2 == 0 ? "&counters=true" : "");
     }},
}};

void report(benchmark::State& state, const std::string& name, std::vector<double>& took) {
  if (took.empty()) {
    return;
  }
  std::ranges::sort(took);
  state.counters[name + "_p50"] = took[took.size() / 2];
  state.counters[name + "_p99"] = took[took.size() * 99 / 100];
}

void one_person(benchmark::State& state) {
  if (!served()) {
    state.SkipWithError(served().error().to_string().c_str());
    return;
  }
  Person person(served()->reader);
  for (auto _ : state) {
    for (const Act& act : kActs) {
      std::vector<double> took;
      for (int call = 0; call < kCalls; ++call) {
        const auto start = Clock::now();
        const auto answer = person.get(act.target(call));
        took.push_back(milliseconds_since(start));
        if (!answer) {
          state.SkipWithError(answer.error().to_string().c_str());
          return;
        }
      }
      report(state, act.name, took);
    }
  }
  state.counters["start_ms"] = served()->start_ms;
  state.counters["peak_MiB"] = resident_mib(::getpid(), "VmHWM:");
  state.counters["engine_MiB"] = resident_mib(served()->app->workspace().engine().pid(), "VmHWM:");
}

/// Each person's acts come at fixed times, whether or not the one before has been answered late.
void sixteen_people(benchmark::State& state) {
  if (!served()) {
    state.SkipWithError(served().error().to_string().c_str());
    return;
  }
  std::mutex mutex;
  std::map<std::string, std::vector<double>> took;
  std::string failure;
  for (auto _ : state) {
    const auto start = Clock::now();
    std::vector<std::jthread> people;
    for (int number = 0; number < kPeople; ++number) {
      people.emplace_back([&, number] {
        Person person(served()->reader);
        auto next = start + kBetweenActs * number / kPeople;
        for (int call = number; next < start + kActing; ++call, next += kBetweenActs) {
          std::this_thread::sleep_until(next);
          const Act& act = kActs[static_cast<std::size_t>(call) % kActs.size()];
          const auto began = Clock::now();
          const auto answer = person.get(act.target(call * kPeople + number));
          const std::scoped_lock lock(mutex);
          took[act.name].push_back(milliseconds_since(began));
          if (!answer) {
            failure = answer.error().to_string();
          }
        }
      });
    }
  }
  if (!failure.empty()) {
    state.SkipWithError(failure.c_str());
    return;
  }
  for (auto& [name, times] : took) {
    report(state, name, times);
  }
}

/// Records of a dense log as NDJSON, 2,000 a request; each has a record number of its own.
std::vector<std::string> live_bodies(std::size_t requests) {
  constexpr std::size_t kRecords = 2'000;
  const std::string log = evtx::fixtures::dense_log(32U << 20);
  std::vector<std::string> bodies;
  std::string body;
  std::size_t in_body = 0;
  std::uint64_t number = static_cast<std::uint64_t>(now_ticks()) / 1'000;
  evtx::read(
      evtx::Source::from_bytes("live", log),
      [&](const event::Record& record) {
        if (bodies.size() == requests) {
          return;
        }
        event::Record live = record;
        live.record_id = ++number;
        live.time = now_ticks();
        event::append_record_json(body, live);
        body += '\n';
        if (++in_body == kRecords) {
          bodies.push_back(std::move(body));
          body.clear();
          in_body = 0;
        }
      },
      [](const evtx::Problem&) {});
  return bodies;
}

void live_intake(benchmark::State& state) {
  if (!served()) {
    state.SkipWithError(served().error().to_string().c_str());
    return;
  }
  constexpr std::size_t kCollectors = 4;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<std::string> bodies = live_bodies(12);
    std::mutex mutex;
    std::vector<double> took;
    std::string failure;
    state.ResumeTiming();
    const auto start = Clock::now();
    {
      std::vector<std::jthread> collectors;
      for (std::size_t number = 0; number < kCollectors; ++number) {
        collectors.emplace_back([&, number] {
          Person collector(served()->collector);
          for (std::size_t at = number; at < bodies.size(); at += kCollectors) {
            const auto began = Clock::now();
            const auto answer = collector.send("POST", "/api/ingest/winlog", bodies[at]);
            const std::scoped_lock lock(mutex);
            took.push_back(milliseconds_since(began));
            if (!answer) {
              failure = answer.error().to_string();
            }
          }
        });
      }
    }
    const double seconds = milliseconds_since(start) / 1000;
    if (!failure.empty()) {
      state.SkipWithError(failure.c_str());
      return;
    }
    state.counters["records_per_s"] = static_cast<double>(bodies.size()) * 2'000 / seconds;
    report(state, "request", took);
  }
  state.counters["peak_MiB"] = resident_mib(::getpid(), "VmHWM:");
}

BENCHMARK(one_person)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(sixteen_people)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(live_intake)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace spoor::server
