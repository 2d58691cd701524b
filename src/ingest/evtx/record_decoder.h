#pragma once
// Decodes single records of a chunk: binary XML, through compiled templates, to event::Record.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "event/record.h"
#include "ingest/evtx/arena.h"
#include "ingest/evtx/format.h"
#include "ingest/evtx/template.h"

namespace spoor::evtx {

/// Keeps the templates of one chunk, and memory from one chunk to the next. One thread.
class RecordDecoder {
 public:
  /// The chunk that records are decoded from; it must stay until end_chunk().
  void start_chunk(std::string_view chunk) { chunk_ = chunk; }
  /// Decodes the record of `size` bytes whose header, which was checked, stands at `offset`. Its
  /// views hold until the next call. Fails with kInvalidInput on what is no event, with kLimit on
  /// one that needs too many steps, fields or bytes.
  Result<void> decode(std::size_t offset, std::uint32_t size, event::Record& record);
  /// Gives back what the chunk needed and the next one may not; what most chunks need is kept.
  void end_chunk();
  /// Bytes held.
  [[nodiscard]] std::size_t retained() const;

 private:
  /// One value of a template instance.
  struct RawValue {
    std::uint8_t type = kNullType;
    std::string_view bytes;
  };

  Result<const Plan*> plan_at(std::size_t offset, Role role, std::string_view prefix);
  Result<void> fragment(Cursor& cursor, Role role, std::string_view prefix, event::Record& record,
                        int nesting);
  Result<void> instance(Cursor& cursor, Role role, std::string_view prefix, event::Record& record,
                        int nesting);
  Result<void> spend(std::size_t steps);
  Result<void> run(const Plan& plan, std::optional<int> level, event::Record& record, int nesting);
  [[nodiscard]] RawValue raw(const Piece& piece, std::optional<int> level) const;
  event::Value text_of(const Plan& plan, PieceRange range, std::optional<int> level);
  Result<void> nested(std::string_view bytes, const Op& op, event::Record& record, int nesting);
  Result<void> apply(const Plan& plan, const Op& op, std::optional<int> level,
                     event::Record& record, int nesting);

  std::string_view chunk_;
  Arena names_;   // of the chunk: names and fixed texts of its templates
  Arena values_;  // of the record
  std::unordered_map<std::uint64_t, Plan> plans_;
  std::vector<event::Field> fields_;
  std::vector<std::vector<RawValue>> value_stack_;  // by nesting, reused
  std::size_t steps_left_ = 0;
  std::size_t plan_bytes_ = 0;
  std::uint64_t shape_ = 0;
  bool shape_known_ = true;
};

}  // namespace spoor::evtx
