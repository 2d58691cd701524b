#include "base/file.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/sample/sample_logs.h"

namespace spoor::cli {
namespace {

Result<void> write_samples(const std::string& folder) {
  for (const ingest::sample::SampleLog& log : TRY(ingest::sample::sample_logs())) {
    TRY_VOID(write_file_atomically(folder + "/" + log.name, log.bytes, 0644));
  }
  return {};
}

}  // namespace

int run_sample(const SampleOptions& options) {
  const auto written = [&]() -> Result<void> {
    TRY_VOID(make_folders(options.folder));
    if (options.records == 0) {
      return write_samples(options.folder);
    }
    constexpr std::uint64_t kBytesARecord = 1370;
    return write_file_atomically(options.folder + "/dense.evtx",
                                 evtx::fixtures::dense_log(options.records * kBytesARecord), 0644);
  }();
  return written ? 0 : say_failure(written.error());
}

}  // namespace spoor::cli
