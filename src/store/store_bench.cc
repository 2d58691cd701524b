// The embedded engine through its socket: start, the smallest read, and inserts of Native batches.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "event/batch.h"
#include "store/client.h"
#include "store/migrate.h"
#include "store/worker_process.h"

namespace spoor::store {
namespace {

/// An engine in a folder of its own, with the schema in it; null where there is no program.
struct Bench {
  std::string folder = (std::filesystem::temp_directory_path() / "spoor-bench-XXXXXX").string();
  std::unique_ptr<WorkerProcess> worker;
  Bench() {
    if (::mkdtemp(folder.data()) != nullptr) {
      if (auto started = WorkerProcess::start(folder)) {
        worker = *std::move(started);
      }
    }
  }
  ~Bench() {
    worker.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

event::Batch process_rows(std::int64_t count) {
  event::Batch batch(*schema::find_table("DeviceProcessEvents"));
  const schema::Table& table = batch.table();
  for (std::int64_t row = 0; row < count; ++row) {
    batch.begin_row();
    const std::string number = std::to_string(row * 2654435761 % 1000003);
    batch.set_number(*table.find("Timestamp"), 17'646'336'000'000'000 + row * 1000);
    batch.set_text(*table.find("DeviceId"), "device-" + std::to_string(row % 50));
    batch.set_text(*table.find("DeviceName"), "host-" + std::to_string(row % 50));
    batch.set_text(*table.find("ActionType"), "ProcessCreated");
    batch.set_text(*table.find("FileName"), "program" + std::to_string(row % 200) + ".exe");
    batch.set_text(*table.find("FolderPath"),
                   "C:\\Windows\\System32\\program" + std::to_string(row % 200) + ".exe");
    batch.set_text(*table.find("ProcessCommandLine"), "program.exe --session " + number +
                                                          " --input C:\\Users\\user\\file" +
                                                          number + ".txt --verbose");
    batch.set_text(*table.find("InitiatingProcessFileName"), "explorer.exe");
    batch.set_text(*table.find("InitiatingProcessCommandLine"),
                   "C:\\Windows\\explorer.exe /factory," + number);
    batch.set_number(*table.find("ProcessId"), row % 65536);
    batch.set_number(*table.find("EventId"), row + 1);
  }
  return batch;
}

void start(benchmark::State& state) {
  for (auto _ : state) {
    Bench bench;
    if (!bench.worker) {
      state.SkipWithError("the engine does not start");
      return;
    }
    state.PauseTiming();
    bench.worker.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(start)->Unit(benchmark::kMillisecond)->Iterations(5);

void select_one(benchmark::State& state) {
  const Bench bench;
  if (!bench.worker) {
    state.SkipWithError("the engine does not start");
    return;
  }
  const Client client(bench.worker->endpoint());
  Query query;
  query.sql = "SELECT 1";
  for (auto _ : state) {
    benchmark::DoNotOptimize(client.query_text(query));
  }
}
BENCHMARK(select_one)->Unit(benchmark::kMicrosecond);

void insert(benchmark::State& state) {
  const Bench bench;
  if (!bench.worker) {
    state.SkipWithError("the engine does not start");
    return;
  }
  const Client client(bench.worker->endpoint());
  if (!migrate(client, {.reserve_bytes = 1U << 20})) {
    state.SkipWithError("the schema cannot be made");
    return;
  }
  const event::Batch batch = process_rows(state.range(0));
  std::int64_t number = 0;
  for (auto _ : state) {
    std::string native;
    batch.append_native(native);
    if (!client.insert("DeviceProcessEvents", native, "bench-" + std::to_string(++number))) {
      state.SkipWithError("an insert failed");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  std::ifstream status("/proc/" + std::to_string(bench.worker->pid()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) {
      state.counters["worker_rss_MB"] = std::atof(line.c_str() + 6) / 1024;
    }
  }
}
BENCHMARK(insert)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace spoor::store
