// The page of a device with a million events in thirty days: its overview and each of its cards.
// SPOOR_BENCH_DATA is where the store is kept between runs.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "event/rows.h"
#include "investigate/bench_store.h"
#include "investigate/device_list.h"
#include "kql/exec/store_runner.h"

namespace spoor::investigate {
namespace {

constexpr int kCalls = 30;
constexpr std::int64_t kRows = 1'000'000;
constexpr std::int64_t kRowsABatch = 100'000;
constexpr Ticks kStart = 1'790'000'000 * kTicksPerSecond;
constexpr TickSpan kStep = 30 * kTicksPerDay / kRows;
const std::string kBig(40, 'a');
const std::string kSmall(40, 'b');

template <class Columns>
event::Batch& begin_row(event::Rows& rows, schema::TableId table, std::int64_t row,
                        const std::string& device, const Columns& columns) {
  event::Batch& batch = rows[table];
  batch.begin_row();
  batch.set_number(columns[0], kStart + kStep * row);
  batch.set_text(columns[1], device);
  batch.set_number(columns[2], row + 1);
  return batch;
}

/// Of a hundred events sixty are connections, two are logons; one in ten is of the other device.
void add_event(event::Rows& rows, std::int64_t row) {
  namespace tl = schema::device_timeline;
  namespace sr = schema::device_source_records;
  namespace ne = schema::device_network_events;
  namespace le = schema::device_logon_events;
  const std::string& device = row % 10 == 9 ? kSmall : kBig;
  const bool is_logon = row % 100 < 2;
  const bool is_connection = row % 100 >= 40;
  event::Batch& timeline = begin_row(rows, schema::TableId::kDeviceTimeline, row, device,
                                     std::array{tl::kTimestamp, tl::kDeviceId, tl::kEventId});
  timeline.set_text(tl::kTable, is_logon        ? "DeviceLogonEvents"
                                : is_connection ? "DeviceNetworkEvents"
                                                : "DeviceProcessEvents");
  timeline.set_text(tl::kGroup, is_logon ? "logon" : is_connection ? "network" : "process");
  timeline.set_text(tl::kTitle, fmt::format("tool{}.exe", row % 300));
  event::Batch& record = begin_row(rows, schema::TableId::kDeviceSourceRecords, row, device,
                                   std::array{sr::kTimestamp, sr::kDeviceId, sr::kEventId});
  record.set_text(sr::kChannel, fmt::format("Channel {}", row % 14));
  record.set_text(sr::kSourceKind, "evtx");
  record.set_text(sr::kData, fmt::format(R"({{"number":{}}})", row));
  if (is_connection) {
    event::Batch& connection = begin_row(rows, schema::TableId::kDeviceNetworkEvents, row, device,
                                         std::array{ne::kTimestamp, ne::kDeviceId, ne::kEventId});
    connection.set_text(ne::kActionType, "ConnectionSuccess");
    connection.set_text(ne::kRemoteIP, fmt::format("198.51.{}.{}", row / 7 % 100, row % 250));
    connection.set_text(ne::kRemoteIPType, "Public");
    connection.set_number(ne::kRemotePort, 443);
  }
  if (is_logon) {
    event::Batch& logon = begin_row(rows, schema::TableId::kDeviceLogonEvents, row, device,
                                    std::array{le::kTimestamp, le::kDeviceId, le::kEventId});
    logon.set_text(le::kActionType, "LogonSuccess");
    logon.set_text(le::kLogonType, row % 3 == 0 ? "Interactive" : "Network");
    logon.set_text(le::kAccountDomain, "CORP");
    logon.set_text(le::kAccountName, fmt::format("user{}", row / 100 % 200));
  }
}

Result<void> fill(store::Appender& appender) {
  namespace info = schema::device_info;
  event::Rows rows;
  for (const std::string& device : {kBig, kSmall}) {
    event::Batch& batch = begin_row(rows, schema::TableId::kDeviceInfo, kRows, device,
                                    std::array{info::kTimestamp, info::kDeviceId, info::kEventId});
    batch.set_text(info::kDeviceName, "ws01.corp.example");
  }
  // So many that the big device has its million.
  for (std::int64_t row = 0; row < kRows * 10 / 9; ++row) {
    add_event(rows, row);
    if ((row + 1) % kRowsABatch == 0) {
      TRY(appender.append(rows.batches()));
      rows.clear();
    }
  }
  TRY(appender.append(rows.batches()));
  return {};
}

using Store = BenchStore;

Result<Store>& opened() {
  static Result<Store> store = open_bench_store("device-page", fill);
  return store;
}

template <typename Call>
void measure(benchmark::State& state, const Call& call) {
  if (!opened()) {
    state.SkipWithError(opened().error().message.c_str());
    return;
  }
  const Views views(kql::store_runner(*opened()->client), {});
  const DeviceKey device{kBig, {kBig}};
  for (auto _ : state) {
    std::vector<double> took;
    for (int i = 0; i < kCalls; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const auto done = call(views, device);
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

void overview(benchmark::State& state) {
  measure(state, [](const Views& views, const DeviceKey& device) {
    return device_overview(views, device, nullptr);
  });
}
void logons(benchmark::State& state) {
  measure(state, [](const Views& views, const DeviceKey& device) {
    return device_logons(views, {.device = device});
  });
}
void coverage(benchmark::State& state) {
  measure(state, [](const Views& views, const DeviceKey& device) {
    return device_coverage(views, device, 30, {});
  });
}
void peers(benchmark::State& state) {
  measure(state, [](const Views& views, const DeviceKey& device) {
    return device_peers(views, device, kStart, kStart + 31 * kTicksPerDay, 5);
  });
}
void presence(benchmark::State& state) {
  measure(state, [](const Views& views, const DeviceKey& device) {
    return presence_by_day(views, std::span(&device, 1), start_of_day(kStart), 30);
  });
}
BENCHMARK(overview)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(logons)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(coverage)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(peers)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(presence)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace spoor::investigate
