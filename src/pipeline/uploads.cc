#include "pipeline/uploads.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>

#include "base/sha256.h"
#include "base/text.h"
#include "json/reader.h"
#include "json/writer.h"

namespace spoor::pipeline {
namespace {

constexpr std::string_view kData = ".data";
constexpr std::string_view kFacts = ".json";
constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kMaxName = 1024;
constexpr std::uint64_t kMaxFacts = 64u << 10;

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::ranges::all_of(text, [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
         });
}

Result<std::string> random_id() {
  std::array<char, kIdDigits / 2> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(system_error("cannot make a random id", "", errno));
  }
  return hex_lower({bytes.data(), bytes.size()});
}

std::string label_of(std::string_view name) {
  std::string label = to_valid_utf8(name.substr(0, kMaxName));
  std::ranges::replace_if(
      label,
      [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; }, ' ');
  return label.empty() ? "(no name)" : label;
}

std::string to_json(const Upload& upload) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("owner").string(upload.owner);
  writer.key("name").string(upload.name);
  writer.key("size").number(upload.size);
  writer.key("sha256").string(upload.sha256);
  writer.key("complete").boolean(upload.is_complete);
  writer.key("created").number(upload.created);
  writer.key("changed").number(upload.changed);
  writer.end_object();
  return out;
}

/// Check sum of the first `size` bytes of an open file.
Result<std::string> sha256_of(int file, std::uint64_t size, const std::string& where) {
  Sha256 sum;
  std::string block(1u << 20, '\0');
  for (std::uint64_t at = 0; at < size;) {
    const ssize_t got =
        ::pread(file, block.data(), std::min<std::uint64_t>(block.size(), size - at),
                static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return fail(system_error("cannot read", where, got == 0 ? EIO : errno));
    }
    sum.add(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
    at += static_cast<std::uint64_t>(got);
  }
  return sum.finish();
}

std::unexpected<Error> none(std::string_view id) {
  return fail(ErrorCode::kNotFound, fmt::format("there is no upload '{}'", label_of(id)));
}

}  // namespace

struct Uploads::Impl {
  struct Entry {
    Upload upload;
    int holds = 0;
    bool is_busy = false;  ///< a piece is being written
  };

  Impl(std::string where, UploadLimits chosen) : folder(std::move(where)), limits(chosen) {}

  [[nodiscard]] std::string path_of(std::string_view id, std::string_view kind) const {
    return fmt::format("{}/{}{}", folder, id, kind);
  }
  Result<FileHandle> open_data(std::string_view id, int flags) const {
    const std::string name = fmt::format("{}{}", id, kData);
    FileHandle file(::openat(root.get(), name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) {
      return fail(system_error("cannot open", path_of(id, kData), errno));
    }
    return file;
  }
  Result<void> save(const Upload& upload) const {
    return write_file_atomically(path_of(upload.id, kFacts), to_json(upload));
  }
  void erase_files(std::string_view id) const {
    for (const std::string_view kind : {kFacts, kData}) {
      (void)::unlinkat(root.get(), fmt::format("{}{}", id, kind).c_str(), 0);
    }
  }
  Result<Entry*> find(std::string_view owner, std::string_view id) {
    const auto found = entries.find(id);
    if (found == entries.end() || found->second.upload.owner != owner) {
      return none(id);
    }
    return &found->second;
  }

  Result<Upload> load(const std::string& id) const;
  Result<void> scan();
  Result<void> write_piece(Upload& upload, std::string_view bytes) const;
  Result<void> check_space(std::uint64_t more) const;

  std::string folder;
  UploadLimits limits;
  FileHandle root;
  mutable std::mutex mutex;
  std::map<std::string, Entry, std::less<>> entries;
};

Result<Upload> Uploads::Impl::load(const std::string& id) const {
  const std::string bytes = TRY(read_file(path_of(id, kFacts), kMaxFacts));
  const json::Dynamic facts = TRY(json::parse(bytes));
  Upload upload;
  upload.id = id;
  upload.owner = facts["owner"].text_or("");
  upload.name = label_of(facts["name"].text_or(""));
  upload.size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, facts["size"].int_or(0)));
  upload.sha256 = facts["sha256"].text_or("");
  upload.created = facts["created"].int_or(0);
  upload.changed = facts["changed"].int_or(0);
  const bool* const complete = facts["complete"].as_bool();
  const FileHandle file = TRY(open_data(id, O_RDONLY));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kInvalidInput, "is no regular file");
  }
  upload.received = static_cast<std::uint64_t>(status.st_size);
  if (upload.owner.empty() || upload.size == 0 || upload.received > upload.size) {
    return fail(ErrorCode::kInvalidInput, "is damaged");
  }
  upload.is_complete = complete != nullptr && *complete && upload.received == upload.size;
  if (upload.received == upload.size && !upload.is_complete) {
    // The program ended between the last piece and its check.
    upload.is_complete =
        upload.sha256.empty() || TRY(sha256_of(file.get(), upload.size, id)) == upload.sha256;
    if (!upload.is_complete) {
      return fail(ErrorCode::kInvalidInput, "has another check sum than announced");
    }
  }
  return upload;
}

