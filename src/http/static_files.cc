#include "http/static_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "http/coding.h"

namespace spoor::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
}};

/// The bytes in a coding; empty where that saves less than a tenth.
std::string packed(std::string_view bytes, Coding coding) {
  const std::unique_ptr<Encoder> encoder = Encoder::make(coding);
  std::string out;
  encoder->encode(bytes, out);
  encoder->finish(out);
  return out.size() < bytes.size() - bytes.size() / 10 ? out : std::string();
}

std::string_view opaque(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

}  // namespace

std::string_view content_type_of(std::string_view name) {
  for (const auto& [ending, type] : kTypes) {
    if (name.size() > ending.size() &&
        equals_ignoring_case(name.substr(name.size() - ending.size()), ending)) {
      return type;
    }
  }
  return "application/octet-stream";
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  return std::ranges::any_of(split(if_none_match, ','), [&](std::string_view one) {
    one = trim_blanks(one);
    return one == "*" || opaque(one) == opaque(tag);
  });
}

/// Fills a StaticFiles, folder by folder. Each step opens a name in the open folder above it, so
/// that nothing is followed out of the first one.
class FolderReader {
 public:
  FolderReader(StaticFiles& into, const StaticLimits& limits) : into_(into), limits_(limits) {}

  Result<void> read(int folder, const std::string& path, int depth) {
    if (depth > limits_.depth) {
      return fail(Error::make(ErrorCode::kLimit, "folders stand too deep").at(path));
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(folder), ::closedir);
    if (!open) {
      ::close(folder);
      return fail(system_error("cannot be listed", path, errno));
    }
    while (const dirent* entry = ::readdir(open.get())) {
      const std::string name = entry->d_name;
      if (!name.starts_with('.')) {
        TRY_VOID(read_entry(::dirfd(open.get()), name, path, depth));
      }
    }
    return {};
  }

 private:
  Result<void> read_entry(int folder, const std::string& name, const std::string& above,
                          int depth) {
    std::string path = above + "/" + name;
    FileHandle file(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.is_open()) {
      return errno == ELOOP ? Result<void>() : fail(system_error("cannot be read", path, errno));
    }
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) {
      return fail(system_error("cannot be read", path, errno));
    }
    if (S_ISDIR(status.st_mode)) {
      return read(file.release(), path, depth + 1);
    }
    return S_ISREG(status.st_mode) ? take(file.get(), std::move(path)) : Result<void>();
  }

  Result<void> take(int descriptor, std::string path) {
    std::string bytes;
    std::array<char, 64 * 1024> buffer;
    while (true) {
      const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
      if (size < 0) {
        return fail(system_error("cannot be read", path, errno));
      }
      if (size == 0) {
        break;
      }
      bytes.append(buffer.data(), static_cast<std::size_t>(size));
      if (bytes.size() > limits_.file_bytes) {
        return fail(Error::make(ErrorCode::kLimit, "is too large to be served").at(path));
      }
    }
    total_ += bytes.size();
    if (total_ > limits_.total_bytes || into_.files_.size() >= limits_.files) {
      return fail(
          Error::make(ErrorCode::kLimit, "more files than are served from memory").at(path));
    }
    StaticFiles::File file;
    file.content_type = content_type_of(path);
    file.tag = fmt::format("W/\"{}\"", sha1_hex(bytes));
    constexpr std::size_t kWorthIt = 512;
    if (bytes.size() >= kWorthIt && is_compressible(file.content_type)) {
      file.gzip = packed(bytes, Coding::kGzip);
      file.zstd = packed(bytes, Coding::kZstd);
    }
    file.bytes = std::move(bytes);
    into_.files_.insert_or_assign(std::move(path), std::move(file));
    return {};
  }

  StaticFiles& into_;
  const StaticLimits& limits_;
  std::uint64_t total_ = 0;
};

Result<StaticFiles> StaticFiles::load(const std::string& folder, const StaticLimits& limits) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) {
    return fail(system_error("cannot be listed", folder, errno));
  }
  StaticFiles files;
  TRY_VOID(FolderReader(files, limits).read(opened, "", 0));
  return files;
}

Response StaticFiles::answer(const Request& request, std::string_view path,
                             std::string_view cache_control, const Headers& more) const {
  const auto found = files_.find(path);
  if (found == files_.end()) {
    return Response::empty(404);
  }
  const File& file = found->second;
  Response response = Response::empty(200);
  response.headers = more;
  // One weak tag for all codings: they say the same, and parts of files are not served.
  response.set("ETag", file.tag).set("Cache-Control", std::string(cache_control));
  response.set("Vary", "Accept-Encoding");
  if (names_tag(request.header("If-None-Match"), file.tag)) {
    response.status = 304;
    return response;
  }
  const Coding liked = choose_coding(request.header("Accept-Encoding"));
  const std::string& coded = liked == Coding::kZstd ? file.zstd : file.gzip;
  const bool is_coded = liked != Coding::kIdentity && !coded.empty();
  if (is_coded) {
    response.set("Content-Encoding", std::string(coding_name(liked)));
  }
  response.body = is_coded ? coded : file.bytes;
  response.content_type = file.content_type;
  return response;
}

}  // namespace spoor::http
