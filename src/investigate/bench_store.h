#pragma once
// A store that a benchmark fills once and finds again at its next run, in a folder of
// SPOOR_BENCH_DATA.

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/file.h"
#include "store/appender.h"
#include "store/migrate.h"
#include "store/worker_process.h"

namespace spoor::investigate {

struct BenchStore {
  std::unique_ptr<store::WorkerProcess> engine;
  std::unique_ptr<store::Client> client;
};

/// Opens the store `name` as it is where an earlier run completed it, else filled by `fill`.
inline Result<BenchStore> open_bench_store(
    const std::string& name, const std::function<Result<void>(store::Appender&)>& fill) {
  const char* base = std::getenv("SPOOR_BENCH_DATA");
  const std::string folder = std::string(base != nullptr ? base : "bench-data") + "/" + name;
  const std::string complete = folder + "/complete";
  const bool is_complete = std::filesystem::exists(complete);
  if (!is_complete) {
    std::filesystem::remove_all(folder);
  }
  TRY_VOID(make_folders(folder));
  BenchStore store;
  store.engine = TRY(store::WorkerProcess::start(folder));
  store.client = std::make_unique<store::Client>(store.engine->endpoint());
  TRY_VOID(store::migrate(*store.client, {}));
  if (!is_complete) {
    store::Appender appender(*store.client,
                             [engine = store.engine.get()] { return engine->wait_until_ready(); });
    TRY_VOID(fill(appender));
    TRY_VOID(write_file_atomically(complete, "", 0644));
  }
  return store;
}

}  // namespace spoor::investigate
