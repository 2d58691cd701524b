#include "store/appender.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>

#include "base/ticks.h"
#include "event/native_format.h"
#include "event/native_reader.h"
#include "schema/schema.h"
#include "store/side_by_side.h"

namespace spoor::store {
namespace {

/// Each partition becomes a part, whose files are brought to disk one after another: few an insert,
/// so that inserts wait side by side. (The engine refuses more than 100.)
constexpr std::size_t kPartitionsAnInsert = 8;
/// Inserts at a time. The engine gives up to 12 connections, and others read meanwhile.
constexpr std::size_t kInsertsAtATime = 6;
/// Inserts with more rows go one at a time: they keep the processors busy, and take memory.
constexpr std::size_t kManyRows = 10'000;
/// Parts with fewer rows than this are read faster than their skip indexes, which are most of their
/// files. A merge makes the indexes.
constexpr std::size_t kRowsWorthAnIndex = 1'000;
constexpr int kAttempts = 5;

/// Partition of a row: retention class and week. Snapshot tables have one.
class Partitions {
 public:
  explicit Partitions(const event::Batch& batch)
      : batch_(batch),
        time_(batch.table().find("Timestamp")),
        retention_(batch.table().find("RetentionClass")) {}

  [[nodiscard]] std::pair<std::int64_t, std::int64_t> of(std::size_t row) const {
    if (!retention_ || !time_) {
      return {0, 0};
    }
    const Ticks time = batch_.number_at(row, *time_) - kYearOne;
    return {batch_.number_at(row, *retention_), time / kTicksPerWeek};
  }

 private:
  const event::Batch& batch_;
  std::optional<std::uint16_t> time_, retention_;
};

Result<std::vector<std::int64_t>> read_ids(const Client& client, const Query& query) {
  std::vector<std::int64_t> ids;
  event::NativeReader reader([&ids](event::NativeBlock&& block) -> Result<void> {
    if (!block.columns.empty()) {
      ids.insert(ids.end(), block.columns[0].numbers.begin(), block.columns[0].numbers.end());
    }
    return {};
  });
  TRY(client.query(query, [&](std::string_view bytes) { return reader.feed(bytes); }));
  TRY_VOID(reader.finish());
  return ids;
}

Result<std::vector<std::int64_t>> unfinished_batches(const Client& client) {
  Query query;
  query.sql = "SELECT BatchId FROM spoor_batches GROUP BY BatchId HAVING max(Done) = 0";
  return read_ids(client, query);
}

Result<void> remove_batches(const Client& client, std::string_view table,
                            const std::vector<Parameter>& batches) {
  Query found;
  found.sql = fmt::format(
      "SELECT BatchId FROM `{}` WHERE BatchId IN {{batches:Array(Int64)}} LIMIT 1", table);
  found.parameters = batches;
  if (TRY(read_ids(client, found)).empty()) {
    return {};
  }
  Query remove;
  remove.sql =
      fmt::format("ALTER TABLE `{}` DELETE WHERE BatchId IN {{batches:Array(Int64)}}", table);
  remove.parameters = batches;
  remove.settings = {{"mutations_sync", "2"}};
  remove.max_seconds = 3600;
  return client.execute(remove);
}

}  // namespace

Appender::Appender(const Client& client, std::function<Result<void>()> wait_for_engine)
    : client_(client), wait_for_engine_(std::move(wait_for_engine)) {}

Result<void> Appender::append(std::vector<event::Batch>& batches, const IdSet* leave_out) {
  const std::scoped_lock lock(mutex_);
  TRY_VOID(recover());
  if (std::ranges::all_of(batches, [](const event::Batch& batch) { return batch.rows() == 0; })) {
    return {};
  }
  // Rising across restarts, without asking the store: the clock in 100 ns, and never the same
  // twice.
  last_batch_id_ = std::max(last_batch_id_ + 1, now_ticks());
  Result<void> stored = note_batch(last_batch_id_, false);
  if (stored) {
    stored = append_tables(batches, leave_out);
  }
  if (stored) {
    stored = note_batch(last_batch_id_, true);
  }
  if (!stored) {
    is_recovered_ = false;
    (void)recover();
  }
  return stored;
}

Result<void> Appender::recover() {
  const std::scoped_lock lock(mutex_);
  Result<void> recovered;
  for (int attempt = 0; !is_recovered_ && attempt < kAttempts; ++attempt) {
    recovered = remove_unfinished();
    is_recovered_ = recovered.has_value();
    if (!recovered && recovered.error().code != ErrorCode::kUnavailable) {
      break;
    }
    if (!recovered) {
      TRY_VOID(wait_for_engine_());
    }
  }
  return recovered;
}

Result<void> Appender::remove_unfinished() {
  const std::vector<std::int64_t> unfinished = TRY(unfinished_batches(client_));
  if (!unfinished.empty()) {
    const std::vector<Parameter> batches = {{"batches", array_value(unfinished)}};
    for (const schema::Table& table : schema::tables()) {
      TRY_VOID(remove_batches(client_, table.name, batches));
    }
  }
  Query forget;
  forget.sql = "TRUNCATE TABLE spoor_batches";
  return client_.execute(forget);
}

/// One row of the journal, which is what tells a whole batch from a part of one.
Result<void> Appender::note_batch(std::int64_t batch_id, bool is_done) {
  std::string row;
  event::native::append_varint(row, 2);
  event::native::append_varint(row, 1);
  event::native::append_text(row, "BatchId");
  event::native::append_text(row, "Int64");
  event::native::append_little(row, static_cast<std::uint64_t>(batch_id), 8);
  event::native::append_text(row, "Done");
  event::native::append_text(row, "Int64");
  event::native::append_little(row, is_done ? 1 : 0, 8);
  Result<void> sent;
  // A fresh token each time, for twice the same row says nothing else than once.
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    sent =
        client_.insert("spoor_batches", row, fmt::format("{}-{}-{}", batch_id, is_done, attempt));
    if (sent || sent.error().code != ErrorCode::kUnavailable) {
      return sent;
    }
    TRY_VOID(wait_for_engine_());
  }
  return sent;
}

