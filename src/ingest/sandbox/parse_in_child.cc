#include "ingest/sandbox/parse_in_child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <vector>

#include "base/text.h"
#include "event/record_codec.h"
#include "ingest/sandbox/child_process.h"
#include "ingest/sandbox/parent.h"

namespace spoor::ingest::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::unexpected<Error> over(std::string what) {
  return fail(Error::make(ErrorCode::kLimit, std::move(what))
                  .with_hint("what was read before is kept; unpack the file and import its parts"));
}

std::unexpected<Error> bad(std::string what) {
  return fail(ErrorCode::kInvalidInput, "the parser of the file " + std::move(what));
}

/// The listening side: takes frames apart and counts against the limits.
class Listener {
 public:
  Listener(const std::string& name, const ParseLimits& limits, const ParseEvents& events)
      : name_(name),
        limits_(limits),
        events_(events),
        blocks_({.bytes = kMaxFrame, .records = 100'000, .fields = 50'000}) {}

  /// Takes whole frames off the front of `bytes`.
  Result<void> take(std::string& bytes) {
    std::string_view left = bytes;
    while (left.size() >= kFrameHead) {
      std::uint32_t size = 0;
      for (int byte = 0; byte < 4; ++byte) {
        size |= static_cast<std::uint32_t>(static_cast<unsigned char>(left[1 + byte]))
                << (8 * byte);
      }
      if (size > kMaxFrame) {
        return bad("sent a frame that is too large");
      }
      if (left.size() - kFrameHead < size) {
        break;
      }
      output_ += kFrameHead + size;
      if (output_ > limits_.output_bytes) {
        return over(
            fmt::format("the parser of the file sent more than {} bytes", limits_.output_bytes));
      }
      if (is_done_) {
        return bad("went on after its end");
      }
      TRY_VOID(frame(static_cast<FrameKind>(left[0]), left.substr(kFrameHead, size)));
      left.remove_prefix(kFrameHead + size);
    }
    bytes.erase(0, bytes.size() - left.size());
    return {};
  }

  [[nodiscard]] bool is_done() const { return is_done_; }
  [[nodiscard]] const ParseTotals& totals() const { return totals_; }

 private:
  Result<void> frame(FrameKind kind, std::string_view payload) {
    switch (kind) {
      case FrameKind::kRecords:
        return records(payload);
      case FrameKind::kProblem: {
        Error problem = TRY(decode_problem(payload));
        TRY_VOID(check_label(problem.where.empty() ? name_ : problem.where));
        return report(std::move(problem));
      }
      case FrameKind::kUnread: {
        const Label label = TRY(decode_label(payload));
        TRY_VOID(check_label(label.text));
        TRY_VOID(count_file());
        if (events_.on_unread) {
          events_.on_unread(label.text);
        }
        return {};
      }
      case FrameKind::kFile: {
        const Label label = TRY(decode_label(payload));
        TRY_VOID(check_label(label.text));
        TRY_VOID(count_file());
        ++totals_.files;
        totals_.bytes += label.number;
        if (events_.on_file) {
          events_.on_file(label.text, label.number);
        }
        return {};
      }
      case FrameKind::kProgress: {
        const Label label = TRY(decode_label(payload));
        if (events_.on_progress) {
          events_.on_progress(label.number);
        }
        return {};
      }
      case FrameKind::kDone:
        is_done_ = true;
        return payload.empty() ? Result<void>{} : bad("sent a bad end");
      case FrameKind::kRequest:
        break;
    }
    return bad("sent a frame of no known kind");
  }

  Result<void> records(std::string_view block) {
    Result<void> refused;
    const auto read = blocks_.read(block, [&](const event::Record& record) {
      if (!refused) {
        return;
      }
      refused = check_record(record);
      if (refused) {
        ++totals_.records;
        totals_.carved += record.carved ? 1 : 0;
        if (events_.on_record) {
          events_.on_record(record);
        }
      }
    });
    return refused ? read : refused;
  }

  Result<void> check_record(const event::Record& record) {
    if (totals_.records >= limits_.records) {
      return over(fmt::format("the file holds more than {} records", limits_.records));
    }
    if (record.source_kind != "evtx" && record.source_kind != "winlog" &&
        record.source_kind != "hunting") {
      return bad("sent a record of no known kind");
    }
    // Most records are of the file that the last one was of.
    if (record.file != last_file_) {
      TRY_VOID(check_label(record.file));
      last_file_ = record.file;
    }
    return {};
  }

  /// Labels are shown to people and stand in rows: they start with the name given.
  Result<void> check_label(std::string_view label) const {
    const bool is_of_file =
        label.starts_with(name_) && (label.size() == name_.size() || label[name_.size()] == '!');
    const bool is_plain = std::ranges::none_of(label, [](char letter) {
      return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    });
    return is_of_file && is_plain ? Result<void>{} : bad("named a file that it was not given");
  }

  Result<void> count_file() {
    return ++told_files_ > limits_.archive.members + 1 ? over("the file holds too many files")
                                                       : Result<void>{};
  }

