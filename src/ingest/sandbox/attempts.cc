#include "ingest/sandbox/attempts.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace spoor::ingest::sandbox {
namespace {

void attempt(ChildOutput& out, const char* what, long result) {
  const int error = errno;
  out.problem(Error::make(ErrorCode::kUnsupported,
                          std::string(what) + (result >= 0 ? ": possible"
                                                           : std::string(": refused (") +
                                                                 ::strerrorname_np(error) + ")")));
}

void attempt_all(ChildOutput& out) {
  attempt(out, "open a file", ::syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
  attempt(out, "open a file by the old call", ::syscall(SYS_open, "/etc/passwd", O_RDONLY));
  attempt(out, "make a file", ::syscall(SYS_openat, AT_FDCWD, "/tmp/x", O_WRONLY | O_CREAT, 0600));
  attempt(out, "open itself", ::syscall(SYS_openat, AT_FDCWD, "/proc/self/mem", O_RDWR));
  attempt(out, "list a folder", ::syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY));
  attempt(out, "remove a file", ::syscall(SYS_unlink, "/tmp/x"));
  attempt(out, "write to its input", ::write(kInput, "x", 1));
  attempt(out, "make a socket", ::socket(AF_INET, SOCK_STREAM, 0));
  attempt(out, "make a local socket", ::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  attempt(out, "connect",
          ::connect(kChannel, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  attempt(out, "pass descriptors", ::sendmsg(kChannel, nullptr, 0));
  const char* const words[] = {"/bin/true", nullptr};
  attempt(out, "run a program", ::syscall(SYS_execve, words[0], words, nullptr));
  attempt(out, "make a process", ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0));
  attempt(out, "send a signal", ::kill(1, 0));
  attempt(out, "send a signal to a thread", ::syscall(SYS_tgkill, 1, 1, 0));
  attempt(out, "trace", ::syscall(SYS_ptrace, 0, 0, 0, 0));
  attempt(out, "use io_uring", ::syscall(SYS_io_uring_setup, 1, nullptr));
  attempt(out, "raise a limit", ::syscall(SYS_prlimit64, 0, 0, nullptr, nullptr));
  void* const code =
      ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  attempt(out, "map code", code == MAP_FAILED ? -1 : 0);
  // What is open, told by what can be asked about.
  std::string open;
  for (int number = 0; number < 64; ++number) {
    struct stat status{};
    if (::fstat(number, &status) == 0) {
      open += open.empty() ? "" : " ";
      open += std::to_string(number);
    }
  }
  out.problem(Error::make(ErrorCode::kUnsupported, "open descriptors: " + open));
  out.problem(
      Error::make(ErrorCode::kUnsupported,
                  std::string("environment: ") +
                      (environ == nullptr || environ[0] == nullptr ? "empty" : "not empty")));
}

[[noreturn]] void flood(ChildOutput& out) {
  for (std::uint64_t done = 0;; done += 1u << 20) {
    out.progress(done + (1u << 20));
  }
}

}  // namespace

void make_attempts(const Request& request, ChildOutput& out) {
  switch (request.mode) {
    case Mode::kParse:
      return;
    case Mode::kAttempts:
      attempt_all(out);
      return;
    case Mode::kCrash:
      *reinterpret_cast<volatile int*>(8) = 1;
      return;
    case Mode::kHang:
      while (true) {
        ::sleep(1000);
      }
    case Mode::kSpin:
      while (true) {
        asm volatile("");
      }
    case Mode::kAllocate: {
      std::vector<std::unique_ptr<char[]>> blocks;
      while (true) {
        constexpr std::size_t kBlock = 16u << 20;
        blocks.push_back(std::make_unique<char[]>(kBlock));
      }
    }
    case Mode::kFlood:
      flood(out);
    case Mode::kGarbage:
      out.raw("\xff\xff\xff\xff\xff this is no frame");
      return;
    case Mode::kWrongLabel: {
      event::Record record;
      record.source_kind = "evtx";
      record.file = "/another/file";
      out.record(record);
      return;
    }
    case Mode::kTwoEnds: {
      std::string ends;
      append_frame(ends, FrameKind::kDone, {});
      append_frame(ends, FrameKind::kProgress, encode_label({}, 1));
      out.raw(ends);
      return;
    }
  }
}

}  // namespace spoor::ingest::sandbox
