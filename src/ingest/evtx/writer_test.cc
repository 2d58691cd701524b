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
  Writer one;
  one.add(fixtures::sysmon_process(1));
  one.add(fixtures::sysmon_process(1));
  const Collected got = collect(one.finish());
  ASSERT_EQ(got.items.size(), 2u);
  const std::uint64_t first = got.items[1].record.offset - got.items[0].record.offset;
  EXPECT_GT(first, 3000u);
  EXPECT_EQ(got.items[0].data, got.items[1].data);
}

TEST(Writer, WhatItWritesAnotherReaderReads) {
  if (std::system("command -v evtxexport > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "evtxexport is not installed";
  }
  const auto path = std::filesystem::temp_directory_path() /
                    ("spoor_writer_test_" + std::to_string(::getpid()) + ".evtx");
  const std::string bytes = fixtures::dense_log(200'000);
  std::ofstream(path, std::ios::binary) << bytes;
  const std::string command = "evtxexport -f xml '" + path.string() + "' 2>&1";
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  char buffer[65536];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) {
    output.append(buffer, got);
  }
  const int status = ::pclose(pipe);
  std::filesystem::remove(path);
  EXPECT_EQ(status, 0);
  std::size_t events = 0;
  for (std::size_t at = 0; (at = output.find("</Event>", at)) != std::string::npos; ++at) {
    ++events;
  }
  EXPECT_EQ(events, collect(bytes).stats.records);
  EXPECT_GT(events, 50u);
  EXPECT_EQ(output.find("rror"), std::string::npos);
  EXPECT_EQ(output.find("orrupt"), std::string::npos);
  EXPECT_NE(output.find(R"(<Data Name="IntegrityLevel">Medium</Data>)"), std::string::npos);
}

}  // namespace
}  // namespace spoor::evtx
