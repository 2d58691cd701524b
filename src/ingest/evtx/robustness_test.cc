// Damaged files: cut and flipped at random with fixed seeds. Nothing may crash, hang or give text
// that is no UTF-8.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/text.h"
#include "ingest/evtx/collected_for_test.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/format.h"
#include "ingest/evtx/reader.h"
#include "ingest/evtx/writer.h"

namespace spoor::evtx {
namespace {

namespace fs = std::filesystem;

void read_all(std::string_view bytes) {
  bool all_utf8 = true;
  const ReadStats stats = read(
      Source::from_bytes("damaged", bytes),
      [&](const event::Record& record) {
        for (const event::Field& field : record.data) {
          all_utf8 =
              all_utf8 && is_valid_utf8(field.name) &&
              (field.value.kind == event::ValueKind::kBinary || is_valid_utf8(field.value.text));
        }
        all_utf8 = all_utf8 && is_valid_utf8(record.provider) && is_valid_utf8(record.channel) &&
                   is_valid_utf8(record.computer);
      },
      [&](const Problem& problem) { EXPECT_LE(problem.offset, bytes.size()); });
  EXPECT_TRUE(all_utf8);
  // A record is at least its header and trailer.
  EXPECT_LE(stats.records + stats.carved, bytes.size() / (kRecordHeaderSize + 4) + 1);
}

/// Truncations, then single flips, then bursts of flips.
void damage(const std::string& bytes, std::uint32_t seed, int rounds) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::size_t> place(0, bytes.size() - 1);
  for (int round = 0; round < rounds; ++round) {
    read_all(std::string_view(bytes).substr(0, place(random)));
  }
  for (int round = 0; round < rounds; ++round) {
    std::string copy = bytes;
    for (int flips = round % 2 == 0 ? 1 : 64; flips > 0; --flips) {
      copy[place(random)] ^= static_cast<char>(1u << (random() & 7));
    }
    read_all(copy);
  }
}

TEST(Robustness, WrittenLogs) {
  const std::string little = written({fixtures::sysmon_process(1), fixtures::security_process(2)});
  // The record's part of the file is small: cut there, so that most damage meets something.
  damage(little.substr(0, kFileHeaderSize + 12'000), 1, 400);
  damage(fixtures::dense_log(150'000), 2, 200);
}

/// Offsets and sizes are where small damage has large effects: every byte of the first record.
TEST(Robustness, EveryByteOfTheFirstRecord) {
  const std::string bytes = written({fixtures::sysmon_network(1), fixtures::sysmon_network(2)})
                                .substr(0, kFileHeaderSize + 8000);
  for (std::size_t at = kFileHeaderSize + kChunkHeaderSize; at < bytes.size(); ++at) {
    std::string copy = bytes;
    copy[at] = static_cast<char>(at % 3 == 0 ? 0xff : at % 3 == 1 ? 0x00 : copy[at] + 1);
    read_all(copy);
  }
}

TEST(Robustness, SharedPack) {
  const char* given = std::getenv("SPOOR_SHARED_DATA");
  const fs::path pack =
      fs::path(given != nullptr ? given : SPOOR_SOURCE_DIR "/../shared/data") / "evtx";
  if (!fs::is_directory(pack)) {
    GTEST_SKIP() << "the shared event logs are not here";
  }
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(pack)) {
    // Large logs repeat what small ones have; the time goes to many different files.
    if (entry.path().extension() != ".evtx" || entry.file_size() == 0 ||
        entry.file_size() > 80'000) {
      continue;
    }
    std::stringstream content;
    content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    damage(content.str(), static_cast<std::uint32_t>(++files), 50);
  }
  EXPECT_GT(files, 0u);
}

}  // namespace
}  // namespace spoor::evtx
