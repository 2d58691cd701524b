#include <cstdio>
#include <stop_token>

#include "cli/commands.h"
#include "cli/failure.h"
#include "event/record.h"
#include "ingest/formats/read_records.h"
#include "ingest/input/input_file.h"
#include "ingest/input/input_walker.h"

namespace spoor::cli {

int run_records(const RecordsOptions& options) {
  std::uint64_t files = 0;
  std::string line;
  std::stop_source closed;  // nobody reads our output any more
  const ingest::RecordSink sink{
      .on_record =
          [&](const event::Record& record) {
            line.clear();
            event::append_record_json(line, record);
            line += '\n';
            if (fwrite(line.data(), 1, line.size(), stdout) != line.size()) {
              closed.request_stop();
            }
          },
      .on_problem = [](const Error& error) { say_failure(error); },
      .on_unread =
          [](std::string_view path) {
            say_failure(
                Error::make(ErrorCode::kUnsupported, "of no known kind").at(std::string(path)));
          },
      .on_file = [&](std::string_view, std::uint64_t) { ++files; },
      .on_progress = {}};
  ingest::InputWalker walker(options.paths);
  const auto walked = walker.for_each(
      [&](ingest::InputFile& file) { ingest::read_records(file, sink, {}, closed.get_token()); },
      sink.on_problem);
  if (!walked) {
    return say_failure(walked.error());
  }
  return files == 0 || fflush(stdout) != 0 ? 1 : 0;
}

}  // namespace spoor::cli
