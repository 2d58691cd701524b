// Files in every state: whole, dirty, cut, overwritten, with slack.

#include "ingest/evtx/reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <thread>

#include "ingest/evtx/collected_for_test.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/format.h"
#include "ingest/evtx/shared_for_test.h"
#include "ingest/evtx/writer.h"

namespace spoor::evtx {
namespace {

std::string log_of(int events) {
  std::vector<WriteEvent> all;
  for (int seed = 0; seed < events; ++seed) {
    all.push_back(fixtures::sysmon_process(seed));
  }
  return written(all);
}

template <class T>
void overwrite(std::string& bytes, std::size_t at, T value) {
  bytes.replace(at, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
}

void expect_ids(const Collected& got, std::uint64_t first, std::size_t count) {
  ASSERT_EQ(got.items.size(), count);
  for (std::size_t index = 0; index < count; ++index) {
    EXPECT_EQ(got.items[index].record.record_id, first + index);
  }
}

TEST(Reader, SniffsTheMagic) {
  EXPECT_TRUE(looks_like_evtx(log_of(1)));
  EXPECT_FALSE(looks_like_evtx("ElfFile"));
  EXPECT_FALSE(looks_like_evtx("ElfChnk\0"));
}

TEST(Reader, FillsTheWholeHeader) {
  WriteEvent event = fixtures::security_process(3);
  event.record_id = 99;
  event.opcode = 2;
  event.user_sid = "S-1-5-21-7";
  const Collected got = collect(written({event}));
  ASSERT_EQ(got.items.size(), 1u);
  const auto& item = got.items[0];
  EXPECT_EQ(item.provider, "Microsoft-Windows-Security-Auditing");
  EXPECT_EQ(item.channel, "Security");
  EXPECT_EQ(item.computer, "WS01.corp.example");
  EXPECT_EQ(item.user_sid, "S-1-5-21-7");
  EXPECT_EQ(item.record.event_id, 4688u);
  EXPECT_EQ(item.record.version, 2);
  EXPECT_EQ(item.record.level, 0);
  EXPECT_EQ(item.record.task, 13312);
  EXPECT_EQ(item.record.opcode, 2);
  EXPECT_EQ(item.record.keywords, 0x8020000000000000ULL);
  EXPECT_EQ(item.record.record_id, 99u);
  EXPECT_EQ(item.record.time, event.time);
  EXPECT_EQ(item.record.process_id, 4u);
  EXPECT_EQ(item.record.thread_id, 212u);
  EXPECT_EQ(item.text("NewProcessId"), "0x40c");
  EXPECT_EQ(item.text("MandatoryLabel"), "S-1-16-8192");
}

TEST(Reader, ShapesAreEqualForEqualNamesAlone) {
  const Collected got = collect(written(
      {fixtures::sysmon_process(1), fixtures::sysmon_process(2), fixtures::sysmon_network(3)}));
  ASSERT_EQ(got.items.size(), 3u);
  EXPECT_NE(got.items[0].record.shape, 0u);
  EXPECT_EQ(got.items[0].record.shape, got.items[1].record.shape);
  EXPECT_NE(got.items[0].record.shape, got.items[2].record.shape);
}

TEST(Reader, AnEmptyFileHasNothing) {
  EXPECT_EQ(collect("").stats.records, 0u);
  EXPECT_EQ(collect(Writer{}.finish()).stats.records, 0u);
}

TEST(Reader, DirtyFlagAndCountsOfTheHeaderChangeNothing) {
  std::string bytes = log_of(200);
  overwrite<std::uint32_t>(bytes, 120, 1);                    // dirty
  overwrite<std::uint16_t>(bytes, 42, 0);                     // chunks
  overwrite<std::uint64_t>(bytes, 16, 1'000'000);             // last chunk
  overwrite<std::uint64_t>(bytes, 24, 0);                     // next record
  overwrite<std::uint64_t>(bytes, kFileHeaderSize + 16, 3);   // last record number of the chunk
  overwrite<std::uint32_t>(bytes, kFileHeaderSize + 52, 17);  // checksum
  const Collected got = collect(bytes);
  expect_ids(got, 1, 200);
  EXPECT_GT(got.stats.chunks, 2u);
  EXPECT_TRUE(got.problems.empty());
}

TEST(Reader, ATruncatedFileGivesWhatIsThere) {
  const std::string bytes = log_of(40);
  const Collected whole = collect(bytes);
  const std::size_t cut = whole.items[10].record.offset + 50;
  const Collected got = collect(std::string_view(bytes).substr(0, cut));
  expect_ids(got, 1, 10);
  ASSERT_FALSE(got.problems.empty());
  EXPECT_EQ(got.problems[0].offset, cut);
}

TEST(Reader, AChunkWithoutItsMagicIsCarvedAndTheOthersAreRead) {
  std::string bytes = log_of(200);
  const Collected whole = collect(bytes);
  std::size_t expected = 0;
  for (const auto& item : whole.items) {
    const std::size_t chunk = (item.record.offset - kFileHeaderSize) / kChunkSize;
    expected += chunk == 1 ? 1 : 0;
  }
  ASSERT_GT(expected, 0u);
  bytes[kFileHeaderSize + kChunkSize] = 'X';
  const Collected got = collect(bytes);
  EXPECT_EQ(got.stats.records, 200 - expected);
  EXPECT_EQ(got.stats.carved, expected);
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_EQ(got.problems[0].offset, kFileHeaderSize + kChunkSize);
}

TEST(Reader, AnOverwrittenChunkIsAProblemAndTheOthersAreRead) {
  std::string bytes = log_of(200);
  const std::uint64_t chunks = collect(bytes).stats.chunks;
  bytes.replace(kFileHeaderSize, kChunkSize, std::string(kChunkSize, '\x5a'));
  const Collected got = collect(bytes);
  EXPECT_EQ(got.stats.chunks, chunks - 1);
  EXPECT_FALSE(got.items.empty());
  EXPECT_EQ(got.problems.size(), 1u);
}

TEST(Reader, ABrokenRecordIsToldByItsOffsetAndSkipped) {
  std::string bytes = log_of(20);
  const Collected whole = collect(bytes);
  const std::uint64_t broken = whole.items[7].record.offset;
  overwrite<std::uint32_t>(bytes, broken + 4, 0xffffff);  // its size
  const Collected got = collect(bytes);
  ASSERT_EQ(got.items.size(), 19u);
  EXPECT_EQ(got.items[6].record.record_id, 7u);
  EXPECT_EQ(got.items[7].record.record_id, 9u);
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_EQ(got.problems[0].offset, broken);
}

TEST(Reader, ARecordOfAMissingTemplateIsSkipped) {
  std::string bytes = log_of(20);
  const Collected whole = collect(bytes);
  const std::uint64_t broken = whole.items[7].record.offset;
  // Header 24, fragment header 4, token 1, version 1, id 4: then the definition's offset.
  overwrite<std::uint32_t>(bytes, broken + 34, 0x00ffffff);
  const Collected got = collect(bytes);
  EXPECT_EQ(got.items.size(), 19u);
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_EQ(got.problems[0].offset, broken);
}

TEST(Reader, EmptyTablesOfTheChunkAreNotNeeded) {
  std::string bytes = log_of(20);
  bytes.replace(kFileHeaderSize + 128, 384, std::string(384, '\0'));
  const Collected got = collect(bytes);
  expect_ids(got, 1, 20);
  EXPECT_TRUE(got.problems.empty());
}

TEST(Reader, WhatLiesBehindTheFreeSpaceOffsetIsCarvedApart) {
  std::string bytes = log_of(20);
  const Collected whole = collect(bytes);
  const std::uint64_t border = whole.items[15].record.offset;
  overwrite<std::uint32_t>(bytes, kFileHeaderSize + 48,
                           static_cast<std::uint32_t>(border - kFileHeaderSize));
  const Collected got = collect(bytes);
  ASSERT_EQ(got.items.size(), 20u);
  EXPECT_EQ(got.stats.records, 15u);
  EXPECT_EQ(got.stats.carved, 5u);
  for (const auto& item : got.items) {
    EXPECT_EQ(item.record.carved, item.record.record_id > 15);
    EXPECT_EQ(item.text("Company"), "Microsoft Corporation");
  }
}

TEST(Reader, BehindDamageTheChunksNumbersTellLiveRecordsFromOlderOnes) {
  std::string bytes = log_of(20);
  const Collected whole = collect(bytes);
  const auto offset_of = [&](std::size_t id) { return whole.items[id - 1].record.offset; };
  // A hole where records 6 to 8 were: those behind it are of the chunk, as its header says …
  bytes.replace(offset_of(6), offset_of(9) - offset_of(6), offset_of(9) - offset_of(6), '\0');
  Collected got = collect(bytes);
  EXPECT_EQ(got.stats.records, 17u);
  EXPECT_EQ(got.stats.carved, 0u);
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_EQ(got.problems[0].offset, offset_of(6));
  EXPECT_EQ(got.problems[0].reason, "no record starts here; the next one is searched for");
  // … or, where it says nothing, as they follow those before the hole.
  std::string silent = bytes;
  overwrite<std::uint64_t>(silent, kFileHeaderSize + 32, ~std::uint64_t{0});
  EXPECT_EQ(collect(silent).stats.records, 17u);
  // Those that the header does not count are of an earlier life, inside of the live part too.
  overwrite<std::uint64_t>(bytes, kFileHeaderSize + 32, 15);
  got = collect(bytes);
  EXPECT_EQ(got.stats.records, 12u);
  EXPECT_EQ(got.stats.carved, 5u);
  for (const auto& item : got.items) {
    EXPECT_EQ(item.record.carved, item.record.record_id > 15) << item.record.record_id;
  }
  // So is one whose number does not rise.
  overwrite<std::uint64_t>(bytes, offset_of(12) + 8, 3);
  got = collect(bytes);
  EXPECT_EQ(got.stats.records, 11u);
  EXPECT_EQ(got.stats.carved, 6u);
}

/// A real log of which parts were overwritten by zeros: two chunks with their headers, and 16 KiB
/// in the middle of chunk 7, whose records go on behind that.
TEST(Reader, SharedLogWithHolesKeepsWhatLiesBehindThem) {
  const auto path = shared_evtx() / "omerbenamram-evtx/samples/sample_with_a_bad_chunk_magic.evtx";
  if (!std::filesystem::is_regular_file(path)) {
    GTEST_SKIP() << "the shared event logs are not here";
  }
  const Collected got = collect(slurp(path));
  // By chunk: live records, and the first and last of those behind the hole.
  std::map<std::uint64_t, std::size_t> live;
  std::vector<std::uint64_t> behind_hole;
  for (const auto& item : got.items) {
    const std::uint64_t chunk = (item.record.offset - kFileHeaderSize) / kChunkSize;
    const std::uint64_t at = (item.record.offset - kFileHeaderSize) % kChunkSize;
    if (!item.record.carved) {
      ++live[chunk];
      EXPECT_TRUE(chunk != 6 && chunk != 10) << "no header, so nothing is live";
    }
    if (chunk == 7 && at >= 0x6000) {
      // The chunk's header has free space from 40408 on, records 47628 to 47705, the last at 39936.
      EXPECT_EQ(item.record.carved, at >= 40'408) << at;
      if (!item.record.carved) {
        behind_hole.push_back(item.record.record_id);
      }
    }
  }
  EXPECT_EQ(live, (std::map<std::uint64_t, std::size_t>{{0, 13}, {7, 43}, {8, 129}, {9, 113}}));
  EXPECT_EQ(got.stats.records, 298u);
  ASSERT_EQ(behind_hole.size(), 31u);
  for (std::size_t index = 0; index < behind_hole.size(); ++index) {
    EXPECT_EQ(behind_hole[index], 47'675 + index);
  }
  // Three records reach into a hole; two chunks have no magic.
  EXPECT_EQ(got.problems.size(), 5u);
}

TEST(Reader, WhereTheFreeSpaceOffsetCannotBeRightTheNumbersDecide) {
  std::string bytes = log_of(20);
  overwrite<std::uint32_t>(bytes, kFileHeaderSize + 48, 0xffffffff);
  EXPECT_EQ(collect(bytes).stats.records, 20u);
  overwrite<std::uint64_t>(bytes, kFileHeaderSize + 32, 15);
  const Collected got = collect(bytes);
  EXPECT_EQ(got.stats.records, 15u);
  EXPECT_EQ(got.stats.carved, 5u);
  EXPECT_TRUE(got.problems.empty());
}

TEST(Reader, ARecordAcrossTheFreeSpaceOffsetIsCarved) {
  std::string bytes = log_of(20);
  const std::uint64_t across = collect(bytes).items[15].record.offset;
  overwrite<std::uint32_t>(bytes, kFileHeaderSize + 48,
                           static_cast<std::uint32_t>(across - kFileHeaderSize + 40));
  const Collected got = collect(bytes);
  EXPECT_EQ(got.stats.records, 15u);
  EXPECT_EQ(got.stats.carved, 5u);
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_EQ(got.problems[0].offset, across);
  EXPECT_EQ(got.problems[0].reason, "the free space begins inside this record, which is carved");
}

TEST(Reader, ACarvedCopyOfALiveRecordIsLeftOut) {
  std::string bytes = log_of(3);
  const Collected whole = collect(bytes);
  const std::size_t from = whole.items[1].record.offset;
  const std::size_t size = whole.items[2].record.offset - from;
  bytes.replace(kFileHeaderSize + 60'000, size, bytes.substr(from, size));
  EXPECT_EQ(collect(bytes).items.size(), 3u);
  // As another record it is found.
  overwrite<std::uint64_t>(bytes, kFileHeaderSize + 60'000 + 16, 1);
  EXPECT_EQ(collect(bytes).stats.carved, 0u) << "the time in the XML decides";
}

TEST(Reader, AFileThatShrinksIsAProblem) {
  const std::string bytes = log_of(200);
  const Source source(
      "log", bytes.size(),
      [&](std::uint64_t offset, char* out, std::size_t size) -> Result<std::size_t> {
        return offset < kFileHeaderSize + kChunkSize ? bytes.copy(out, size, offset) : 0;
      });
  std::size_t problems = 0;
  const ReadStats stats =
      read(source, [](const event::Record&) {}, [&](const Problem&) { ++problems; });
  EXPECT_EQ(stats.chunks, 1u);
  EXPECT_EQ(problems, source.chunk_count() - 1);
}

TEST(Reader, DecodersOfDifferentThreadsGiveTheSame) {
  const std::string bytes = log_of(400);
  const Source source = Source::from_bytes("log", bytes);
  std::uint64_t counts[2] = {0, 0};
  std::vector<std::thread> threads;
  for (std::size_t mine = 0; mine < 2; ++mine) {
    threads.emplace_back([&, mine] {
      Decoder decoder;
      for (std::size_t index = mine; index < source.chunk_count(); index += 2) {
        counts[mine] +=
            decoder.decode_chunk(
                       source, index, [](const event::Record&) {}, [](const Problem&) {})
                .records;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(counts[0] + counts[1], 400u);
  EXPECT_GT(counts[1], 0u);
}

}  // namespace
}  // namespace spoor::evtx
