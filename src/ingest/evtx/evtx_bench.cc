// Throughput of the reader: a made log, the shared logs, and evtxexport as a whole process.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/reader.h"

namespace spoor::evtx {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMegabyte = 1'000'000;

std::uint64_t decode(const std::string& bytes) {
  const ReadStats stats = read(
      Source::from_bytes("bench.evtx", bytes),
      [](const event::Record& record) { benchmark::DoNotOptimize(record.data.size()); },
      [](const Problem&) {});
  return stats.records;
}

void decode_dense(benchmark::State& state) {
  const char* given = std::getenv("SPOOR_BENCH_MB");
  const std::string log =
      fixtures::dense_log((given != nullptr ? std::strtoull(given, nullptr, 10) : 200) * kMegabyte);
  std::uint64_t records = 0;
  for (auto _ : state) {
    records += decode(log);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * log.size()));
  state.SetItemsProcessed(static_cast<std::int64_t>(records));
}
BENCHMARK(decode_dense)->Unit(benchmark::kMillisecond);

void decode_shared(benchmark::State& state) {
  const char* given = std::getenv("SPOOR_SHARED_DATA");
  const fs::path root = fs::path(given != nullptr ? given : SPOOR_SOURCE_DIR "/../shared/data");
  std::vector<std::string> logs;
  std::size_t size = 0;
  if (fs::is_directory(root / "evtx")) {
    for (const auto& entry : fs::recursive_directory_iterator(root / "evtx")) {
      if (entry.is_regular_file() && entry.path().extension() == ".evtx") {
        std::ifstream in(entry.path(), std::ios::binary);
        logs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        size += logs.back().size();
      }
    }
  }
  if (logs.empty()) {
    state.SkipWithError("no shared event logs");
    return;
  }
  std::uint64_t records = 0;
  for (auto _ : state) {
    for (const std::string& log : logs) {
      records += decode(log);
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * size));
  state.SetItemsProcessed(static_cast<std::int64_t>(records));
}
BENCHMARK(decode_shared)->Unit(benchmark::kMillisecond);

void evtxexport_process(benchmark::State& state) {
  if (std::system("command -v evtxexport >/dev/null 2>&1") != 0) {
    state.SkipWithError("evtxexport (libevtx-utils) is not installed");
    return;
  }
  const std::string log = fixtures::dense_log(5 * kMegabyte);
  std::string folder = (fs::temp_directory_path() / "spoor-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    state.SkipWithError("no temporary folder");
    return;
  }
  const std::string path = folder + "/dense.evtx";
  std::ofstream(path, std::ios::binary) << log;
  const std::string command = "evtxexport -f xml '" + path + "' >/dev/null 2>&1";
  for (auto _ : state) {
    if (std::system(command.c_str()) != 0) {
      state.SkipWithError("evtxexport failed");
      break;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * log.size()));
  fs::remove_all(folder);
}
// Its own time counts, not that of the process that waits for it.
BENCHMARK(evtxexport_process)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace spoor::evtx
