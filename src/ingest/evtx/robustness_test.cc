// Damaged files: cut and flipped at random with fixed seeds. Nothing may crash, hang, hold on to
// memory or give text that is no UTF-8.

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <random>

#include "base/sanitized.h"
#include "base/text.h"
#include "ingest/evtx/collected_for_test.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/format.h"
#include "ingest/evtx/raw_chunk.h"
#include "ingest/evtx/shared_for_test.h"

namespace spoor::evtx {
namespace {

bool is_text(const event::Record& record) {
  for (const event::Field& field : record.data) {
    if (!is_valid_utf8(field.name) ||
        (field.value.kind != event::ValueKind::kBinary && !is_valid_utf8(field.value.text))) {
      return false;
    }
  }
  return is_valid_utf8(record.provider) && is_valid_utf8(record.channel) &&
         is_valid_utf8(record.computer);
}

/// One decoder for all that a test damages, so that whatever it holds on to adds up.
class Robustness : public testing::Test {
 protected:
  void read_all(std::string_view bytes) {
    bool all_text = true;
    ReadStats stats;
    const Source source = Source::from_bytes("damaged", bytes);
    for (std::size_t index = 0; index < source.chunk_count(); ++index) {
      stats += decoder_.decode_chunk(
          source, index,
          [&](const event::Record& record) { all_text = all_text && is_text(record); },
          [&](const Problem& problem) { EXPECT_LE(problem.offset, bytes.size()); });
      most_retained_ = std::max(most_retained_, decoder_.retained_bytes());
    }
    EXPECT_TRUE(all_text);
    // A record is at least its header and trailer.
    EXPECT_LE(stats.records + stats.carved, bytes.size() / (kRecordHeaderSize + 4) + 1);
    ++read_;
  }

  /// Truncations, then single flips, then bursts of flips, in the last `part` bytes.
  void damage(const std::string& bytes, std::size_t part, int rounds) {
    std::uniform_int_distribution<std::size_t> place(bytes.size() - part, bytes.size() - 1);
    for (int round = 0; round < rounds; ++round) {
      read_all(std::string_view(bytes).substr(0, place(random_)));
    }
    std::string copy = bytes;
    for (int round = 0; round < rounds; ++round) {
      std::vector<std::pair<std::size_t, char>> before;
      for (int flips = round % 2 == 0 ? 1 : 64; flips > 0; --flips) {
        const std::size_t at = place(random_);
        before.emplace_back(at, copy[at]);
        copy[at] ^= static_cast<char>(1u << (random_() & 7));
      }
      read_all(copy);
      for (auto flip = before.rbegin(); flip != before.rend(); ++flip) {
        copy[flip->first] = flip->second;
      }
    }
    EXPECT_EQ(copy, bytes);
  }

  void TearDown() override { EXPECT_LE(most_retained_, Decoder::kMaxRetainedBytes); }

  Decoder decoder_;
  std::mt19937 random_{1};
  std::size_t most_retained_ = 0;
  std::size_t read_ = 0;
};

TEST_F(Robustness, WrittenLogs) {
  const std::string little = written({fixtures::sysmon_process(1), fixtures::security_process(2)});
  // The record's part of the file is small: cut there, so that most damage meets something.
  damage(little.substr(0, kFileHeaderSize + 12'000), 12'000, 400);
  const std::string dense = fixtures::dense_log(150'000);
  damage(dense, dense.size(), 200);
}

/// Offsets and sizes are where small damage has large effects: every byte of the first record.
TEST_F(Robustness, EveryByteOfTheFirstRecord) {
  const std::string bytes = written({fixtures::sysmon_network(1), fixtures::sysmon_network(2)})
                                .substr(0, kFileHeaderSize + 8000);
  for (std::size_t at = kFileHeaderSize + kChunkHeaderSize; at < bytes.size(); ++at) {
    std::string copy = bytes;
    copy[at] = static_cast<char>(at % 3 == 0 ? 0xff : at % 3 == 1 ? 0x00 : copy[at] + 1);
    read_all(copy);
  }
}

/// One text of 7.5 MB, just below what a record may need: it is given back before the next chunk.
TEST_F(Robustness, TheMemoryOfAHugeTextIsGivenBack) {
  constexpr std::size_t kLetters = 15'000;
  constexpr std::size_t kTimes = 500;
  RawChunk chunk;
  chunk.record(1, [&](RawChunk& out) {
    out.instance(
        [&](RawChunk& definition) {
          definition.element("Event", [&](RawChunk& event) {
            event.element("EventData", [&](RawChunk& data) {
              data.element("Data", [&](RawChunk& at) {
                for (std::size_t index = 0; index < kTimes; ++index) {
                  at.value(0);
                }
              });
            });
          });
        },
        {WriteValue::text(std::string(kLetters, 'x'))});
  });
  const std::string bytes = chunk.finish();
  const Collected got = collect(bytes);
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_EQ(got.items[0].text("Data").size(), kLetters * kTimes);
  read_all(bytes);
  EXPECT_LT(decoder_.retained_bytes(), kLetters * kTimes / 2);
}

/// Every chunk of every shared log, as a log of its own: damage to a chunk reaches no other, and
/// the file's header is not read.
TEST_F(Robustness, SharedPack) {
  const auto logs = shared_logs();
  if (logs.empty()) {
    GTEST_SKIP() << "the shared event logs are not here";
  }
  constexpr int kRounds = 50;
  std::size_t chunks = 0;
  std::size_t warm = 0;
  for (const auto& path : logs) {
    const std::string bytes = slurp(path);
    for (std::size_t at = kFileHeaderSize; at < bytes.size(); at += kChunkSize) {
      std::string one = bytes.substr(0, kFileHeaderSize) + bytes.substr(at, kChunkSize);
      const std::size_t used = one.find_last_not_of('\0') + 1;
      if (used <= kFileHeaderSize) {
        continue;
      }
      // What is free is left out of the damage, not out of the log.
      damage(one.substr(0, used), used - kFileHeaderSize, kRounds);
      read_all(one);
      ++chunks;
    }
    // Blocks in use: those of the allocator's own caches and gaps are none.
    warm = warm == 0 ? mallinfo2().uordblks : warm;
  }
  const std::size_t after = mallinfo2().uordblks;
  EXPECT_EQ(read_, chunks * (2 * kRounds + 1));
  EXPECT_GE(chunks, logs.size());
  RecordProperty("chunks", static_cast<int>(chunks));
  RecordProperty("most_retained", static_cast<int>(most_retained_));
  std::cout << logs.size() << " logs, " << chunks << " chunks, " << read_
            << " readings; the decoder retained " << most_retained_ << " bytes at most, the heap "
            << "grew by " << static_cast<std::int64_t>(after) - static_cast<std::int64_t>(warm)
            << " bytes\n";
  if (kIsSanitized) {
    GTEST_SKIP() << "sanitizers bring an allocator of their own: the heap was not measured";
  }
  EXPECT_LE(after, warm + Decoder::kMaxRetainedBytes);
}

}  // namespace
}  // namespace spoor::evtx
