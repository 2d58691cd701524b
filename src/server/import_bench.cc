// An import from a file to the store, and opening what it filled. SPOOR_BENCH_MB sets the size of
// the generated log, SPOOR_BENCH_DATA the folder it is kept in.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/file.h"
#include "ingest/evtx/fixtures.h"
#include "server/workspace.h"

namespace spoor::server {
namespace {

std::string data_folder() {
  const char* given = std::getenv("SPOOR_BENCH_DATA");
  return given != nullptr ? given : "bench-data";
}

std::size_t megabytes() {
  const char* given = std::getenv("SPOOR_BENCH_MB");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 200;
}

/// Highest resident size of a process so far, in MiB; 0 where it cannot be told.
double peak_mib(int pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return static_cast<double>(std::strtoull(line.c_str() + 6, nullptr, 10)) / 1024;
    }
  }
  return 0;
}

/// Path of the log, written where it is missing.
Result<std::string> generated_log() {
  const std::string path = fmt::format("{}/dense-{}.evtx", data_folder(), megabytes());
  if (!std::filesystem::exists(path)) {
    TRY_VOID(make_folders(data_folder()));
    TRY_VOID(write_file_atomically(path, evtx::fixtures::dense_log(megabytes() << 20), 0644));
  }
  return path;
}

std::string filled_folder() { return data_folder() + "/import"; }

void import(benchmark::State& state) {
  const auto log = generated_log();
  if (!log) {
    state.SkipWithError(log.error().message.c_str());
    return;
  }
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(filled_folder());
    auto workspace = Workspace::open(filled_folder());
    state.ResumeTiming();
    if (!workspace) {
      state.SkipWithError(workspace.error().message.c_str());
      return;
    }
    const auto report =
        pipeline::import_files((*workspace)->import_target(), {{*log}, "bench", {}});
    if (!report || report->records == 0) {
      state.SkipWithError(report ? "no record was read" : report.error().message.c_str());
      return;
    }
    state.counters["records"] = static_cast<double>(report->records);
    state.counters["records_s"] = static_cast<double>(report->records) / report->seconds;
    state.counters["rows"] = static_cast<double>(report->rows);
    state.counters["peak_mib"] = peak_mib(getpid());
    state.counters["engine_peak_mib"] = peak_mib((*workspace)->engine().pid());
  }
}
BENCHMARK(import)->Unit(benchmark::kSecond)->Iterations(1)->UseRealTime();

/// Opens what import() left behind: state, engine, schema.
void cold_start(benchmark::State& state) {
  if (!std::filesystem::exists(filled_folder())) {
    state.SkipWithError("import runs before this");
    return;
  }
  for (auto _ : state) {
    auto workspace = Workspace::open(filled_folder());
    if (!workspace) {
      state.SkipWithError(workspace.error().message.c_str());
      return;
    }
    state.PauseTiming();
    workspace->reset();
    state.ResumeTiming();
  }
}
BENCHMARK(cold_start)->Unit(benchmark::kMillisecond)->Iterations(5)->UseRealTime();

}  // namespace
}  // namespace spoor::server
