#include "ingest/sandbox/frames.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace spoor::ingest::sandbox {
namespace {

void put_number(std::string& out, std::uint64_t number) {
  for (int byte = 0; byte < 8; ++byte) {
    out += static_cast<char>(number >> (8 * byte));
  }
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

/// As much as a label may hold, still UTF-8.
std::string cut(std::string_view text) { return to_valid_utf8(text.substr(0, kMaxLabel / 4)); }

/// Reads with every bound checked; `ok` is false after the first failure.
struct Parts {
  std::string_view bytes;
  bool ok = true;

  std::uint64_t number() {
    if (bytes.size() < 8) {
      ok = false;
      return 0;
    }
    std::uint64_t number = 0;
    for (int byte = 0; byte < 8; ++byte) {
      number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[byte])) << (8 * byte);
    }
    bytes.remove_prefix(8);
    return number;
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (!ok || size > bytes.size() || size > kMaxLabel) {
      ok = false;
      return {};
    }
    const std::string_view text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    ok = is_valid_utf8(text);
    return ok ? text : std::string_view();
  }
  [[nodiscard]] bool is_whole() const { return ok && bytes.empty(); }
};

std::unexpected<Error> bad(const char* what) {
  return fail(ErrorCode::kInvalidInput, std::string("the parser sent a bad ") + what);
}

}  // namespace

void append_frame(std::string& out, FrameKind kind, std::string_view payload) {
  out += static_cast<char>(kind);
  const auto size = static_cast<std::uint32_t>(payload.size());
  for (int byte = 0; byte < 4; ++byte) {
    out += static_cast<char>(size >> (8 * byte));
  }
  out += payload;
}

std::string encode(const Request& request) {
  std::string out;
  put_text(out, request.name);
  for (const std::uint64_t number :
       {static_cast<std::uint64_t>(request.mode), static_cast<std::uint64_t>(request.spools),
        request.memory_bytes, request.processor_seconds, request.archive.archive_bytes,
        request.archive.member_bytes, request.archive.members,
        static_cast<std::uint64_t>(request.archive.depth), request.archive.ratio,
        request.archive.ratio_floor, request.archive.memory_bytes}) {
    put_number(out, number);
  }
  return out;
}

Result<Request> decode_request(std::string_view payload) {
  Parts parts{payload};
  Request request;
  request.name = parts.text();
  request.mode = static_cast<Mode>(parts.number());
  request.spools = static_cast<int>(std::min<std::uint64_t>(parts.number(), kMostSpools));
  request.memory_bytes = parts.number();
  request.processor_seconds = parts.number();
  request.archive.archive_bytes = parts.number();
  request.archive.member_bytes = parts.number();
  request.archive.members = parts.number();
  request.archive.depth = static_cast<int>(std::min<std::uint64_t>(parts.number(), 100));
  request.archive.ratio = parts.number();
  request.archive.ratio_floor = parts.number();
  request.archive.memory_bytes = parts.number();
  if (!parts.is_whole()) {
    return bad("request");
  }
  return request;
}

std::string encode(const Error& problem) {
  std::string out;
  put_number(out, static_cast<std::uint64_t>(problem.code));
  put_number(out, static_cast<std::uint64_t>(problem.offset));
  put_number(out, static_cast<std::uint64_t>(problem.line));
  for (const std::string_view text :
       {std::string_view(problem.where), std::string_view(problem.message),
        std::string_view(problem.hint)}) {
    put_text(out, cut(text));
  }
  return out;
}

Result<Error> decode_problem(std::string_view payload) {
  Parts parts{payload};
  Error problem;
  const std::uint64_t code = parts.number();
  problem.offset = std::max<std::int64_t>(-1, static_cast<std::int64_t>(parts.number()));
  const auto line = static_cast<std::int64_t>(parts.number());
  problem.line =
      static_cast<int>(std::clamp<std::int64_t>(line, -1, std::numeric_limits<int>::max()));
  problem.where = parts.text();
  problem.message = parts.text();
  problem.hint = parts.text();
  if (!parts.is_whole() || code < static_cast<std::uint64_t>(ErrorCode::kInvalidInput) ||
      code > static_cast<std::uint64_t>(ErrorCode::kInternal)) {
    return bad("problem");
  }
  problem.code = static_cast<ErrorCode>(code);
  return problem;
}

std::string encode_label(std::string_view label, std::uint64_t number) {
  std::string out;
  put_number(out, number);
  put_text(out, cut(label));
  return out;
}

Result<Label> decode_label(std::string_view payload) {
  Parts parts{payload};
  Label label;
  label.number = parts.number();
  label.text = parts.text();
  if (!parts.is_whole()) {
    return bad("label");
  }
  return label;
}

}  // namespace spoor::ingest::sandbox
