#include "pipeline/unrepaired_devices.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"

namespace spoor::pipeline {
namespace {

constexpr std::string_view kPrefix = "import.";
constexpr std::uint64_t kMostBytes = 256ULL << 20;

std::string path_of(const std::string& folder, std::string_view job_id) {
  return fmt::format("{}/{}{}", folder, kPrefix, job_id);
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return fail(system_error("cannot remove", path, errno));
  }
  return {};
}

}  // namespace

Result<UnrepairedDevices> UnrepairedDevices::open(const std::string& folder,
                                                  std::string_view job_id) {
  TRY_VOID(make_folders(folder));
  UnrepairedDevices devices;
  devices.path_ = path_of(folder, job_id);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(kPrefix)) {
      continue;
    }
    Left left{entry->path().string(), {}};
    const std::string text = TRY(read_file(left.path, kMostBytes));
    auto lines = split(text, '\n');
    lines.pop_back();  // empty, or cut off before the rows of that device were stored
    for (const std::string_view line : lines) {
      left.devices.emplace(line);
    }
    devices.left_.push_back(std::move(left));
  }
  if (error) {
    return fail(system_error("cannot list the folder", folder, error.value()));
  }
  return devices;
}

Result<void> UnrepairedDevices::forget(const std::string& folder, std::string_view job_id) {
  return remove_file(path_of(folder, job_id));
}

void UnrepairedDevices::add(std::string_view device_id) {
  if (!own_.emplace(device_id).second) {
    return;
  }
  unsaved_ += device_id;
  unsaved_ += '\n';
  if (std::ranges::any_of(left_,
                          [&](const Left& left) { return left.devices.contains(device_id); })) {
    taken_.emplace(device_id);
  }
}

Result<void> UnrepairedDevices::save() {
  if (unsaved_.empty()) {
    return {};
  }
  const FileHandle file(
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) {
    return fail(system_error("cannot open", path_, errno));
  }
  TRY_VOID(write_all(file.get(), unsaved_, path_));
  const std::string folder(path_folder(path_));
  const FileHandle above(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (::fdatasync(file.get()) != 0 || !above.is_open() || ::fsync(above.get()) != 0) {
    return fail(system_error("cannot bring to disk", path_, errno));
  }
  unsaved_.clear();
  return {};
}

Result<void> UnrepairedDevices::settle() {
  for (const Left& left : left_) {
    if (std::ranges::includes(own_, left.devices)) {
      TRY_VOID(remove_file(left.path));
    }
  }
  return remove_file(path_);
}

}  // namespace spoor::pipeline
