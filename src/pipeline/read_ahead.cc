#include "pipeline/read_ahead.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace spoor::pipeline {
namespace {

/// A block goes on once it holds so much.
constexpr std::size_t kBlockRecords = 2048;
constexpr std::size_t kBlockBytes = 4u << 20;
constexpr std::size_t kBlockNotes = 256;
/// One is being filled, one waits, one is being told.
constexpr std::size_t kBlocks = 3;

/// Memory for texts that stays where it is: handed out in pieces, taken back all at once.
class Texts {
 public:
  std::string_view keep(std::string_view text) {
    if (text.size() > left_) {
      grow(text.size());
    }
    text.copy(next_, text.size());
    const std::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    taken_ += text.size();
    return kept;
  }
  [[nodiscard]] std::size_t taken() const { return taken_; }
  void clear() {
    std::erase_if(pieces_, [](const Piece& piece) { return piece.size > kPiece; });
    used_ = left_ = taken_ = 0;
    next_ = nullptr;
  }

 private:
  static constexpr std::size_t kPiece = 1u << 20;
  struct Piece {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  void grow(std::size_t size) {
    while (used_ < pieces_.size() && pieces_[used_].size < size) {
      ++used_;
    }
    if (used_ == pieces_.size()) {
      const std::size_t room = std::max(size, kPiece);
      pieces_.push_back({std::make_unique_for_overwrite<char[]>(room), room});
    }
    next_ = pieces_[used_].bytes.get();
    left_ = pieces_[used_].size;
    ++used_;
  }
  std::vector<Piece> pieces_;
  std::size_t used_ = 0;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t taken_ = 0;
};

/// What a source handed over, in order.
class Block {
 public:
  void add(const event::Record& from) {
    Entry& entry = entries_.emplace_back();
    event::Record& record = entry.record = from;
    for (std::string_view* const text :
         {&record.source_kind, &record.channel, &record.provider, &record.computer,
          &record.user_sid, &record.activity_id, &record.file}) {
      *text = texts_.keep(*text);
    }
    entry.first_field = fields_.size();
    for (const event::Field& field : from.data) {
      event::Field& kept = fields_.emplace_back(field);
      kept.name = texts_.keep(field.name);
      kept.value.text = texts_.keep(field.value.text);
    }
    json_.clear();
    event::append_data_json(json_, from.data);
    entry.json = texts_.keep(json_);
  }
  /// Something that is told between two records.
  void add(std::function<void(const AheadSink&)> tell) {
    notes_.push_back({entries_.size(), std::move(tell)});
  }
  [[nodiscard]] bool is_full() const {
    return entries_.size() >= kBlockRecords || notes_.size() >= kBlockNotes ||
           texts_.taken() + fields_.size() * sizeof(event::Field) >= kBlockBytes;
  }
  [[nodiscard]] bool is_empty() const { return entries_.empty() && notes_.empty(); }

  void tell(const AheadSink& sink) {
    auto note = notes_.begin();
    for (std::size_t at = 0; at <= entries_.size(); ++at) {
      for (; note != notes_.end() && note->records_before == at; ++note) {
        note->tell(sink);
      }
      if (at < entries_.size()) {
        Entry& entry = entries_[at];
        entry.record.data = std::span(fields_).subspan(entry.first_field, entry.record.data.size());
        sink.on_record(entry.record, entry.json);
      }
    }
  }
  /// Keeps the memory.
  void clear() {
    entries_.clear();
    fields_.clear();
    notes_.clear();
    texts_.clear();
  }

 private:
  struct Entry {
    event::Record record;  // its data is set when it is told: fields_ grows until then
    std::size_t first_field = 0;
    std::string_view json;
  };
  struct Note {
    std::size_t records_before = 0;
    std::function<void(const AheadSink&)> tell;
  };
  Texts texts_;
  std::vector<event::Field> fields_;
  std::vector<Entry> entries_;
  std::vector<Note> notes_;
  std::string json_;
};

using BlockPtr = std::unique_ptr<Block>;

/// Blocks on their way between the two threads.
class Exchange {
 public:
  Exchange() {
    for (std::size_t at = 0; at < kBlocks; ++at) {
      empty_.push_back(std::make_unique<Block>());
    }
  }
  BlockPtr take_empty() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !empty_.empty(); });
    BlockPtr block = std::move(empty_.back());
    empty_.pop_back();
    return block;
  }
  void pass_on(BlockPtr block) {
    const std::scoped_lock lock(mutex_);
    full_.push_back(std::move(block));
    changed_.notify_all();
  }
  void end() {
    const std::scoped_lock lock(mutex_);
    is_ended_ = true;
    changed_.notify_all();
  }
  /// The next one in order, none at the end.
  BlockPtr take_full() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !full_.empty() || is_ended_; });
    if (full_.empty()) {
      return nullptr;
    }
    BlockPtr block = std::move(full_.front());
    full_.erase(full_.begin());
    return block;
  }
  void give_back(BlockPtr block) {
    const std::scoped_lock lock(mutex_);
    empty_.push_back(std::move(block));
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<BlockPtr> full_, empty_;
  bool is_ended_ = false;
};

/// Fills blocks; on the reader's thread.
class Filler {
 public:
  explicit Filler(Exchange& exchange) : exchange_(exchange), block_(exchange.take_empty()) {}

  RecordSink sink() {
    return {.on_record = [this](const event::Record& record) { add(record); },
            .on_problem =
                [this](const Error& error) {
                  note([error](const AheadSink& sink) { sink.on_problem(error); });
                },
            .on_unread =
                [this](std::string_view path) {
                  note([path = std::string(path)](const AheadSink& sink) { sink.on_unread(path); });
                },
            .on_file =
                [this](std::string_view path, std::uint64_t bytes) {
                  note([path = std::string(path), bytes](const AheadSink& sink) {
                    sink.on_file(path, bytes);
                  });
                },
            .on_progress =
                [this](std::uint64_t done, std::uint64_t total) {
                  note([done, total](const AheadSink& sink) { sink.on_progress(done, total); });
                }};
  }
  void finish() {
    if (!block_->is_empty()) {
      exchange_.pass_on(std::move(block_));
    }
  }

 private:
  void add(const event::Record& record) {
    block_->add(record);
    pass_on_where_full();
  }
  void note(std::function<void(const AheadSink&)> tell) {
    block_->add(std::move(tell));
    pass_on_where_full();
  }
  void pass_on_where_full() {
    if (block_->is_full()) {
      exchange_.pass_on(std::move(block_));
      block_ = exchange_.take_empty();
    }
  }

  Exchange& exchange_;
  BlockPtr block_;
};

}  // namespace

Result<void> read_ahead(const RecordSource& source, const AheadSink& sink,
                        const std::stop_token& stop) {
  Exchange exchange;
  Result<void> read;
  std::jthread reader([&] {
    Filler filler(exchange);
    read = source(filler.sink(), stop);
    filler.finish();
    exchange.end();
  });
  while (BlockPtr block = exchange.take_full()) {
    block->tell(sink);
    block->clear();
    exchange.give_back(std::move(block));
  }
  reader.join();
  return read;
}

}  // namespace spoor::pipeline
