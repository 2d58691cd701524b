#include "ingest/input/archive_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "ingest/input/decompressor.h"

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
  std::unique_ptr<Decompressor> decompressor;  ///< outlives the reader, which calls it
  std::optional<Error> failure;                ///< of the decompressor
  archive* reader = nullptr;                   ///< none for a compressed file that is no tar
  archive_entry* entry = nullptr;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { archive_read_free(reader); }

  /// Called by libarchive for more of a compressed tar.
  static la_ssize_t read_more(archive* reader, void* handle, const void** block) {
    auto& self = *static_cast<Handle*>(handle);
    Result<std::string_view> piece = self.decompressor->next();
    if (!piece) {
      archive_set_error(reader, EINVAL, "%s", piece.error().message.c_str());
      self.failure = std::move(piece).error();
      return ARCHIVE_FATAL;
    }
    *block = piece->data();
    return static_cast<la_ssize_t>(piece->size());
  }
};

ArchiveStream::ArchiveStream(InputFile& input)
    : input_(input), handle_(std::make_unique<Handle>()) {}

ArchiveStream::~ArchiveStream() = default;

Result<std::unique_ptr<ArchiveStream>> ArchiveStream::open(InputFile& input, Container container) {
  std::unique_ptr<ArchiveStream> stream(new ArchiveStream(input));
  Handle& handle = *stream->handle_;
  if (container == Container::kGzip || container == Container::kZstd) {
    handle.decompressor = container == Container::kGzip ? make_gzip_decompressor(input)
                                                        : make_zstd_decompressor(input);
    if (!is_tar_header(handle.decompressor->peek(kSniffBytes))) {
      return stream;
    }
  }
  handle.reader = archive_read_new();
  if (handle.reader == nullptr) {
    return fail(ErrorCode::kLimit, "there is not enough memory to read an archive");
  }
  const int result = stream->open_reader(container == Container::kZip);
  if (result != ARCHIVE_OK) {
    return fail(stream->error_of(result));
  }
  return stream;
}

int ArchiveStream::open_reader(bool is_zip) {
  archive* reader = handle_->reader;
  // Only what was sniffed is switched on: each further format is code that hostile bytes could
  // reach.
  const int result =
      is_zip ? archive_read_support_format_zip(reader) : archive_read_support_format_tar(reader);
  if (result != ARCHIVE_OK) {
    return result;
  }
  if (handle_->decompressor) {
    return archive_read_open(reader, handle_.get(), nullptr, &Handle::read_more, nullptr);
  }
  if (input_.descriptor() < 0) {
    const std::string_view bytes = input_.memory();
    return archive_read_open_memory(reader, bytes.data(), bytes.size());
  }
  if (lseek(input_.descriptor(), 0, SEEK_SET) != 0) {
    archive_set_error(reader, errno, "the file cannot be read from its start");
    return ARCHIVE_FATAL;
  }
  return archive_read_open_fd(reader, input_.descriptor(), kBlockBytes);
}

Result<std::optional<ArchiveStream::Member>> ArchiveStream::next() {
  block_ = {};
  block_offset_ = position_ = 0;
  archive* reader = handle_->reader;
  if (reader == nullptr) {
    const bool is_first = !std::exchange(is_ended_, true);
    return is_first ? std::optional(Member{name_inside(input_.display_path)}) : std::nullopt;
  }
  const int result = archive_read_next_header(reader, &handle_->entry);
  if (result == ARCHIVE_EOF) {
    TRY_VOID(read_to_end());
    return std::nullopt;
  }
  // A warning says that a name or a date could not be converted; the content is there.
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
    return fail(error_of(result));
  }
  Member member{shown_name(handle_->entry), kind_of(handle_->entry)};
  const la_int64_t size = archive_entry_size(handle_->entry);
  if (archive_entry_size_is_set(handle_->entry) != 0 && size >= 0) {
    member.claimed_size = static_cast<std::uint64_t>(size);
  }
  return member;
}

/// After the last member of a compressed tar: the check sum stands behind what tar itself reads.
Result<void> ArchiveStream::read_to_end() {
  constexpr std::size_t kMaxPadding = 16UL << 20;
  if (!handle_->decompressor || std::exchange(is_ended_, true)) {
    return {};
  }
  for (std::size_t padding = 0; padding <= kMaxPadding;) {
    const Result<std::string_view> piece = handle_->decompressor->next();
    if (!piece) {
      is_broken_ = true;
      return fail(piece.error());
    }
    if (piece->empty()) {
      return {};
    }
    if (piece->find_first_not_of('\0') != std::string_view::npos) {
      break;
    }
    padding += piece->size();
  }
  is_broken_ = true;
  return fail(ErrorCode::kUnsupported, "holds more after the end of its tar, which is left out");
}

/// The next block of the member, into `block_`; false at its end.
Result<bool> ArchiveStream::read_block() {
  if (handle_->reader == nullptr) {
    block_ = TRY(handle_->decompressor->next());
    return !block_.empty();
  }
  // Block by block and not by archive_read_data, which drops what it has got when a failure
  // follows.
  const void* data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int result = archive_read_data_block(handle_->reader, &data, &size, &offset);
  if (result == ARCHIVE_EOF) {
    return false;
  }
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
    return fail(error_of(result));
  }
  block_ = {static_cast<const char*>(data), size};
  block_offset_ = static_cast<std::uint64_t>(std::max<la_int64_t>(0, offset));
  return true;
}

Result<std::size_t> ArchiveStream::read(std::span<char> out) {
  while (block_.empty()) {
    if (!TRY(read_block())) {
      return 0;
    }
  }
  // Between the blocks of a sparse file there are zeros.
  const bool is_hole = block_offset_ > position_;
  const std::size_t length =
      std::min<std::uint64_t>(out.size(), is_hole ? block_offset_ - position_ : block_.size());
  if (is_hole) {
    std::fill_n(out.begin(), length, '\0');
  } else {
    std::copy_n(block_.begin(), length, out.begin());
    block_.remove_prefix(length);
    block_offset_ += length;
  }
  position_ += length;
  return length;
}

std::uint64_t ArchiveStream::bytes_in() const {
  if (handle_->decompressor) {
    return handle_->decompressor->bytes_in();
  }
  const la_int64_t bytes = archive_filter_bytes(handle_->reader, -1);
  return bytes < 0 ? 0 : static_cast<std::uint64_t>(bytes);
}

Error ArchiveStream::error_of(int result) {
  is_broken_ = is_broken_ || result == ARCHIVE_FATAL;
  if (handle_->failure) {
    return *handle_->failure;
  }
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
