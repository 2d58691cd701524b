#include "ingest/input/input_walker.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unordered_set>

#include "base/text.h"
#include "ingest/input/expander.h"

namespace spoor::ingest {

InputWalker::InputWalker(std::vector<std::string> paths, Limits limits)
    : paths_(std::move(paths)), limits_(std::move(limits)) {}

std::uint64_t InputWalker::total_bytes() {
  scan();
  return total_bytes_;
}

std::uint64_t InputWalker::total_files() {
  scan();
  return found_.size();
}

void InputWalker::refuse(ErrorCode code, std::string reason, const std::string& path) {
  refused_.push_back(Error::make(code, std::move(reason)).at(to_valid_utf8(path)));
}

void InputWalker::scan() {
  if (is_scanned_) {
    return;
  }
  is_scanned_ = true;
  for (const std::string& path : paths_) {
    scan_path(path);
  }
  // A path given twice, or beside a folder that holds it, is read once: at its first place.
  std::unordered_set<std::string> seen;
  std::erase_if(found_, [&](const OnDisk& file) {
    return !seen.insert(std::filesystem::path(file.path).lexically_normal().string()).second;
  });
  for (const OnDisk& file : found_) {
    total_bytes_ += file.size;
  }
}

void InputWalker::scan_path(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    refused_.push_back(system_error("cannot be read", to_valid_utf8(path), errno));
  } else if (S_ISDIR(status.st_mode)) {
    scan_folder(path, 1);
  } else if (S_ISREG(status.st_mode)) {
    found_.push_back({path, static_cast<std::uint64_t>(status.st_size), true});
  } else {
    refuse(ErrorCode::kUnsupported, "is not a regular file", path);
  }
}

void InputWalker::scan_folder(const std::string& path, int depth) {
  if (depth > limits_.folder_depth) {
    refuse(ErrorCode::kLimit,
           fmt::format("is below {} folders and is left out", limits_.folder_depth), path);
    return;
  }
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) {
    refused_.push_back(system_error("cannot list the folder", to_valid_utf8(path), error.value()));
  }
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const std::string inside = path + (path.ends_with('/') ? "" : "/") + name;
    struct stat status{};
    if (lstat(inside.c_str(), &status) != 0) {
      refused_.push_back(system_error("cannot be read", to_valid_utf8(inside), errno));
    } else if (S_ISDIR(status.st_mode)) {
      scan_folder(inside, depth + 1);
    } else if (S_ISREG(status.st_mode)) {
      found_.push_back({inside, static_cast<std::uint64_t>(status.st_size), false});
    } else {
      refuse(ErrorCode::kUnsupported,
             S_ISLNK(status.st_mode) ? "is a link and is not followed" : "is not a regular file",
             inside);
    }
  }
}

std::vector<InputWalker::OnDisk> InputWalker::files(
    const std::function<void(const Error&)>& on_error) {
  scan();
  for (const Error& error : refused_) {
    on_error(error);
  }
  return found_;
}

Result<void> InputWalker::for_each(const std::function<void(InputFile&)>& on_file,
                                   const std::function<void(const Error&)>& on_error,
                                   std::stop_token stop) {
  if (paths_.empty()) {
    return fail(ErrorCode::kInvalidInput, "there is no path to import");
  }
  scan();
  for (const Error& error : refused_) {
    on_error(error);
  }
  Expander expander(limits_, on_file, on_error, stop);
  std::uint64_t done = 0;
  for (const OnDisk& found : found_) {
    if (stop.stop_requested()) {
      break;
    }
    Result<InputFile> file = InputFile::open(found.path, found.is_named);
    if (!file) {
      on_error(file.error());
    } else {
      // A file that grows while it is read must not count for more than was announced.
      expander.expand(*file, [&](std::uint64_t read) {
        if (on_progress_) {
          on_progress_(done + std::min(read, found.size), total_bytes_);
        }
      });
    }
    done += found.size;
    if (on_progress_) {
      on_progress_(done, total_bytes_);
    }
  }
  if (stop.stop_requested()) {
    return fail(ErrorCode::kCancelled, "the import was stopped");
  }
  return {};
}

}  // namespace spoor::ingest
