// Pages, overview and facets of a timeline, process trees and the list of devices in a big store.
// ROWS sets the rows of DeviceTimeline (40 % of them are process events too, a twentieth are of one
// device); SPOOR_BENCH_DATA is where the store is kept between runs.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "investigate/bench_store.h"
#include "investigate/big_store.h"
#include "investigate/device_list.h"
#include "investigate/process_tree.h"
#include "investigate/timeline_overview.h"
#include "kql/exec/kept_answers.h"
#include "kql/exec/store_runner.h"

namespace spoor::investigate {
namespace {

using namespace big_store;

constexpr int kCalls = 100;

using Store = BenchStore;

Result<Store>& opened() {
  static Result<Store> store =
      open_bench_store(fmt::format("rows-{}", row_count()),
                       [](store::Appender& appender) { return fill(appender, row_count()); });
  return store;
}

/// As the API's. The engine's earlier answers of conditions are left out, so that each call reads.
Views views_of(const Store& store) {
  static kql::KeptAnswers answers([&client = *store.client](std::span<const std::string> tables) {
    return client.changes().state_of(tables);
  });
  return {answers.over([run = kql::store_runner(*store.client)](
                           const kql::EngineStatement& statement, const auto& sink) {
            kql::EngineStatement plain = statement;
            plain.settings.emplace_back("use_query_condition_cache", "0");
            return run(plain, sink);
          }),
          {}};
}

/// Calls `call(i)` kCalls times and reports the median and the 99th percentile.
template <typename Call>
void measure(benchmark::State& state, const Call& call) {
  if (!opened()) {
    state.SkipWithError(opened().error().message.c_str());
    return;
  }
  const Views views = views_of(*opened());
  for (auto _ : state) {
    std::vector<double> took;
    for (int i = 0; i < kCalls; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const Result<void> done = call(views, i);
      took.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
              .count());
      if (!done) {
        state.SkipWithError(done.error().message.c_str());
        return;
      }
    }
    std::ranges::sort(took);
    state.counters["p50_ms"] = took[took.size() / 2];
    state.counters["p99_ms"] = took[took.size() * 99 / 100];
  }
}

DeviceKey big_device() { return {device_id(0), {device_id(0)}, kStart, kStart + kSpan}; }

TimelineSelection selection_of(std::string_view filter) {
  TimelineSelection selection;
  selection.device = big_device();
  selection.filter = *parse_filter(filter, FilterSubject::kTimeline);
  return selection;
}

Result<void> read_page(const Views& views, std::string_view filter,
                       std::optional<Views::Cursor> cursor, bool count_hidden = true) {
  TimelinePageRequest request;
  request.selection = selection_of(filter);
  request.cursor = cursor;
  request.count_hidden = count_hidden;
  const auto page = TRY(timeline_page(views, request));
  return page.rows.size() == static_cast<std::size_t>(request.rows)
             ? Result<void>{}
             : fail(ErrorCode::kInternal, fmt::format("a page has {} rows", page.rows.size()));
}

/// A place somewhere in the last nine tenths of the time.
Views::Cursor place(int call) {
  return {kStart + kSpan / 10 + kSpan * 9 / 10 * (call * 37 % kCalls) / kCalls, INT64_MAX};
}

void first_page(benchmark::State& state) {
  measure(state, [](const Views& views, int) { return read_page(views, "", {}); });
}
void next_page(benchmark::State& state) {
  measure(state, [](const Views& views, int call) { return read_page(views, "", place(call)); });
}
/// Three of ten rows are left out, and counted.
void filtered_page(benchmark::State& state) {
  measure(state, [](const Views& views, int call) {
    return read_page(views, "Group:process -Title:tool7.exe", place(call));
  });
}
/// A word that every row has, looked for in the hunting tables too.
void word_page(benchmark::State& state) {
  measure(state,
          [](const Views& views, int call) { return read_page(views, "verbose", place(call)); });
}
/// Another range each time, so that no answer is one that was given before.
TimelineSelection selection_until(std::string_view filter, int call) {
  TimelineSelection selection = selection_of(filter);
  selection.to = place(call).time + call;
  return selection;
}
void histogram(benchmark::State& state) {
  measure(state, [](const Views& views, int call) -> Result<void> {
    TRY(timeline_overview(views, {selection_until("", call), 240}));
    return {};
  });
}
void facets(benchmark::State& state) {
  measure(state, [](const Views& views, int call) -> Result<void> {
    TRY(timeline_facets(views, selection_until("Group:process", call)));
    return {};
  });
}
void count(benchmark::State& state) {
  measure(state, [](const Views& views, int call) -> Result<void> {
    TRY(count_timeline(views, selection_until("Group:process", call)));
    return {};
  });
}
void devices(benchmark::State& state) {
  measure(state, [](const Views& views, int call) -> Result<void> {
    DeviceListRequest request;
    request.selection.filter = *parse_filter(fmt::format("-DeviceName:ws{:04}.corp.example", call),
                                             FilterSubject::kDevices);
    TRY(device_page(views, {}, request));
    return {};
  });
}
void tree_from_one(benchmark::State& state) {
  measure(state, [](const Views& views, int call) -> Result<void> {
    const std::int64_t row =
        row_count() / 100 * (1 + call % 60) / (5 * kBigDeviceEvery) * (5 * kBigDeviceEvery);
    ProcessTreeRequest request;
    request.device = big_device();
    request.process_key = process_key(row);
    TRY(process_tree(views, request));
    return {};
  });
}
BENCHMARK(first_page)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(next_page)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(filtered_page)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(word_page)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(histogram)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(facets)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(count)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(tree_from_one)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(devices)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace spoor::investigate
