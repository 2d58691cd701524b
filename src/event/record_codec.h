#pragma once
// Blocks of records as bytes: between a parsing child and its parent, and in the journal of live
// intake. Compact, versioned, and bounded: the reader takes the bytes for hostile.
//
// Layout: "SPRB", version (u8); then varints: texts, records; then the texts
// (length, bytes), each of which appears once; then the records, whose header texts and field names
// are numbers of texts and whose values stand inline.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/record.h"

namespace spoor::event {

/// What one block may hold.
struct RecordBlockLimits {
  std::size_t bytes = 64u << 20;
  std::size_t records = 100'000;
  std::size_t fields = 20'000;  ///< of one record
};

/// Collects records. One thread; reused, it keeps its memory.
class RecordBlockWriter {
 public:
  RecordBlockWriter();
  ~RecordBlockWriter();
  RecordBlockWriter(RecordBlockWriter&&) noexcept;
  RecordBlockWriter& operator=(RecordBlockWriter&&) noexcept;

  void add(const Record& record);
  [[nodiscard]] std::size_t records() const;
  /// Bytes that the block would have now, about.
  [[nodiscard]] std::size_t bytes() const;
  /// Appends the block to `out` and starts a new one.
  void finish(std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads blocks. One thread; reused, it keeps its memory, and allocates nothing for a record.
class RecordBlockReader {
 public:
  explicit RecordBlockReader(RecordBlockLimits limits = {}) : limits_(limits) {}

  /// Calls `on_record` for each record of the block; its views point into `block`. Texts are
  /// checked to be UTF-8, JSON values to be JSON, times to be storable; `shape` is made here.
  /// kInvalidInput or kTruncated with the offset where the block is bad (records before it have
  /// been handed out), kLimit past the limits.
  Result<void> read(std::string_view block, const std::function<void(const Record&)>& on_record);

 private:
  struct Cursor;
  Result<void> read_texts(Cursor& cursor, std::uint64_t count);
  Result<void> read_record(Cursor& cursor, Record& record);

  RecordBlockLimits limits_;
  std::vector<std::string_view> texts_;
  std::vector<std::uint64_t> text_hashes_;
  std::vector<Field> fields_;
};

}  // namespace spoor::event