  Result<void> report(Error problem) {
    if (++totals_.problems > limits_.problems) {
      return over(fmt::format("the file has more than {} problems", limits_.problems));
    }
    if (problem.where.empty()) {
      problem.where = name_;
    }
    if (events_.on_problem) {
      events_.on_problem(problem);
    }
    return {};
  }

  const std::string& name_;
  const ParseLimits& limits_;
  const ParseEvents& events_;
  event::RecordBlockReader blocks_;
  ParseTotals totals_;
  std::uint64_t output_ = 0;
  std::uint64_t told_files_ = 0;
  std::string last_file_;
  bool is_done_ = false;
};

/// Why a child ended before its time, from the status of waitpid.
std::unexpected<Error> why_it_ended(int status, const ParseLimits& limits) {
  if (WIFSIGNALED(status)) {
    if (WTERMSIG(status) == SIGXCPU) {
      return over(fmt::format("the parser of the file computed for more than {} seconds",
                              limits.processor_seconds));
    }
    return bad(fmt::format("crashed (signal {})", WTERMSIG(status)));
  }
  switch (WEXITSTATUS(status)) {
    case kExitNoMemory:
      return over(fmt::format("the parser of the file needed more than {} bytes of memory",
                              limits.memory_bytes));
    case kExitNoCage:
      return fail(ErrorCode::kUnsupported, "the parser could not be caged by this kernel");
    default:
      return bad(fmt::format("ended too early (exit code {})", WEXITSTATUS(status)));
  }
}

/// The same file, for reading alone and with a position of its own.
Result<FileHandle> reopened(int descriptor, const std::string& name) {
  const std::string path = fmt::format("/proc/self/fd/{}", descriptor);
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) {
    return fail(system_error("cannot open again", name, errno));
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(Error::make(ErrorCode::kUnsupported, "is not a regular file").at(name));
  }
  return file;
}

std::string label_of(std::string_view name) {
  std::string label = to_valid_utf8(name.substr(0, 4096));
  std::ranges::replace_if(
      label,
      [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; }, ' ');
  return label;
}

Result<void> listen(ChildProcess& child, Listener& listener, const ParseLimits& limits,
                    const std::stop_token& stop) {
  constexpr milliseconds kTick{100};
  std::string bytes;
  steady_clock::duration waited{};
  steady_clock::duration silent{};
  while (true) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::kCancelled, "the import was stopped");
    }
    // Only time spent waiting counts, not that of the records' way into the store.
    const auto before = steady_clock::now();
    const ChildProcess::Heard heard = TRY(child.hear(bytes, kTick));
    const auto spent = steady_clock::now() - before;
    waited += spent;
    silent = heard == ChildProcess::Heard::kBytes ? steady_clock::duration{} : silent + spent;
    if (heard == ChildProcess::Heard::kEnd) {
      return {};
    }
    TRY_VOID(listener.take(bytes));
    if (listener.is_done()) {
      return {};
    }
    if (waited > std::chrono::seconds(limits.wait_seconds)) {
      return over(
          fmt::format("the parser of the file took more than {} seconds", limits.wait_seconds));
    }
    if (silent > std::chrono::seconds(limits.silent_seconds)) {
      return over(
          fmt::format("the parser of the file said nothing for {} seconds", limits.silent_seconds));
    }
  }
}

}  // namespace

Result<ParseTotals> run_child(int descriptor, const std::string& name, const ParseLimits& limits,
                              const ParseEvents& events, std::stop_token stop, Mode mode) {
  const std::string label = label_of(name);
  const FileHandle input = TRY(reopened(descriptor, label));
  Request request{.mode = mode,
                  .name = label,
                  .spools = std::clamp(limits.archive.depth, 0, kMostSpools),
                  .memory_bytes = limits.memory_bytes,
                  .processor_seconds = limits.processor_seconds,
                  .archive = limits.archive};
  const std::string& folder = limits.archive.spool_folder;
  std::vector<FileHandle> spools;
  for (int spool = 0; spool < request.spools; ++spool) {
    spools.push_back(TRY(open_unnamed_file(folder.empty() ? "/tmp" : folder)));
  }
  ChildProcess child = TRY(ChildProcess::start(limits.program, input.get(), spools));
  spools.clear();
  std::string frame;
  append_frame(frame, FrameKind::kRequest, encode(request));
  Listener listener(label, limits, events);
  // A child that is dead already says why by its status.
  (void)child.send(frame);
  const auto heard = listen(child, listener, limits, stop);
  const int status = child.end(!heard || listener.is_done());
  if (!heard) {
    Error error = heard.error();
    if (error.where.empty()) {
      error.where = label;
    }
    return fail(std::move(error));
  }
  if (!listener.is_done()) {
    return fail(Error(why_it_ended(status, limits).error()).at(label));
  }
  return listener.totals();
}

Result<ParseTotals> parse_in_child(int descriptor, const std::string& name,
                                   const ParseLimits& limits, const ParseEvents& events,
                                   std::stop_token stop) {
  return run_child(descriptor, name, limits, events, std::move(stop), Mode::kParse);
}

}  // namespace spoor::ingest::sandbox
