#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace spoor {
namespace {

Result<std::uint64_t> size_of_open_file(int descriptor, const std::string& path) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) {
    return fail(system_error("cannot read its size", path, errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(Error::make(ErrorCode::kInvalidInput, "is not a regular file").at(path));
  }
  return static_cast<std::uint64_t>(status.st_size);
}

Result<void> sync(int descriptor, const std::string& where) {
  if (fsync(descriptor) != 0) {
    return fail(system_error("cannot bring to disk", where, errno));
  }
  return {};
}

Result<void> write_and_sync(int descriptor, std::string_view bytes, unsigned mode,
                            const std::string& where) {
  if (fchmod(descriptor, mode) != 0) {
    return fail(system_error("cannot set its mode", where, errno));
  }
  TRY_VOID(write_all(descriptor, bytes, where));
  return sync(descriptor, where);
}

}  // namespace

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    const FileHandle closing(descriptor_);
    descriptor_ = other.release();
  }
  return *this;
}

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

int FileHandle::release() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  return descriptor;
}

Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes) {
  // O_NONBLOCK: a pipe given by mistake must be refused, not waited for.
  const FileHandle file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    return fail(system_error("cannot open", path, errno));
  }
  const std::uint64_t expected = TRY(size_of_open_file(file.get(), path));
  const auto too_large = [&] {
    return fail(
        Error::make(ErrorCode::kLimit, fmt::format("is larger than {} bytes", max_bytes)).at(path));
  };
  if (expected > max_bytes) {
    return too_large();
  }
  // The size is a hint: files of /proc say 0, and a log may grow while it is read.
  std::string bytes;
  std::size_t filled = 0;
  bytes.resize(expected + 1);
  for (;;) {
    const ssize_t got = read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return fail(system_error("cannot read", path, errno));
    }
    if (got == 0) {
      break;
    }
    filled += static_cast<std::size_t>(got);
    if (filled > max_bytes) {
      return too_large();
    }
    if (filled == bytes.size()) {
      bytes.resize(bytes.size() + 65536);
    }
  }
  bytes.resize(filled);
  return bytes;
}

Result<void> write_all(int descriptor, std::string_view bytes, const std::string& where) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return fail(system_error("cannot write", where, errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::size_t slash = path.find_last_of('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : path.substr(0, slash);
  std::string temporary = path + ".XXXXXX";
  const FileHandle file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) {
    return fail(system_error("cannot write", path, errno));
  }
  Result<void> written = write_and_sync(file.get(), bytes, mode, path);
  if (written && rename(temporary.c_str(), path.c_str()) != 0) {
    written = fail(system_error("cannot replace", path, errno));
  }
  if (!written) {
    unlink(temporary.c_str());
    return written;
  }
  const FileHandle opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) {
    return fail(system_error("cannot open the folder", folder, errno));
  }
  return sync(opened.get(), folder);
}

Result<void> make_folders(const std::string& path) {
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t slash = path.find('/', at + 1);
    const std::string part = path.substr(0, slash);
    at = slash == std::string::npos ? path.size() : slash;
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return fail(system_error("cannot make the folder", part, errno));
    }
  }
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    return fail(system_error("cannot make the folder", path, errno));
  }
  if (!S_ISDIR(status.st_mode)) {
    return fail(Error::make(ErrorCode::kConflict, "exists and is not a folder").at(path));
  }
  return {};
}

Result<std::uint64_t> file_size(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    return fail(system_error("cannot read its size", path, errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(Error::make(ErrorCode::kInvalidInput, "is not a regular file").at(path));
  }
  return static_cast<std::uint64_t>(status.st_size);
}

Result<FileHandle> open_unnamed_file(const std::string& folder) {
  FileHandle file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600));
  if (file.is_open()) {
    return file;
  }
  // Some file systems know no unnamed files: make one and take its name away at once.
  std::string name = folder + "/spoor-XXXXXX";
  file = FileHandle(mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open()) {
    return fail(system_error("cannot make a temporary file", folder, errno));
  }
  unlink(name.c_str());
  return file;
}

}  // namespace spoor
