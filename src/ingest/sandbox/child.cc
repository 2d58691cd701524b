// The parsing child: gives everything up, then reads the one file that it was given.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <string>

#include "cage/cage.h"
#include "event/record_codec.h"
#include "ingest/evtx/reader.h"
#include "ingest/input/expand_file.h"
#include "ingest/sandbox/attempts.h"
#include "ingest/sandbox/child_output.h"
#include "ingest/sandbox/frames.h"
#include "ingest/sandbox/parse_in_child.h"
#include "ingest/winlog/winlog.h"

namespace spoor::ingest::sandbox {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;  // Its shadow is larger than any bound on addresses.
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif
#else
constexpr bool kIsSanitized = false;
#endif

bool read_exactly(char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(kChannel, out, size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return false;
    }
    out += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

Result<Request> read_request() {
  std::array<char, kFrameHead> head{};
  if (!read_exactly(head.data(), head.size()) ||
      head[0] != static_cast<char>(FrameKind::kRequest)) {
    return fail(ErrorCode::kInvalidInput, "there is no request");
  }
  std::uint32_t size = 0;
  for (int byte = 0; byte < 4; ++byte) {
    size |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[1 + byte])) << (8 * byte);
  }
  std::string payload(std::min<std::size_t>(size, 2 * kMaxLabel), '\0');
  if (!read_exactly(payload.data(), payload.size())) {
    return fail(ErrorCode::kInvalidInput, "there is no request");
  }
  return decode_request(payload);
}

bool limit(int resource, std::uint64_t most, std::uint64_t grace = 0) {
  const rlimit bound{.rlim_cur = most, .rlim_max = most + grace};
  return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &bound) == 0;
}

/// False where one of the bounds cannot be set.
bool set_limits(const Request& request) {
  ::signal(SIGXFSZ, SIG_IGN);  // A write past the bound is then an error as any other.
  constexpr std::uint64_t kDescriptors = 64;
  constexpr std::uint64_t kGrace = 2;  // SIGXCPU first, which says why, then SIGKILL.
  return ::prctl(PR_SET_DUMPABLE, 0) == 0 && limit(RLIMIT_CORE, 0) &&
         limit(RLIMIT_NOFILE, kDescriptors) && limit(RLIMIT_NPROC, 0) &&
         limit(RLIMIT_FSIZE, request.archive.member_bytes) &&
         limit(RLIMIT_CPU, request.processor_seconds, kGrace) &&
         (kIsSanitized || limit(RLIMIT_AS, request.memory_bytes));
}

/// The unnamed file for members at this depth, emptied.
Result<FileHandle> open_spool(int depth, int spools) {
  if (depth < 1 || depth > spools) {
    return fail(ErrorCode::kLimit, "there is no file for a member of this depth");
  }
  FileHandle spool(::dup(kFirstSpool + depth - 1));
  if (!spool.is_open() || ::ftruncate(spool.get(), 0) != 0 ||
      ::lseek(spool.get(), 0, SEEK_SET) != 0) {
    return fail(system_error("cannot empty the file for large members", "", errno));
  }
  return spool;
}

void read_log(InputFile& file, ChildOutput& out) {
  const evtx::Source source(file.display_path, file.size,
                            [&](std::uint64_t offset, char* to, std::size_t size) {
                              return file.read_at(offset, {to, size});
                            });
  const auto on_record = [&](const event::Record& record) { out.record(record); };
  const auto on_problem = [&](const evtx::Problem& problem) {
    out.problem(Error::make(ErrorCode::kInvalidInput, problem.reason)
                    .at(file.display_path, static_cast<std::int64_t>(problem.offset)));
  };
  evtx::Decoder decoder;
  constexpr std::uint64_t kChunkBytes = 64u << 10;
  for (std::size_t chunk = 0; chunk < source.chunk_count(); ++chunk) {
    decoder.decode_chunk(source, chunk, on_record, on_problem);
    out.progress_of(file, (chunk + 1) * kChunkBytes);
  }
}

void read_text(InputFile& file, winlog::TextKind kind, ChildOutput& out) {
  const auto on_record = [&](const event::Record& record) { out.record(record); };
  const auto on_problem = [&](const Error& error) { out.problem(error); };
  const auto reader = kind == winlog::TextKind::kXml
                          ? winlog::make_xml_reader(file.display_path, on_record, on_problem)
                          : winlog::make_ndjson_reader(file.display_path, on_record, on_problem);
  std::string block(256u << 10, '\0');
  for (std::uint64_t at = 0; at < file.size;) {
    const auto got = file.read_at(at, block);
    if (!got || *got == 0) {
      out.problem(got ? Error::make(ErrorCode::kTruncated, "became shorter while it was read")
                            .at(file.display_path, static_cast<std::int64_t>(at))
                      : got.error());
      break;
    }
    reader->feed(std::string_view(block).substr(0, *got));
    at += *got;
    out.progress_of(file, at);
  }
  reader->finish();
}

void read_file(InputFile& file, ChildOutput& out) {
  std::array<char, 512> head{};
  const auto got = file.read_at(0, head);
  if (!got) {
    out.problem(got.error());
    return;
  }
  const std::string_view start(head.data(), *got);
  const winlog::TextKind text = winlog::sniff_text(start);
  if (evtx::looks_like_evtx(start)) {
    out.file(file.display_path, file.size);
    read_log(file, out);
  } else if (text != winlog::TextKind::kNone) {
    out.file(file.display_path, file.size);
    read_text(file, text, out);
  } else {
    out.unread(file.display_path);
  }
}

void parse(Request& request, ChildOutput& out) {
  struct stat status{};
  if (::fstat(kInput, &status) != 0 || !S_ISREG(status.st_mode)) {
    out.problem(Error::make(ErrorCode::kUnsupported, "is not a regular file").at(request.name));
    return;
  }
  request.archive.open_spool = [&](int depth) { return open_spool(depth, request.spools); };
  InputFile file = InputFile::from_unnamed(request.name, FileHandle(kInput),
                                           static_cast<std::uint64_t>(status.st_size));
  expand_file(
      file, request.archive, [&](InputFile& inside) { read_file(inside, out); },
      [&](const Error& error) { out.problem(error); },
      [&](std::uint64_t done) { out.progress(done); });
}

int run() {
  struct stat status{};
  if (::fstat(kChannel, &status) != 0 || !S_ISSOCK(status.st_mode)) {
    return kExitNoRequest;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  auto request = read_request();
  if (!request) {
    return kExitNoRequest;
  }
  if (!set_limits(*request)) {
    return kExitNoCage;
  }
  std::set_new_handler([] { ::_exit(kExitNoMemory); });
  if (!cage::give_up_files() || !cage::allow_parser_calls()) {
    return kExitNoCage;
  }
  ChildOutput out(request->name);
  if (request->mode == Mode::kParse) {
    parse(*request, out);
  } else {
    make_attempts(*request, out);
  }
  out.done();
  return 0;
}

}  // namespace

void run_if_child(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == kChildArgument) {
    // Not through exit(): nothing of the program is to run any more.
    ::_exit(run());
  }
}

}  // namespace spoor::ingest::sandbox
