#include "ingest/input/archive_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace spoor::ingest {
namespace {

constexpr std::size_t kBlockBytes = 128UL << 10;

/// POSIX.1-2017, pax, "ustar Interchange Format": the sum of the header's bytes, its own field
/// taken as blanks.
bool is_tar_header(std::string_view head) {
  constexpr std::size_t kHeaderBytes = 512;
  constexpr std::size_t kSumAt = 148;
  constexpr std::size_t kSumBytes = 8;
  if (head.size() < kHeaderBytes || head[0] == '\0') {
    return false;
  }
  std::uint32_t stated = 0;
  bool has_digit = false;
  for (const char letter : head.substr(kSumAt, kSumBytes)) {
    if (letter >= '0' && letter <= '7') {
      stated = stated * 8 + static_cast<std::uint32_t>(letter - '0');
      has_digit = true;
    } else if (letter != ' ' && letter != '\0') {
      return false;
    }
  }
  std::uint32_t sum = kSumBytes * ' ';
  for (std::size_t at = 0; at < kHeaderBytes; ++at) {
    if (at < kSumAt || at >= kSumAt + kSumBytes) {
      sum += static_cast<unsigned char>(head[at]);
    }
  }
  return has_digit && sum == stated;
}

std::string shown_name(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) {
    name = archive_entry_pathname(entry);
  }
  if (name == nullptr || *name == '\0') {
    return "(no name)";
  }
  std::string shown;
  for (const char letter : to_valid_utf8(name)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7f) {
      append_utf8(shown, 0xfffd);
    } else {
      shown += letter;
    }
  }
  return shown;
}

ArchiveStream::MemberKind kind_of(archive_entry* entry) {
  using enum ArchiveStream::MemberKind;
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr) {
    return kLink;
  }
  if (archive_entry_is_encrypted(entry) != 0) {
    return kEncrypted;
  }
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
    case 0:
      return kFile;
    case AE_IFDIR:
      return kFolder;
    case AE_IFLNK:
      return kLink;
    default:
      return kSpecial;
  }
}

/// "x.evtx.gz" holds "x.evtx".
std::string name_inside(std::string_view display_path) {
  const std::string_view inner = display_path.substr(display_path.rfind('!') + 1);
  std::string_view name = path_file_name(inner);
  for (const std::string_view suffix : {".gz", ".zst"}) {
    if (name.size() > suffix.size() &&
        equals_ignoring_case(name.substr(name.size() - suffix.size()), suffix)) {
      name.remove_suffix(suffix.size());
      return std::string(name);
    }
  }
  return "content";
}

}  // namespace

Container sniff_container(std::string_view head) {
  if (head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06")) {
    return Container::kZip;
  }
  if (head.starts_with("\x1f\x8b\x08")) {
    return Container::kGzip;
  }
  if (head.starts_with("\x28\xb5\x2f\xfd")) {
    return Container::kZstd;
  }
  return is_tar_header(head) ? Container::kTar : Container::kNone;
}

struct ArchiveStream::Handle {
  archive* reader = archive_read_new();
  archive_entry* entry = nullptr;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { archive_read_free(reader); }
};

ArchiveStream::ArchiveStream(InputFile& input)
    : input_(input), handle_(std::make_unique<Handle>()) {}

ArchiveStream::~ArchiveStream() = default;

Result<std::unique_ptr<ArchiveStream>> ArchiveStream::open(InputFile& input, Container container) {
  std::unique_ptr<ArchiveStream> stream(new ArchiveStream(input));
  archive* reader = stream->handle_->reader;
  if (reader == nullptr) {
    return fail(ErrorCode::kLimit, "there is not enough memory to read an archive");
  }
  // Only what was sniffed is switched on: each further format is code that hostile bytes could
  // reach.
  int result = ARCHIVE_OK;
  switch (container) {
    case Container::kZip:
      result = archive_read_support_format_zip(reader);
      break;
    case Container::kTar:
      result = archive_read_support_format_tar(reader);
      break;
    case Container::kGzip:
    case Container::kZstd:
      result = container == Container::kGzip ? archive_read_support_filter_gzip(reader)
                                             : archive_read_support_filter_zstd(reader);
      archive_read_support_format_tar(reader);
      archive_read_support_format_raw(reader);
      archive_read_support_format_empty(reader);
      stream->is_compressed_stream_ = true;
      break;
    case Container::kNone:
      return fail(ErrorCode::kInternal, "is not an archive");
  }
  if (result != ARCHIVE_OK) {
    return fail(stream->error_of(result));
  }
  if (input.descriptor() < 0) {
    const std::string_view bytes = input.memory();
    result = archive_read_open_memory(reader, bytes.data(), bytes.size());
  } else {
    if (lseek(input.descriptor(), 0, SEEK_SET) != 0) {
      return fail(system_error("cannot read", input.display_path, errno));
    }
    result = archive_read_open_fd(reader, input.descriptor(), kBlockBytes);
  }
  if (result != ARCHIVE_OK) {
    return fail(stream->error_of(result));
  }
  return stream;
}

Result<std::optional<ArchiveStream::Member>> ArchiveStream::next() {
  archive* reader = handle_->reader;
  if (is_ended_) {
    return std::nullopt;
  }
  const int result = archive_read_next_header(reader, &handle_->entry);
  const bool is_raw = archive_format(reader) == ARCHIVE_FORMAT_RAW;
  if (result == ARCHIVE_EOF) {
    is_ended_ = true;
    if (is_compressed_stream_ && members_ == 0 && archive_format(reader) == ARCHIVE_FORMAT_EMPTY) {
      ++members_;
      return Member{name_inside(input_.display_path), MemberKind::kFile, 0};
    }
    return std::nullopt;
  }
  // A warning says that a name or a date could not be converted; the content is there.
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
    return fail(error_of(result));
  }
  ++members_;
  Member member;
  member.kind = is_raw ? MemberKind::kFile : kind_of(handle_->entry);
  member.name = is_raw ? name_inside(input_.display_path) : shown_name(handle_->entry);
  if (!is_raw && archive_entry_size_is_set(handle_->entry) != 0 &&
      archive_entry_size(handle_->entry) >= 0) {
    member.claimed_size = static_cast<std::uint64_t>(archive_entry_size(handle_->entry));
  }
  return member;
}

Result<std::size_t> ArchiveStream::read(std::span<char> out) {
  if (is_ended_) {
    return 0;  // the empty content of a compressed file
  }
  const la_ssize_t got = archive_read_data(handle_->reader, out.data(), out.size());
  if (got < 0) {
    return fail(error_of(static_cast<int>(got)));
  }
  return static_cast<std::size_t>(got);
}

std::uint64_t ArchiveStream::bytes_in() const {
  const la_int64_t bytes = archive_filter_bytes(handle_->reader, -1);
  return bytes < 0 ? 0 : static_cast<std::uint64_t>(bytes);
}

Error ArchiveStream::error_of(int result) {
  is_broken_ = is_broken_ || result == ARCHIVE_FATAL;
  const char* said = archive_error_string(handle_->reader);
  const std::string text = to_valid_utf8(said != nullptr ? said : "unknown failure");
  ErrorCode code = ErrorCode::kInvalidInput;
  if (text.find("runcated") != std::string::npos) {
    code = ErrorCode::kTruncated;
  } else if (archive_errno(handle_->reader) == ENOMEM) {
    code = ErrorCode::kLimit;
  }
  return Error::make(code, fmt::format("cannot be unpacked: {}", text));
}

}  // namespace spoor::ingest
