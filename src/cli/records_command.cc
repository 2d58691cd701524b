#include <cstdio>

#include "cli/commands.h"
#include "cli/failure.h"
#include "event/record.h"
#include "ingest/evtx/reader.h"
#include "ingest/input/input_walker.h"

namespace spoor::cli {

int run_records(const RecordsOptions& options) {
  ingest::InputWalker walker(options.paths);
  std::uint64_t files = 0;
  bool is_closed = false;
  std::string line;
  evtx::Decoder decoder;
  const auto on_error = [](const Error& error) { say_failure(error); };
  const auto on_file = [&](ingest::InputFile& file) {
    char head[8] = {};
    const auto got = file.read_at(0, head);
    if (!got) {
      on_error(got.error());
      return;
    }
    if (!evtx::looks_like_evtx({head, *got})) {
      on_error(Error::make(ErrorCode::kUnsupported, "of no known kind").at(file.display_path));
      return;
    }
    ++files;
    const evtx::Source source(file.display_path, file.size,
                              [&](std::uint64_t offset, char* out, std::size_t size) {
                                return file.read_at(offset, {out, size});
                              });
    const auto on_record = [&](const event::Record& record) {
      line.clear();
      event::append_record_json(line, record);
      line += '\n';
      is_closed = is_closed || fwrite(line.data(), 1, line.size(), stdout) != line.size();
    };
    const auto on_problem = [&](const evtx::Problem& problem) {
      on_error(Error::make(ErrorCode::kInvalidInput, problem.reason)
                   .at(file.display_path, static_cast<std::int64_t>(problem.offset)));
    };
    for (std::size_t chunk = 0; chunk < source.chunk_count() && !is_closed; ++chunk) {
      decoder.decode_chunk(source, chunk, on_record, on_problem);
    }
  };
  if (const auto walked = walker.for_each(on_file, on_error); !walked) {
    return say_failure(walked.error());
  }
  return files == 0 || fflush(stdout) != 0 ? 1 : 0;
}

}  // namespace spoor::cli
