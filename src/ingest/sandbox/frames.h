#pragma once
// What parent and child say to each other: frames of a kind, a length and bytes. Internal to the
// module.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/sandbox/parse_in_child.h"

namespace spoor::ingest::sandbox {

enum class FrameKind : std::uint8_t {
  kRequest = 1,  ///< to the child, first and once
  kRecords = 2,  ///< a block of event/record_codec.h
  kProblem = 3,
  kUnread = 4,
  kFile = 5,
  kProgress = 6,
  kDone = 7,  ///< the last one
};

/// Bytes of a frame at most: a block holds about 1 MiB, and one more record of 8 MiB.
inline constexpr std::size_t kMaxFrame = 32u << 20;
inline constexpr std::size_t kFrameHead = 5;  ///< kind, length (little endian)
/// Letters of a label at most.
inline constexpr std::size_t kMaxLabel = 64u << 10;

/// What the child does; all but the first are for tests.
enum class Mode : std::uint8_t {
  kParse = 0,
  kAttempts = 1,  ///< tries what it must not be able to do and reports each as a problem
  kCrash = 2,
  kHang = 3,
  kSpin = 4,
  kAllocate = 5,
  kFlood = 6,       ///< sends progress without end
  kGarbage = 7,     ///< sends bytes that are no frames
  kWrongLabel = 8,  ///< a record of a file that it was not given
  kTwoEnds = 9,     ///< goes on after its end
};

struct Request {
  Mode mode = Mode::kParse;
  std::string name;
  int spools = 0;  ///< open files for large members, from kFirstSpool on
  std::uint64_t memory_bytes = 0;
  std::uint64_t processor_seconds = 0;
  Limits archive;
};

/// Descriptors of the child.
inline constexpr int kChannel = 3;
inline constexpr int kInput = 4;
inline constexpr int kFirstSpool = 5;
inline constexpr int kMostSpools = 8;
inline constexpr const char* kChildArgument = "--parse-child";

/// How the child ends where it cannot say more.
inline constexpr int kExitNoRequest = 70;
inline constexpr int kExitNoCage = 71;
inline constexpr int kExitNoMemory = 72;
inline constexpr int kExitNoParent = 73;

void append_frame(std::string& out, FrameKind kind, std::string_view payload);
std::string encode(const Request& request);
Result<Request> decode_request(std::string_view payload);
std::string encode(const Error& problem);
Result<Error> decode_problem(std::string_view payload);
std::string encode_label(std::string_view label, std::uint64_t number);
struct Label {
  std::string_view text;
  std::uint64_t number = 0;
};
Result<Label> decode_label(std::string_view payload);

}  // namespace spoor::ingest::sandbox
