#include "pipeline/import.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "pipeline/live_fixture.h"

namespace spoor::pipeline {
namespace {

using Import = LiveTest;

TEST_F(Import, ProgressIsToldWithinALargeFile) {
  if (!worker_) {
    GTEST_SKIP() << "no engine";
  }
  const std::string path = folder_ + "/dense.evtx";
  constexpr std::size_t kBytes = 2u << 20;
  ASSERT_TRUE(write_file_atomically(path, evtx::fixtures::dense_log(kBytes), 0600));
  std::uint64_t last_bytes = 0;
  std::uint64_t last_records = 0;
  int within = 0;
  ImportRequest request;
  request.paths = {path};
  request.reported_by = "test";
  request.on_progress = [&](const ImportProgress& progress) {
    EXPECT_GE(progress.bytes_done, last_bytes);
    EXPECT_GE(progress.records, last_records);
    EXPECT_LE(progress.bytes_done, progress.bytes_total);
    last_bytes = progress.bytes_done;
    last_records = progress.records;
    within += progress.bytes_done > 0 && progress.bytes_done < progress.bytes_total &&
                      progress.records > 0
                  ? 1
                  : 0;
  };
  const auto report =
      import_files({*state_, *client_, *appender_, folder_ + "/processes"}, request);
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_GT(report->records, 1000U);
  EXPECT_EQ(last_records, report->records);
  EXPECT_EQ(last_bytes, report->bytes);
  EXPECT_GT(within, 10);
}

}  // namespace
}  // namespace spoor::pipeline
