#include "ingest/evtx/writer.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "ingest/evtx/collected_for_test.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/format.h"

namespace spoor::evtx {
namespace {

std::uint32_t crc(std::string_view bytes, std::uint32_t start = 0) {
  return static_cast<std::uint32_t>(
      crc32(start, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

TEST(Writer, ChecksumsAndCountsAreRight) {
  const std::string bytes = fixtures::dense_log(300'000);
  const std::string_view view(bytes);
  ASSERT_EQ((bytes.size() - kFileHeaderSize) % kChunkSize, 0u);
  const std::size_t chunks = (bytes.size() - kFileHeaderSize) / kChunkSize;
  EXPECT_EQ(load<std::uint16_t>(view, 42), chunks);
  EXPECT_EQ(load<std::uint32_t>(view, 124), crc(view.substr(0, 120)));
  std::uint64_t next = 1;
  for (std::size_t index = 0; index < chunks; ++index) {
    const std::string_view chunk = view.substr(kFileHeaderSize + index * kChunkSize, kChunkSize);
    const auto free_space = load<std::uint32_t>(chunk, 48);
    EXPECT_EQ(load<std::uint32_t>(chunk, 52), crc(chunk.substr(512, free_space - 512)));
    EXPECT_EQ(load<std::uint32_t>(chunk, 124),
              crc(chunk.substr(128, 384), crc(chunk.substr(0, 120))));
    EXPECT_EQ(load<std::uint64_t>(chunk, 24), next);
    next = load<std::uint64_t>(chunk, 32) + 1;
  }
  EXPECT_EQ(load<std::uint64_t>(view, 24), next);
}

TEST(Writer, ATemplateIsDefinedOnceAChunk) {
  const Collected got =
      collect(written({fixtures::sysmon_process(1), fixtures::sysmon_process(1)}));
  ASSERT_EQ(got.items.size(), 2u);
  const std::uint64_t first = got.items[1].record.offset - got.items[0].record.offset;
  EXPECT_GT(first, 3000u);
  EXPECT_EQ(got.items[0].data, got.items[1].data);
}

/// What evtxexport (libevtx) prints for a log, and whether it ended well.
struct Exported {
  int status = -1;
  std::string output;
};

Exported exported(std::string_view bytes) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("spoor_writer_test_" + std::to_string(::getpid()) + ".evtx");
  std::ofstream(path, std::ios::binary) << bytes;
  const std::string command = "evtxexport -f xml '" + path.string() + "' 2>&1";
  Exported result;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    return result;
  }
  char buffer[65536];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) {
    result.output.append(buffer, got);
  }
  result.status = ::pclose(pipe);
  std::filesystem::remove(path);
  return result;
}

bool has_evtxexport() { return std::system("command -v evtxexport > /dev/null 2>&1") == 0; }

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at) {
    ++found;
  }
  return found;
}

TEST(Writer, WhatItWritesAnotherReaderReads) {
  if (!has_evtxexport()) {
    GTEST_SKIP() << "evtxexport is not installed";
  }
  const std::string bytes = fixtures::dense_log(200'000);
  const Exported theirs = exported(bytes);
  EXPECT_EQ(theirs.status, 0);
  EXPECT_EQ(count(theirs.output, "</Event>"), collect(bytes).stats.records);
  EXPECT_GT(count(theirs.output, "</Event>"), 50u);
  EXPECT_EQ(count(theirs.output, "rror"), 0u);
  EXPECT_EQ(count(theirs.output, "orrupt"), 0u);
  EXPECT_EQ(count(theirs.output, "recovered"), 0u);
  EXPECT_GT(count(theirs.output, R"(<Data Name="IntegrityLevel">Medium</Data>)"), 0u);
}

/// Sysmon 1 whose command line has that many letters.
WriteEvent with_letters(std::size_t letters) {
  WriteEvent event = fixtures::sysmon_process(1);
  event.data[10].second = WriteValue::text(std::string(letters, 'c'));
  return event;
}

TEST(Writer, AnEventFillsAChunkAndOneLargerIsRefused) {
  std::size_t fits = 1000;
  for (std::size_t step = 1 << 14; step > 0; step /= 2) {
    Writer writer;
    fits += writer.add(with_letters(fits + step)) ? step : 0;
  }
  Writer writer;
  const auto add = [&](std::size_t letters) -> std::string {
    const auto added = writer.add(with_letters(letters));
    return added ? ""
                 : std::string(error_code_name(added.error().code)) + ": " + added.error().message;
  };
  EXPECT_EQ(add(5), "");
  EXPECT_EQ(add(fits), "");
  // Sizes are of whole eights.
  EXPECT_EQ(add(fits + 1),
            "limit: the event needs 65024 bytes in the log, a chunk has room for 65016");
  EXPECT_EQ(add(1'000'000),
            "limit: the event needs 2003640 bytes in the log, a chunk has room for 65016");
  EXPECT_EQ(add(7), "");
  EXPECT_EQ(add(8), "");
  const std::string bytes = writer.finish();
  ASSERT_EQ(bytes.size(), kFileHeaderSize + 3 * kChunkSize);
  EXPECT_EQ(load<std::uint32_t>(bytes, kFileHeaderSize + kChunkSize + 48), kChunkSize - 8);

  const Collected got = collect(bytes);
  EXPECT_TRUE(got.problems.empty());
  ASSERT_EQ(got.items.size(), 4u);
  const std::size_t letters[] = {5, fits, 7, 8};
  for (std::size_t index = 0; index < 4; ++index) {
    EXPECT_EQ(got.items[index].record.record_id, index + 1);
    EXPECT_EQ(got.items[index].text("CommandLine"), std::string(letters[index], 'c'));
  }
  if (!has_evtxexport()) {
    GTEST_SKIP() << "evtxexport is not installed";
  }
  const Exported theirs = exported(bytes);
  EXPECT_EQ(theirs.status, 0);
  for (const std::size_t each : letters) {
    EXPECT_EQ(count(theirs.output, '>' + std::string(each, 'c') + '<'), 1u) << each;
  }
  EXPECT_EQ(count(theirs.output, "</Event>"), 4u);
  EXPECT_EQ(count(theirs.output, "orrupt"), 0u);
}

}  // namespace
}  // namespace spoor::evtx
