#include "ingest/sandbox/child_output.h"

#include <unistd.h>

#include <cerrno>

namespace spoor::ingest::sandbox {
namespace {

constexpr std::size_t kBlockBytes = 1u << 20;
constexpr std::size_t kBlockRecords = 4096;
constexpr std::uint64_t kProgressStep = 1u << 20;

}  // namespace

void ChildOutput::raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(kChannel, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      ::_exit(kExitNoParent);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ChildOutput::send(FrameKind kind, std::string_view payload) {
  frame_.clear();
  append_frame(frame_, kind, payload);
  raw(frame_);
}

void ChildOutput::send_records() {
  if (block_.records() == 0) {
    return;
  }
  payload_.clear();
  block_.finish(payload_);
  send(FrameKind::kRecords, payload_);
}

void ChildOutput::record(const event::Record& record) {
  block_.add(record);
  if (block_.bytes() >= kBlockBytes || block_.records() >= kBlockRecords) {
    send_records();
  }
}

void ChildOutput::problem(const Error& error) {
  send_records();
  send(FrameKind::kProblem, encode(error));
}

void ChildOutput::unread(std::string_view path) {
  send_records();
  send(FrameKind::kUnread, encode_label(path, 0));
}

void ChildOutput::file(std::string_view path, std::uint64_t bytes) {
  send_records();
  send(FrameKind::kFile, encode_label(path, bytes));
}

void ChildOutput::progress(std::uint64_t done) {
  if (done >= told_ + kProgressStep) {
    told_ = done;
    send(FrameKind::kProgress, encode_label({}, done));
  }
}

void ChildOutput::done() {
  send_records();
  send(FrameKind::kDone, {});
}

}  // namespace spoor::ingest::sandbox
