// A backup as a folder.

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "server/backup_files.h"
#include "server/backup_forms.h"
#include "server/backup_manifest.h"

namespace spoor::server {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestManifest = 1ULL << 30;

class FolderWriter : public BackupWriter {
 public:
  FolderWriter(std::string folder, bool made) : folder_(std::move(folder)), made_(made) {}
  ~FolderWriter() override {
    if (finished_) {
      return;
    }
    std::error_code ignored;
    for (const std::string& name : tops_) {
      fs::remove_all(folder_ + "/" + name, ignored);
    }
    if (made_) {
      fs::remove(folder_, ignored);
    }
  }

  Result<std::string> add(const std::string& path, std::uint64_t bytes,
                          const ByteSource& source) override {
    const std::string top = path.substr(0, path.find('/'));
    if (std::ranges::find(tops_, top) == tops_.end()) {
      tops_.push_back(top);
    }
    const std::string target = folder_ + "/" + path;
    TRY_VOID(make_folders(std::string(path_folder(target))));
    const FileHandle file(
        ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open()) {
      return fail(system_error("cannot write", target, errno));
    }
    return copy_hashed(bytes, source,
                       [&](std::string_view part) { return write_all(file.get(), part, target); });
  }

  Result<void> finish() override {
    // One call for all files: one each would take longer than the copy.
    const FileHandle folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() || ::syncfs(folder.get()) != 0) {
      return fail(system_error("cannot sync", folder_, errno));
    }
    finished_ = true;
    return {};
  }

 private:
  std::string folder_;
  bool made_;  ///< the folder itself is ours
  bool finished_ = false;
  std::vector<std::string> tops_;
};

class FolderReader : public BackupReader {
 public:
  explicit FolderReader(std::string folder) : folder_(std::move(folder)) {}

  Result<std::string> manifest() override {
    auto text = read_file(folder_ + "/" + std::string(kManifestName), kLargestManifest);
    if (!text && text.error().code == ErrorCode::kNotFound) {
      return fail(no_manifest(folder_));
    }
    return text;
  }

  Result<void> each(const OnFile& on_file) override {
    std::error_code error;
    fs::recursive_directory_iterator at(folder_, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      const fs::file_status status = at->symlink_status(error);
      const std::string path = at->path().string().substr(folder_.size() + 1);
      if (fs::is_directory(status) || path == kManifestName) {
        continue;
      }
      const FileHandle file(::open(at->path().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
      struct stat found{};
      if (!file.is_open() || ::fstat(file.get(), &found) != 0) {
        return fail(system_error("cannot read", at->path().string(), errno));
      }
      if (!S_ISREG(found.st_mode)) {
        return fail(Error::make(ErrorCode::kInvalidInput, "the backup holds what is no file")
                        .at(at->path().string()));
      }
      TRY_VOID(on_file(path, static_cast<std::uint64_t>(found.st_size),
                       read_from(file.get(), at->path().string())));
    }
    return error ? fail(system_error("cannot list", folder_, error.value())) : Result<void>{};
  }

 private:
  std::string folder_;
};

}  // namespace

Error no_manifest(const std::string& where) {
  return Error::make(ErrorCode::kInvalidInput, "is no finished backup: it has no manifest")
      .at(where);
}

ByteSource read_from(int descriptor, const std::string& where) {
  return [descriptor, where](std::span<char> buffer) -> Result<std::size_t> {
    while (true) {
      const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
      if (size >= 0) {
        return static_cast<std::size_t>(size);
      }
      if (errno != EINTR) {
        return fail(system_error("cannot read", where, errno));
      }
    }
  };
}

Result<std::string> copy_hashed(std::uint64_t bytes, const ByteSource& source,
                                const std::function<Result<void>(std::string_view)>& sink) {
  constexpr std::size_t kPiece = 1u << 20;
  std::string buffer(std::min<std::uint64_t>(kPiece, std::max<std::uint64_t>(bytes, 1)), '\0');
  Sha256 hash;
  std::uint64_t done = 0;
  while (true) {
    const std::size_t size = TRY(source(std::span(buffer)));
    if (size == 0) {
      break;
    }
    done += size;
    if (done > bytes) {
      break;
    }
    hash.add({buffer.data(), size});
    TRY_VOID(sink({buffer.data(), size}));
  }
  if (done != bytes) {
    return fail(ErrorCode::kTruncated,
                fmt::format("is not of the size {} that it should be", bytes));
  }
  return hash.finish();
}

Result<std::unique_ptr<BackupWriter>> create_folder(const std::string& to) {
  TRY_VOID(make_folders(std::string(path_folder(fs::absolute(to).lexically_normal().string()))));
  const bool made = ::mkdir(to.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) {
    return fail(system_error("cannot make the backup", to, errno));
  }
  std::error_code error;
  if (!made && (!fs::is_directory(to, error) || !fs::is_empty(to, error) || error)) {
    return fail(
        Error::make(ErrorCode::kConflict, "is there already, and not an empty folder").at(to));
  }
  return std::make_unique<FolderWriter>(to, made);
}

Result<std::unique_ptr<BackupReader>> open_folder(const std::string& from) {
  std::string folder = from;
  while (folder.size() > 1 && folder.back() == '/') {
    folder.pop_back();
  }
  return std::make_unique<FolderReader>(std::move(folder));
}

}  // namespace spoor::server
