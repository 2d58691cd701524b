#pragma once
// A big store for the benchmarks: ROWS rows of DeviceTimeline over thirty days and 950 devices; 40
// % of them are process starts too, a twentieth are of device 0.

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/result.h"
#include "base/ticks.h"
#include "event/rows.h"
#include "store/appender.h"

namespace spoor::investigate::big_store {

namespace tl = schema::device_timeline;
namespace pe = schema::device_process_events;

inline constexpr std::int64_t kDevices = 950;
inline constexpr std::int64_t kBigDeviceEvery = 20;  // one row in so many is of device 0
inline constexpr Ticks kStart = 1'790'000'000 * kTicksPerSecond;
inline constexpr Ticks kSpan = 30LL * 24 * 3600 * kTicksPerSecond;

inline std::int64_t row_count() {
  const char* given = std::getenv("ROWS");
  return given != nullptr ? std::strtoll(given, nullptr, 10) : 20'000'000;
}

inline std::string device_id(std::int64_t device) { return fmt::format("{:040x}", device + 1); }
inline std::int64_t device_of(std::int64_t row) {
  return row % kBigDeviceEvery == 0 ? 0 : 1 + row * 7919 % (kDevices - 1);
}
inline std::int64_t process_key(std::int64_t row) { return row + 1; }
/// Process starts: 40 % of each device's rows.
inline bool is_process(std::int64_t row) { return row / kBigDeviceEvery % 5 < 2; }
/// A start's parent is an earlier one of the same device, so that trees have several generations; 0
/// at the top.
inline std::int64_t parent_key(std::int64_t row) {
  const std::int64_t parent = row / kBigDeviceEvery / 40 * 5 * kBigDeviceEvery;
  return row % kBigDeviceEvery == 0 && parent < row ? process_key(parent) : 0;
}

inline void add_row(event::Rows& rows, std::int64_t row, std::int64_t total) {
  const std::string device = device_id(device_of(row));
  const Ticks time = kStart + kSpan / total * row;
  const std::string file = fmt::format("tool{}.exe", row % 300);
  const std::string command = fmt::format("C:\\Tools\\{} --job {} --verbose", file, row);
  event::Batch& timeline = rows[schema::TableId::kDeviceTimeline];
  timeline.begin_row();
  timeline.set_number(tl::kTimestamp, time);
  timeline.set_text(tl::kDeviceId, device);
  timeline.set_text(tl::kActionType, is_process(row) ? "ProcessCreated" : "ConnectionSuccess");
  timeline.set_text(tl::kTable, is_process(row) ? "DeviceProcessEvents" : "DeviceNetworkEvents");
  timeline.set_text(tl::kGroup, is_process(row) ? "process" : "network");
  timeline.set_text(tl::kActor, "services.exe");
  timeline.set_text(tl::kAccount, "CORP\\mira.oduya");
  timeline.set_text(tl::kTitle, file);
  timeline.set_text(tl::kDetail, command);
  timeline.set_number(tl::kEventId, row + 1);
  if (!is_process(row)) {
    return;
  }
  event::Batch& processes = rows[schema::TableId::kDeviceProcessEvents];
  processes.begin_row();
  processes.set_number(pe::kTimestamp, time);
  processes.set_text(pe::kDeviceId, device);
  processes.set_text(pe::kActionType, "ProcessCreated");
  processes.set_text(pe::kFileName, file);
  processes.set_number(pe::kProcessId, 4 + row % 30'000 * 4);
  processes.set_text(pe::kProcessCommandLine, command);
  processes.set_number(pe::kProcessCreationTime, time);
  processes.set_number(pe::kEventId, row + 1);
  processes.set_number(pe::kProcessKey, process_key(row));
  processes.set_number(pe::kInitiatingProcessKey, parent_key(row));
}

inline void add_devices(event::Rows& rows) {
  namespace info = schema::device_info;
  event::Batch& devices = rows[schema::TableId::kDeviceInfo];
  for (std::int64_t device = 0; device < kDevices; ++device) {
    devices.begin_row();
    devices.set_number(info::kTimestamp, kStart + device * kTicksPerSecond);
    devices.set_text(info::kDeviceId, device_id(device));
    devices.set_text(info::kDeviceName, fmt::format("ws{:04}.corp.example", device));
    devices.set_text(info::kOSPlatform, device % 3 == 0 ? "WindowsServer2022" : "Windows11");
    devices.set_number(info::kEventId, device + 1);
  }
}

/// A hundred thousand rows a batch.
inline Result<void> fill(store::Appender& appender, std::int64_t total) {
  constexpr std::int64_t kRowsABatch = 100'000;
  event::Rows rows;
  add_devices(rows);
  for (std::int64_t row = 0; row < total; ++row) {
    add_row(rows, row, total);
    if ((row + 1) % kRowsABatch == 0 || row + 1 == total) {
      TRY_VOID(appender.append(rows.batches()));
      rows.clear();
    }
  }
  return {};
}

}  // namespace spoor::investigate::big_store