Result<void> Uploads::Impl::scan() {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) {
    return fail(system_error("cannot list the folder", folder, error.value()));
  }
  for (const std::string& name : names) {
    const std::string id = name.substr(0, kIdDigits);
    const bool is_ours = is_hex(id, kIdDigits);
    if (is_ours && name == id + std::string(kFacts)) {
      if (auto upload = load(id)) {
        entries[id].upload = *std::move(upload);
      }
    }
  }
  for (const std::string& name : names) {
    if (!entries.contains(name.substr(0, kIdDigits))) {
      (void)::unlinkat(root.get(), name.c_str(), 0);
    }
  }
  return {};
}

Result<void> Uploads::Impl::check_space(std::uint64_t more) const {
  struct statvfs disk{};
  if (::fstatvfs(root.get(), &disk) != 0) {
    return fail(system_error("cannot ask for free space", folder, errno));
  }
  const std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (free < more || free - more < limits.free_bytes) {
    return fail(ErrorCode::kNoSpace, "the disk has no room for the upload");
  }
  return {};
}

Uploads::Uploads(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Uploads::~Uploads() = default;
const std::string& Uploads::folder() const { return impl_->folder; }

Result<std::unique_ptr<Uploads>> Uploads::open(const std::string& folder, UploadLimits limits) {
  TRY_VOID(make_folders(folder));
  auto impl = std::make_unique<Impl>(folder, limits);
  impl->root = FileHandle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!impl->root.is_open()) {
    return fail(system_error("cannot open the folder", folder, errno));
  }
  TRY_VOID(impl->scan());
  std::unique_ptr<Uploads> uploads(new Uploads(std::move(impl)));
  uploads->expire();
  return uploads;
}

Result<Upload> Uploads::create(std::string_view owner, std::string_view name, std::uint64_t size,
                               std::string_view sha256) {
  const UploadLimits& limits = impl_->limits;
  if (owner.empty()) {
    return fail(ErrorCode::kInvalidInput, "an upload needs an owner");
  }
  if (size == 0) {
    return fail(ErrorCode::kInvalidInput, "an empty file cannot be uploaded");
  }
  if (!sha256.empty() && !is_hex(sha256, 64)) {
    return fail(ErrorCode::kInvalidInput, "the SHA-256 is not 64 lower-case hex digits");
  }
  if (size > limits.file_bytes) {
    return fail(ErrorCode::kLimit, fmt::format("a file may have {} bytes", limits.file_bytes));
  }
  Upload upload;
  upload.id = TRY(random_id());
  upload.owner = owner;
  upload.name = label_of(name);
  upload.size = size;
  upload.sha256 = sha256;
  upload.created = upload.changed = now_ticks();
  expire(upload.created);

  const std::scoped_lock lock(impl_->mutex);
  std::uint64_t announced = size;
  for (const auto& [id, entry] : impl_->entries) {
    announced += entry.upload.size;
  }
  if (announced > limits.total_bytes || impl_->entries.size() >= limits.uploads) {
    return fail(Error::make(ErrorCode::kLimit, "there are too many uploads")
                    .with_hint("import or remove some of them"));
  }
  TRY_VOID(impl_->check_space(size));
  TRY(impl_->open_data(upload.id, O_WRONLY | O_CREAT | O_EXCL));
  if (auto saved = impl_->save(upload); !saved) {
    impl_->erase_files(upload.id);
    return fail(saved.error());
  }
  impl_->entries[upload.id].upload = upload;
  return upload;
}

/// Appends and, with the last piece, checks. Not under the lock: a disk may be slow.
Result<void> Uploads::Impl::write_piece(Upload& upload, std::string_view bytes) const {
  TRY_VOID(check_space(bytes.size()));
  const FileHandle file = TRY(open_data(upload.id, O_RDWR));
  const std::string where = path_of(upload.id, kData);
  const auto start = static_cast<off_t>(upload.received);
  // What an earlier, failed piece has left goes first.
  if (::ftruncate(file.get(), start) != 0 || ::lseek(file.get(), start, SEEK_SET) != start) {
    return fail(system_error("cannot continue", where, errno));
  }
  TRY_VOID(write_all(file.get(), bytes, where));
  if (::fdatasync(file.get()) != 0) {
    return fail(system_error("cannot bring to disk", where, errno));
  }
  upload.received += bytes.size();
  upload.changed = now_ticks();
  if (upload.received < upload.size) {
    return save(upload);
  }
  if (!upload.sha256.empty() && TRY(sha256_of(file.get(), upload.size, where)) != upload.sha256) {
    upload.received = 0;
    if (::ftruncate(file.get(), 0) != 0) {
      return fail(system_error("cannot empty", where, errno));
    }
    TRY_VOID(save(upload));
    return fail(
        Error::make(ErrorCode::kInvalidInput, "the file has another SHA-256 than was announced")
            .with_hint("send it again from its start"));
  }
  upload.is_complete = true;
  return save(upload);
}