Result<void> Appender::append_tables(std::vector<event::Batch>& batches, const IdSet* leave_out) {
  // DeviceSourceRecords goes last: a record that is there has all of its rows.
  std::vector<Insert> inserts;
  std::vector<Insert> source_records;
  for (event::Batch& batch : batches) {
    if (batch.rows() != 0) {
      add_inserts(batch, leave_out,
                  batch.table().name == "DeviceSourceRecords" ? source_records : inserts);
    }
  }
  TRY_VOID(insert_all(inserts));
  return insert_all(source_records);
}

void Appender::add_inserts(event::Batch& batch, const IdSet* leave_out,
                           std::vector<Insert>& inserts) const {
  const auto event_id = batch.table().find("EventId");
  batch.fill(*batch.table().find("BatchId"), last_batch_id_);
  batch.fill(*batch.table().find("IngestTime"), now_ticks());
  const Partitions partitions(batch);
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::uint32_t>> by_partition;
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    if (leave_out == nullptr || !event_id ||
        !leave_out->contains(batch.number_at(row, *event_id))) {
      by_partition[partitions.of(row)].push_back(row);
    }
  }
  std::size_t part = 0;
  std::size_t taken = kPartitionsAnInsert;
  for (auto& [partition, of_partition] : by_partition) {
    if (taken == kPartitionsAnInsert) {
      inserts.push_back({.batch = &batch, .part = part++});
      taken = 0;
    }
    Insert& insert = inserts.back();
    ++taken;
    insert.has_indexes = insert.has_indexes || of_partition.size() >= kRowsWorthAnIndex;
    if (insert.rows.empty()) {
      insert.rows = std::move(of_partition);
    } else {
      insert.rows.insert(insert.rows.end(), of_partition.begin(), of_partition.end());
    }
  }
}

Result<void> Appender::insert_all(const std::vector<Insert>& inserts) {
  std::mutex many_rows;
  std::mutex columns;
  return run_side_by_side(inserts.size(), kInsertsAtATime, [&](std::size_t at) -> Result<void> {
    const Insert& insert = inserts[at];
    const bool is_large = insert.rows.size() > kManyRows;
    std::unique_lock alone(many_rows, std::defer_lock);
    if (is_large) {
      alone.lock();
    }
    std::string small;
    std::string& native = is_large ? native_ : small;
    native.clear();
    {
      // A batch pads its columns while it is written.
      const std::scoped_lock lock(columns);
      insert.batch->append_native(native, insert.selected());
    }
    return insert_verified(insert, native);
  });
}

Result<void> Appender::insert_verified(const Insert& insert, std::string& native) {
  const event::Batch& batch = *insert.batch;
  const std::vector<std::uint32_t>& rows = insert.rows;
  const std::int64_t batch_id = last_batch_id_;
  const std::string_view table = batch.table().name;
  const auto send = [&](const std::string& token) {
    return client_.insert(table, native, token, insert.has_indexes);
  };
  const std::string token = fmt::format("{}-{}-{}", batch_id, table, insert.part);
  auto sent = send(token);
  if (sent || sent.error().code != ErrorCode::kUnavailable) {
    return sent;
  }
  // The engine was lost. What it took is not known, and its token alone can swallow a retry: send,
  // then count.
  const auto event_id = batch.table().find("EventId");
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    TRY_VOID(wait_for_engine_());
    sent = send(attempt == 0 ? token : fmt::format("{}-{}", token, attempt));
    if (!sent && sent.error().code != ErrorCode::kUnavailable) {
      return sent;
    }
    if (!sent || !event_id) {
      continue;
    }
    std::unordered_map<std::int64_t, std::int64_t> missing;
    for (const std::uint32_t row : rows) {
      ++missing[batch.number_at(row, *event_id)];
    }
    Query query;
    query.sql = fmt::format("SELECT EventId FROM `{}` WHERE BatchId = {{batch:Int64}}", table);
    query.parameters = {{"batch", fmt::format("{}", batch_id)}};
    event::NativeReader reader([&](event::NativeBlock&& block) -> Result<void> {
      for (const std::int64_t id : block.columns.at(0).numbers) {
        --missing[id];
      }
      return {};
    });
    const auto counted =
        client_.query(query, [&](std::string_view bytes) { return reader.feed(bytes); });
    if (!counted) {
      continue;
    }
    std::vector<std::uint32_t> lacking;
    for (const std::uint32_t row : rows) {
      auto& count = missing[batch.number_at(row, *event_id)];
      if (count > 0) {
        --count;
        lacking.push_back(row);
      }
    }
    if (lacking.empty()) {
      return {};
    }
    native.clear();
    batch.append_native(native, lacking);
  }
  return sent ? fail(ErrorCode::kEngine,
                     fmt::format("rows of {} are missing after {} attempts to store them", table,
                                 kAttempts))
              : sent;
}

}  // namespace spoor::store
