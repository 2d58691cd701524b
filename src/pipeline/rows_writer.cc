#include "pipeline/rows_writer.h"

#include <algorithm>

#include "store/appender.h"
#include "store/client.h"
#include "store/existing.h"

namespace spoor::pipeline {
namespace {

using schema::TableId;

/// Tables of our own beside the hunting schema; their rows are not counted as rows.
bool is_own_table(std::string_view name) {
  return name == "DeviceTimeline" || name == "DeviceTechniqueEvents" ||
         name == "DeviceSourceRecords" || name == "DeviceCoverage" || name == "DeviceMarks";
}

}  // namespace

void RowsBatch::note(std::string_view device_id, Ticks time, std::int64_t event_id,
                     bool is_mapped) {
  auto found = devices.find(device_id);
  if (found == devices.end()) {
    found = devices.emplace(std::string(device_id), DeviceSpan{}).first;
  }
  DeviceSpan& span = found->second;
  span.first = std::min(span.first, time);
  span.last = std::max(span.last, time);
  span.event_ids.push_back(event_id);
  items.push_back({event_id, is_mapped});
}

void RowsBatch::clear() {
  rows.clear();
  event_ids.clear();
  items.clear();
  devices.clear();
}

RowsWriter::RowsWriter(const store::Client& client, store::Appender& appender)
    : client_(client),
      appender_(appender),
      spare_(std::make_unique<RowsBatch>()),
      thread_([this] { work(); }) {}

RowsWriter::~RowsWriter() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
  }
  changed_state_.notify_all();
  thread_.join();
}

Result<std::unique_ptr<RowsBatch>> RowsWriter::hand_over(std::unique_ptr<RowsBatch> batch) {
  std::unique_lock lock(mutex_);
  changed_state_.wait(lock, [&] { return failure_ || (!waiting_ && spare_); });
  if (failure_) {
    return fail(*failure_);
  }
  waiting_ = std::move(batch);
  auto empty = std::move(spare_);
  changed_state_.notify_all();
  return empty;
}

Result<WriteTotals> RowsWriter::finish() {
  std::unique_lock lock(mutex_);
  changed_state_.wait(lock, [&] { return failure_ || (!waiting_ && !is_storing_); });
  if (failure_) {
    return fail(*failure_);
  }
  return totals_;
}

void RowsWriter::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_state_.wait(lock, [&] { return is_ending_ || (waiting_ && !failure_); });
    if (is_ending_) {
      return;
    }
    auto batch = std::move(waiting_);
    is_storing_ = true;
    lock.unlock();
    auto stored = store(*batch);
    batch->clear();
    lock.lock();
    is_storing_ = false;
    spare_ = std::move(batch);
    if (!stored) {
      failure_ = stored.error();
    }
    changed_state_.notify_all();
  }
}

Result<void> RowsWriter::store(RowsBatch& batch) {
  // A record that arrives twice at the same moment, here and by the live intake, is stored once.
  const auto writing = appender_.exclusive();
  std::vector<store::WantedRecords> wanted;
  wanted.reserve(batch.devices.size());
  for (const auto& [device_id, span] : batch.devices) {
    wanted.push_back({device_id, span.first, span.last, &span.event_ids});
  }
  const IdSet existing(TRY(store::existing_event_ids(client_, wanted)));
  for (const auto& [device_id, span] : batch.devices) {
    if (!std::ranges::all_of(span.event_ids,
                             [&](std::int64_t id) { return existing.contains(id); })) {
      changed_.insert(device_id);
    }
  }
  TRY_VOID(appender_.append(batch.rows.batches(), existing.empty() ? nullptr : &existing));

  for (const RowsBatch::Item& item : batch.items) {
    if (existing.contains(item.event_id)) {
      ++totals_.duplicates;
    } else if (!item.is_mapped) {
      ++totals_.source_only;
    }
  }
  for (const event::Batch& rows : batch.rows.batches()) {
    if (rows.rows() == 0 || is_own_table(rows.table().name)) {
      continue;
    }
    if (existing.empty()) {
      totals_.rows += rows.rows();
      continue;
    }
    const auto event_id = rows.table().find("EventId");
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      totals_.rows += existing.contains(rows.number_at(row, *event_id)) ? 0 : 1;
    }
  }
  return {};
}

}  // namespace spoor::pipeline