Result<Upload> Uploads::append(std::string_view owner, std::string_view id, std::uint64_t offset,
                               std::string_view bytes) {
  Upload upload;
  {
    const std::scoped_lock lock(impl_->mutex);
    Impl::Entry& entry = *TRY(impl_->find(owner, id));
    if (entry.is_busy) {
      return fail(ErrorCode::kConflict, "another piece of the upload is being written");
    }
    if (offset != entry.upload.received) {
      return fail(ErrorCode::kConflict,
                  fmt::format("the upload goes on at {}", entry.upload.received));
    }
    if (bytes.size() > impl_->limits.piece_bytes) {
      return fail(ErrorCode::kLimit,
                  fmt::format("a piece may have {} bytes", impl_->limits.piece_bytes));
    }
    if (bytes.size() > entry.upload.size - entry.upload.received) {
      return fail(ErrorCode::kLimit,
                  fmt::format("the file was announced with {} bytes", entry.upload.size));
    }
    if (bytes.empty()) {
      return entry.upload;
    }
    entry.is_busy = true;
    upload = entry.upload;
  }
  const auto written = impl_->write_piece(upload, bytes);
  const std::scoped_lock lock(impl_->mutex);
  Impl::Entry& entry = impl_->entries.find(id)->second;
  entry.is_busy = false;
  if (written || upload.received == 0) {
    entry.upload = upload;
  }
  if (!written) {
    return fail(written.error());
  }
  return upload;
}

Result<Upload> Uploads::get(std::string_view owner, std::string_view id) const {
  const std::scoped_lock lock(impl_->mutex);
  return TRY(impl_->find(owner, id))->upload;
}

std::vector<Upload> Uploads::list(std::string_view owner) const {
  std::vector<Upload> uploads;
  {
    const std::scoped_lock lock(impl_->mutex);
    for (const auto& [id, entry] : impl_->entries) {
      if (entry.upload.owner == owner) {
        uploads.push_back(entry.upload);
      }
    }
  }
  std::ranges::sort(uploads, {},
                    [](const Upload& each) { return std::pair(each.created, each.id); });
  return uploads;
}

Result<void> Uploads::remove(std::string_view owner, std::string_view id) {
  const std::scoped_lock lock(impl_->mutex);
  const Impl::Entry& entry = *TRY(impl_->find(owner, id));
  if (entry.is_busy || entry.holds > 0) {
    return fail(ErrorCode::kConflict, "the upload is in use");
  }
  impl_->erase_files(entry.upload.id);
  impl_->entries.erase(impl_->entries.find(id));
  return {};
}

Result<FileHandle> Uploads::open_complete(std::string_view owner, std::string_view id) const {
  const std::scoped_lock lock(impl_->mutex);
  const Impl::Entry& entry = *TRY(impl_->find(owner, id));
  if (!entry.upload.is_complete) {
    return fail(ErrorCode::kConflict, "the upload is not complete");
  }
  return impl_->open_data(entry.upload.id, O_RDONLY);
}

Result<void> Uploads::hold(std::string_view owner, std::string_view id) {
  const std::scoped_lock lock(impl_->mutex);
  Impl::Entry& entry = *TRY(impl_->find(owner, id));
  if (!entry.upload.is_complete) {
    return fail(ErrorCode::kConflict, "the upload is not complete");
  }
  if (entry.holds > 0) {
    return fail(ErrorCode::kConflict, "the upload is in use");
  }
  ++entry.holds;
  return {};
}

void Uploads::release(std::string_view id) {
  const std::scoped_lock lock(impl_->mutex);
  if (const auto found = impl_->entries.find(id); found != impl_->entries.end()) {
    found->second.holds = std::max(0, found->second.holds - 1);
  }
}

std::size_t Uploads::expire(Ticks now) {
  const std::scoped_lock lock(impl_->mutex);
  return std::erase_if(impl_->entries, [&](const auto& each) {
    const Impl::Entry& entry = each.second;
    const bool is_old = entry.upload.changed < now - impl_->limits.expiry;
    if (!is_old || entry.is_busy || entry.holds > 0) {
      return false;
    }
    impl_->erase_files(entry.upload.id);
    return true;
  });
}

}  // namespace spoor::pipeline
