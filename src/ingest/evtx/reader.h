#pragma once
// Reads Windows event logs (EVTX): every record that can be read, whatever state the file is in.
// Format: MS-EVEN6 2.2.12 and the libevtx project's documentation. Chunks are found by position,
// records by their own headers; what the headers of file and chunk say of counts is not trusted.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/record.h"

namespace spoor::evtx {

/// True where a file starts like an event log. Eight bytes are enough.
bool looks_like_evtx(std::string_view first_bytes);

/// Where the bytes come from. Chunks are copied out one at a time, so that a file that shrinks
/// meanwhile is an error and not a crash.
class Source {
 public:
  /// Fills `out` from `offset` on and says how many bytes there were.
  using ReadAt =
      std::function<Result<std::size_t>(std::uint64_t offset, char* out, std::size_t size)>;
  /// `name` is what records and errors call the file.
  Source(std::string name, std::uint64_t size, ReadAt read_at)
      : name_(std::move(name)), size_(size), read_at_(std::move(read_at)) {}
  /// Bytes in memory, which must outlive the source.
  static Source from_bytes(std::string name, std::string_view bytes);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Chunks by position; the last one may be cut short.
  [[nodiscard]] std::size_t chunk_count() const;
  /// Up to 64 KiB of a chunk into `buffer`; the view is of it.
  Result<std::string_view> read_chunk(std::size_t index, std::string& buffer) const;

 private:
  std::string name_;
  std::uint64_t size_;
  ReadAt read_at_;
};

/// Something that could not be read; reading went on behind it.
struct Problem {
  std::uint64_t offset = 0;  ///< bytes from the start of the file
  std::string reason;
};

struct ReadStats {
  std::uint64_t records = 0;  ///< live ones
  std::uint64_t carved = 0;   ///< recovered from slack, or of an earlier life of their chunk
  std::uint64_t chunks = 0;   ///< with a chunk's magic
  std::uint64_t problems = 0;
  ReadStats& operator+=(const ReadStats& other);
};

using OnRecord = std::function<void(const event::Record&)>;
using OnProblem = std::function<void(const Problem&)>;

/// Decodes chunks, one at a time; memory is kept between them. One thread; several decoders share
/// nothing.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  /// Records of one chunk in order, then those carved out of its slack.
  ReadStats decode_chunk(const Source& source, std::size_t index, const OnRecord& on_record,
                         const OnProblem& on_problem);
  /// Bytes held between chunks, whatever the last one was: never more than kMaxRetainedBytes.
  [[nodiscard]] std::size_t retained_bytes() const;
  static constexpr std::size_t kMaxRetainedBytes = 4 << 20;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All chunks in order. `read` never fails as a whole: what cannot be read is told to `on_problem`.
ReadStats read(const Source& source, const OnRecord& on_record, const OnProblem& on_problem);

}  // namespace spoor::evtx
