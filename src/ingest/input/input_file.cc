#include "ingest/input/input_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"

namespace spoor::ingest {

Result<InputFile> InputFile::open(const std::string& path, bool follow_link) {
  InputFile input;
  // O_NONBLOCK: a pipe that took the place of the file must not hold us up.
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow_link ? 0 : O_NOFOLLOW);
  input.file_ = FileHandle(::open(path.c_str(), flags));
  if (!input.file_.is_open()) {
    return fail(system_error("cannot open", path, errno));
  }
  struct stat status{};
  if (fstat(input.file_.get(), &status) != 0) {
    return fail(system_error("cannot read its size", path, errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(Error::make(ErrorCode::kUnsupported, "is not a regular file").at(path));
  }
  input.display_path = to_valid_utf8(path);
  input.disk_path = path;
  input.size = static_cast<std::uint64_t>(status.st_size);
  return input;
}

InputFile InputFile::from_memory(std::string display_path, std::string bytes) {
  InputFile input;
  input.display_path = std::move(display_path);
  input.size = bytes.size();
  input.memory_ = std::move(bytes);
  return input;
}

InputFile InputFile::from_unnamed(std::string display_path, FileHandle file, std::uint64_t size) {
  InputFile input;
  input.display_path = std::move(display_path);
  input.size = size;
  input.file_ = std::move(file);
  return input;
}

InputFile::InputFile(InputFile&& other) noexcept
    : display_path(std::move(other.display_path)),
      disk_path(std::move(other.disk_path)),
      size(other.size),
      is_partial(other.is_partial),
      memory_(std::move(other.memory_)),
      file_(std::move(other.file_)),
      mapping_(std::exchange(other.mapping_, nullptr)),
      mapped_size_(other.mapped_size_) {}

InputFile::~InputFile() {
  if (mapping_ != nullptr) {
    munmap(mapping_, mapped_size_);
  }
}

Result<std::string_view> InputFile::bytes() {
  if (!file_.is_open() || size == 0) {
    return std::string_view(memory_);
  }
  if (mapping_ == nullptr) {
    void* mapping = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_.get(), 0);
    if (mapping == MAP_FAILED) {
      return fail(system_error("cannot map", display_path, errno));
    }
    madvise(mapping, size, MADV_SEQUENTIAL);
    mapping_ = mapping;
    mapped_size_ = size;
  }
  return std::string_view(static_cast<const char*>(mapping_), mapped_size_);
}

Result<std::size_t> InputFile::read_at(std::uint64_t offset, std::span<char> out) const {
  if (!file_.is_open()) {
    if (offset >= memory_.size()) {
      return 0;
    }
    return memory_.copy(out.data(), out.size(), offset);
  }
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = pread(file_.get(), out.data() + filled, out.size() - filled,
                              static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return fail(system_error("cannot read", display_path, errno));
    }
    if (got == 0) {
      break;
    }
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

}  // namespace spoor::ingest
