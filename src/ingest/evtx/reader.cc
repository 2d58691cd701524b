#include "ingest/evtx/reader.h"

#include <algorithm>
#include <utility>

#include "ingest/evtx/format.h"
#include "ingest/evtx/record_decoder.h"

namespace spoor::evtx {

using event::Record;

namespace {

/// Records that a chunk has room for.
constexpr std::size_t kMaxRecords = (kChunkSize - kChunkHeaderSize) / (kRecordHeaderSize + 4);

/// Tells records of the chunk's present life from those that an earlier one left, by the numbers in
/// their headers. Asked only where the records no longer follow each other without a gap.
class Life {
 public:
  explicit Life(std::string_view chunk)
      : first_(load<std::uint64_t>(chunk, 24)), last_(load<std::uint64_t>(chunk, 32)) {
    // A chunk that is in use may have been written without its header: 0, or all ones.
    known_ = first_ != 0 && first_ <= last_ && last_ != ~std::uint64_t{0};
  }
  void add(std::uint64_t number) { newest_ = number; }
  [[nodiscard]] bool has(std::uint64_t number) const {
    if (number <= newest_) {
      return false;  // numbers rise through a chunk
    }
    return known_ ? first_ <= number && number <= last_
                  : newest_ != 0 && number - newest_ <= kMaxRecords;
  }

 private:
  std::uint64_t first_, last_;
  bool known_ = false;
  std::uint64_t newest_ = 0;
};

}  // namespace

bool looks_like_evtx(std::string_view first_bytes) { return first_bytes.starts_with(kFileMagic); }

Source Source::from_bytes(std::string name, std::string_view bytes) {
  return {std::move(name), bytes.size(),
          [bytes](std::uint64_t offset, char* out, std::size_t size) -> Result<std::size_t> {
            return offset >= bytes.size() ? 0 : bytes.copy(out, size, offset);
          }};
}

std::size_t Source::chunk_count() const {
  return size_ <= kFileHeaderSize ? 0 : (size_ - kFileHeaderSize + kChunkSize - 1) / kChunkSize;
}

Result<std::string_view> Source::read_chunk(std::size_t index, std::string& buffer) const {
  buffer.resize(kChunkSize);
  const std::uint64_t offset = kFileHeaderSize + static_cast<std::uint64_t>(index) * kChunkSize;
  const std::size_t got = TRY(read_at_(offset, buffer.data(), kChunkSize));
  if (got < std::min<std::uint64_t>(kChunkSize, size_ - offset)) {
    return fail(Error::make(ErrorCode::kTruncated, "the file became shorter while it was read")
                    .at(name_, static_cast<std::int64_t>(offset)));
  }
  return std::string_view(buffer).substr(0, got);
}

ReadStats& ReadStats::operator+=(const ReadStats& other) {
  records += other.records;
  carved += other.carved;
  chunks += other.chunks;
  problems += other.problems;
  return *this;
}

struct Decoder::Impl {
  std::string buffer;
  std::string_view chunk;
  RecordDecoder records;
  std::vector<std::pair<std::uint64_t, Ticks>> live;  // before slack: ids and times

  /// Decodes the record at `offset` of the chunk, whose header was checked.
  Result<void> decode_record(const Source& source, std::size_t offset, std::uint32_t size,
                             std::uint64_t chunk_start, Record& record) {
    TRY_VOID(records.decode(offset, size, record));
    record.source_kind = "evtx";
    record.file = source.name();
    record.offset = chunk_start + offset;
    return {};
  }

  /// Size of the record whose header stands at `offset`, 0 where there is none that can be right.
  [[nodiscard]] std::uint32_t record_size_at(std::size_t offset, std::size_t end) const {
    if (offset + kRecordHeaderSize + 4 > end ||
        load<std::uint32_t>(chunk, offset) != kRecordMagic) {
      return 0;
    }
    const auto size = load<std::uint32_t>(chunk, offset + 4);
    if (size < kRecordHeaderSize + 4 || size > end - offset ||
        load<std::uint32_t>(chunk, offset + size - 4) != size) {
      return 0;
    }
    return size;
  }

  [[nodiscard]] std::size_t find_magic(std::size_t from, std::size_t end) const {
    const std::size_t found = chunk.substr(0, end).find(std::string_view("**\0\0", 4), from);
    return found == std::string_view::npos ? end : found;
  }

