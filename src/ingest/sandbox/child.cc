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

#include "base/sanitized.h"
#include "cage/cage.h"
#include "event/record_codec.h"
#include "ingest/formats/read_records.h"
#include "ingest/input/expand_file.h"
#include "ingest/sandbox/attempts.h"
#include "ingest/sandbox/child_output.h"
#include "ingest/sandbox/frames.h"
#include "ingest/sandbox/parse_in_child.h"

namespace spoor::ingest::sandbox {
namespace {

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

RecordSink sink_of(ChildOutput& out) {
  return {.on_record = [&out](const event::Record& record) { out.record(record); },
          .on_problem = [&out](const Error& error) { out.problem(error); },
          .on_unread = [&out](std::string_view path) { out.unread(path); },
          .on_file = [&out](std::string_view path, std::uint64_t size) { out.file(path, size); },
          .on_progress = {}};
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
  const RecordSink sink = sink_of(out);
  expand_file(
      file, request.archive,
      [&](InputFile& inside) {
        read_records(inside, sink, [&](std::uint64_t done) { out.progress_of(inside, done); });
      },
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
