#include "ingest/formats/read_records.h"

#include <string>

#include "ingest/evtx/reader.h"
#include "ingest/input/input_file.h"
#include "ingest/winlog/winlog.h"

namespace spoor::ingest {
namespace {

using OnBytes = std::function<void(std::uint64_t)>;

constexpr std::size_t kHeadBytes = 64u << 10;
constexpr std::uint64_t kChunkBytes = 64u << 10;  // of an event log

void read_log(InputFile& file, const RecordSink& sink, const OnBytes& on_bytes,
              const std::stop_token& stop) {
  const evtx::Source source(file.display_path, file.size,
                            [&](std::uint64_t offset, char* to, std::size_t size) {
                              return file.read_at(offset, {to, size});
                            });
  const auto on_problem = [&](const evtx::Problem& problem) {
    sink.on_problem(Error::make(ErrorCode::kInvalidInput, problem.reason)
                        .at(file.display_path, static_cast<std::int64_t>(problem.offset)));
  };
  evtx::Decoder decoder;
  for (std::size_t chunk = 0; chunk < source.chunk_count() && !stop.stop_requested(); ++chunk) {
    decoder.decode_chunk(source, chunk, sink.on_record, on_problem);
    if (on_bytes) {
      on_bytes((chunk + 1) * kChunkBytes);
    }
  }
}

void read_text(InputFile& file, const RecordSink& sink, const OnBytes& on_bytes,
               const std::stop_token& stop) {
  const auto reader = winlog::make_text_reader(file.display_path, sink.on_record, sink.on_problem);
  std::string block(256u << 10, '\0');
  for (std::uint64_t at = 0; at < file.size;) {
    if (stop.stop_requested()) {
      return;
    }
    const auto got = file.read_at(at, block);
    if (!got || *got == 0) {
      sink.on_problem(got ? Error::make(ErrorCode::kTruncated, "became shorter while it was read")
                                .at(file.display_path, static_cast<std::int64_t>(at))
                          : got.error());
      break;
    }
    reader->feed(std::string_view(block).substr(0, *got));
    at += *got;
    if (on_bytes) {
      on_bytes(at);
    }
  }
  reader->finish();
}

}  // namespace

void read_records(InputFile& file, const RecordSink& sink, const OnBytes& on_bytes,
                  const std::stop_token& stop) {
  std::string head(kHeadBytes, '\0');
  const auto got = file.read_at(0, head);
  if (!got) {
    sink.on_problem(got.error());
    return;
  }
  head.resize(*got);
  if (evtx::looks_like_evtx(head)) {
    sink.on_file(file.display_path, file.size);
    read_log(file, sink, on_bytes, stop);
  } else if (winlog::is_event_text(head)) {
    sink.on_file(file.display_path, file.size);
    read_text(file, sink, on_bytes, stop);
  } else {
    sink.on_unread(file.display_path);
  }
}

}  // namespace spoor::ingest
