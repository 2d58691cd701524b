// Files in every state: whole, dirty, cut, overwritten, with slack.

#include "ingest/evtx/reader.h"

#include <gtest/gtest.h>

#include <thread>

#include "ingest/evtx/collected_for_test.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/format.h"
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
