// A backup as one tar file.

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "server/backup_files.h"
#include "server/backup_forms.h"
#include "server/backup_manifest.h"

namespace spoor::server {
namespace {

constexpr std::uint64_t kLargestManifest = 1ULL << 30;

Error archive_failure(archive* of, const char* attempt, const std::string& where) {
  const char* text = archive_error_string(of);
  const bool is_full = archive_errno(of) == ENOSPC;
  return Error::make(is_full ? ErrorCode::kNoSpace : ErrorCode::kIo,
                     fmt::format("{}: {}", attempt, text == nullptr ? "no reason given" : text))
      .at(where);
}

class TarWriter : public BackupWriter {
 public:
  TarWriter(std::string path, FileHandle file)
      : path_(std::move(path)), part_(path_ + ".part"), file_(std::move(file)) {}
  ~TarWriter() override {
    archive_.reset();
    if (!finished_) {
      ::unlink(part_.c_str());
    }
  }

  Result<void> start() {
    if (archive_write_set_format_pax_restricted(archive_.get()) != ARCHIVE_OK ||
        archive_write_open_fd(archive_.get(), file_.get()) != ARCHIVE_OK) {
      return fail(archive_failure(archive_.get(), "cannot start the archive", part_));
    }
    return {};
  }

  Result<std::string> add(const std::string& path, std::uint64_t bytes,
                          const ByteSource& source) override {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              &archive_entry_free);
    archive_entry_set_pathname(entry.get(), path.c_str());
    archive_entry_set_size(entry.get(), static_cast<std::int64_t>(bytes));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    if (archive_write_header(archive_.get(), entry.get()) != ARCHIVE_OK) {
      return fail(archive_failure(archive_.get(), "cannot write", part_));
    }
    return copy_hashed(bytes, source, [&](std::string_view part) -> Result<void> {
      if (archive_write_data(archive_.get(), part.data(), part.size()) !=
          static_cast<la_ssize_t>(part.size())) {
        return fail(archive_failure(archive_.get(), "cannot write", part_));
      }
      return {};
    });
  }

  Result<void> finish() override {
    if (archive_write_close(archive_.get()) != ARCHIVE_OK) {
      return fail(archive_failure(archive_.get(), "cannot write", part_));
    }
    if (::fsync(file_.get()) != 0) {
      return fail(system_error("cannot sync", part_, errno));
    }
    // Unlike rename, link never takes the place of a file that came meanwhile.
    if (::link(part_.c_str(), path_.c_str()) != 0) {
      return fail(system_error("cannot name the backup", path_, errno));
    }
    ::unlink(part_.c_str());
    const std::string folder = std::filesystem::absolute(path_).parent_path().string();
    const FileHandle above(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!above.is_open() || ::fsync(above.get()) != 0) {
      return fail(system_error("cannot sync", folder, errno));
    }
    finished_ = true;
    return {};
  }

 private:
  std::string path_;
  std::string part_;
  FileHandle file_;
  std::unique_ptr<archive, decltype(&archive_write_free)> archive_{archive_write_new(),
                                                                   &archive_write_free};
  bool finished_ = false;
};

class TarReader : public BackupReader {
 public:
  explicit TarReader(std::string path) : path_(std::move(path)) {}

  Result<std::string> manifest() override {
    std::string text;
    bool found = false;
    TRY_VOID(walk([&](const std::string& name, std::uint64_t bytes,
                      const ByteSource& source) -> Result<void> {
      if (name != kManifestName || found) {
        return {};
      }
      found = true;
      if (bytes > kLargestManifest) {
        return fail(Error::make(ErrorCode::kLimit, "the manifest is too large").at(path_));
      }
      TRY(copy_hashed(bytes, source, [&](std::string_view part) -> Result<void> {
        text += part;
        return {};
      }));
      return {};
    }));
    return found ? Result<std::string>(std::move(text)) : fail(no_manifest(path_));
  }

  Result<void> each(const OnFile& on_file) override {
    return walk([&](const std::string& name, std::uint64_t bytes, const ByteSource& source) {
      return name == kManifestName ? Result<void>{} : on_file(name, bytes, source);
    });
  }

 private:
  Result<void> walk(const OnFile& on_file) {
    const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                        &archive_read_free);
    constexpr std::size_t kBlock = 1u << 20;
    if (archive_read_support_format_tar(reader.get()) != ARCHIVE_OK ||
        archive_read_open_filename(reader.get(), path_.c_str(), kBlock) != ARCHIVE_OK) {
      return fail(archive_failure(reader.get(), "cannot open the backup", path_));
    }
    struct stat whole{};
    if (::stat(path_.c_str(), &whole) != 0) {
      return fail(system_error("cannot open the backup", path_, errno));
    }
    archive_entry* entry = nullptr;
    while (true) {
      const int next = archive_read_next_header(reader.get(), &entry);
      if (next == ARCHIVE_EOF) {
        return {};
      }
      if (next != ARCHIVE_OK) {
        return fail(Error::make(ErrorCode::kInvalidInput, "the backup is damaged")
                        .at(path_)
                        .with_hint(archive_error_string(reader.get())));
      }
      const char* name = archive_entry_pathname(entry);
      if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG ||
          archive_entry_hardlink(entry) != nullptr || archive_entry_size(entry) < 0) {
        return fail(
            Error::make(ErrorCode::kInvalidInput, "the backup holds what is no file").at(path_));
      }
      // Nothing is compressed: a file cannot be larger than the tar. One with holes could, and none
      // is written so.
      if (archive_entry_sparse_count(entry) > 0 || archive_entry_size(entry) > whole.st_size) {
        return fail(Error::make(ErrorCode::kInvalidInput,
                                "the backup holds a file that is larger than the backup")
                        .at(path_));
      }
      TRY_VOID(on_file(name, static_cast<std::uint64_t>(archive_entry_size(entry)),
                       [&](std::span<char> buffer) -> Result<std::size_t> {
                         const la_ssize_t size =
                             archive_read_data(reader.get(), buffer.data(), buffer.size());
                         if (size < 0) {
                           return fail(archive_failure(reader.get(), "cannot read", path_));
                         }
                         return static_cast<std::size_t>(size);
                       }));
    }
  }

  std::string path_;
};

}  // namespace

Result<std::unique_ptr<BackupWriter>> create_tar(const std::string& to) {
  const std::string part = to + ".part";
  if (::access(to.c_str(), F_OK) == 0) {
    return fail(Error::make(ErrorCode::kConflict, "is there already").at(to));
  }
  TRY_VOID(make_folders(std::filesystem::absolute(to).parent_path().string()));
  FileHandle file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    return fail(system_error("cannot make the backup", part, errno));
  }
  auto writer = std::make_unique<TarWriter>(to, std::move(file));
  TRY_VOID(writer->start());
  return writer;
}

Result<std::unique_ptr<BackupReader>> open_tar(const std::string& from) {
  return std::make_unique<TarReader>(from);
}

Result<std::unique_ptr<BackupWriter>> BackupWriter::create(const std::string& to) {
  return to.ends_with(".tar") ? create_tar(to) : create_folder(to);
}

Result<std::unique_ptr<BackupReader>> BackupReader::open(const std::string& from) {
  struct stat found{};
  if (::stat(from.c_str(), &found) != 0) {
    return fail(system_error("cannot find the backup", from, errno));
  }
  return S_ISDIR(found.st_mode) ? open_folder(from) : open_tar(from);
}

}  // namespace spoor::server