  /// Records up to the free space offset, which parts live ones from slack; where that offset
  /// cannot be right, up to the end. Says where slack begins.
  template <class OnBad>
  std::size_t read_live(const Source& source, std::uint64_t start, ReadStats& stats,
                        const OnRecord& on_record, const OnBad& problem) {
    live.clear();
    const auto free_space = load<std::uint32_t>(chunk, 48);
    const bool end_known = free_space >= kChunkHeaderSize && free_space <= kChunkSize;
    std::size_t end = end_known ? free_space : kChunkSize;
    if (chunk.size() < end) {
      problem(chunk.size(), "the file ends inside a chunk");
      end = chunk.size();
    }
    Life life(chunk);
    // Records that follow each other from the chunk's start are of its present life. Behind a gap
    // or an unknown end there may be others.
    bool in_row = true;
    Record record;
    for (std::size_t at = kChunkHeaderSize; at < end;) {
      const std::uint32_t size = record_size_at(at, end);
      if (size == 0) {
        if (chunk.substr(at, end - at).find_first_not_of('\0') == std::string_view::npos) {
          return end;
        }
        if (record_size_at(at, chunk.size()) != 0) {
          problem(at, "the free space begins inside this record, which is carved");
          return at;
        }
        problem(at, "no record starts here; the next one is searched for");
        in_row = false;
        at = find_magic(at + 1, end);
        continue;
      }
      const auto number = load<std::uint64_t>(chunk, at + 8);
      if (const auto decoded = decode_record(source, at, size, start, record)) {
        record.carved = !in_row && !life.has(number);
        ++(record.carved ? stats.carved : stats.records);
        live.emplace_back(record.record_id, record.time);
        if (!record.carved) {
          life.add(number);
        }
        on_record(record);
      } else {
        problem(at, "record: " + decoded.error().message);
      }
      in_row = in_row && end_known;
      at += size;
    }
    return end;
  }

  /// Records from `slack` on that are none of the live ones.
  void carve(const Source& source, std::uint64_t start, std::size_t slack, ReadStats& stats,
             const OnRecord& on_record) {
    std::ranges::sort(live);
    Record record;
    for (std::size_t at = find_magic(slack, chunk.size()); at < chunk.size();) {
      const std::uint32_t size = record_size_at(at, chunk.size());
      // What is broken in slack was overwritten: that is how it should be, and no problem of the
      // file.
      if (size != 0 && decode_record(source, at, size, start, record) &&
          !std::ranges::binary_search(live, std::pair(record.record_id, record.time))) {
        record.carved = true;
        ++stats.carved;
        on_record(record);
      }
      at = find_magic(at + (size != 0 ? size : 1), chunk.size());
    }
  }

  ReadStats decode_chunk(const Source& source, std::size_t index, const OnRecord& on_record,
                         const OnProblem& on_problem) {
    ReadStats stats;
    const std::uint64_t start = kFileHeaderSize + static_cast<std::uint64_t>(index) * kChunkSize;
    const auto problem = [&](std::uint64_t offset, std::string reason) {
      ++stats.problems;
      on_problem({start + offset, std::move(reason)});
    };
    auto read = source.read_chunk(index, buffer);
    if (!read) {
      problem(0, read.error().message);
      return stats;
    }
    chunk = *read;
    records.start_chunk(chunk);
    if (chunk.size() < kChunkHeaderSize || !chunk.starts_with(kChunkMagic)) {
      if (chunk.find_first_not_of('\0') == std::string_view::npos) {
        return stats;  // Logs are grown by chunks that hold nothing yet.
      }
      problem(0, chunk.size() < kChunkHeaderSize
                     ? "the file ends inside a chunk's header"
                     : "a chunk does not start with its magic; its records are carved");
      live.clear();
      carve(source, start, kChunkHeaderSize, stats, on_record);
      return stats;
    }
    ++stats.chunks;
    const std::size_t slack = read_live(source, start, stats, on_record, problem);
    carve(source, start, slack, stats, on_record);
    return stats;
  }
};

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

std::size_t Decoder::retained_bytes() const {
  return sizeof *impl_ + impl_->buffer.capacity() + impl_->live.capacity() * sizeof impl_->live[0] +
         impl_->records.retained();
}

ReadStats Decoder::decode_chunk(const Source& source, std::size_t index, const OnRecord& on_record,
                                const OnProblem& on_problem) {
  const ReadStats stats = impl_->decode_chunk(source, index, on_record, on_problem);
  impl_->records.end_chunk();
  return stats;
}
ReadStats read(const Source& source, const OnRecord& on_record, const OnProblem& on_problem) {
  ReadStats stats;
  Decoder decoder;
  for (std::size_t index = 0; index < source.chunk_count(); ++index) {
    stats += decoder.decode_chunk(source, index, on_record, on_problem);
  }
  return stats;
}

}  // namespace spoor::evtx
