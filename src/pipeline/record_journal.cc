#include "pipeline/record_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/hash.h"
#include "base/text.h"
#include "event/record_codec.h"

namespace spoor::pipeline {
namespace {

constexpr std::string_view kPrefix = "journal.";
constexpr std::size_t kHeadBytes = 16;  ///< length and hash of a block, little endian
constexpr std::uint64_t kMostBytes = 16ULL << 30;

void put(std::string& out, std::uint64_t number) {
  for (int byte = 0; byte < 8; ++byte) {
    out += static_cast<char>(number >> (8 * byte));
  }
}

std::uint64_t take(std::string_view bytes) {
  std::uint64_t number = 0;
  for (int byte = 0; byte < 8; ++byte) {
    number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[byte])) << (8 * byte);
  }
  return number;
}

}  // namespace

std::string RecordJournal::path_of(std::uint64_t number) const {
  return fmt::format("{}/{}{}", folder_, kPrefix, number);
}

Result<std::vector<std::uint64_t>> RecordJournal::numbers() const {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder_, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(kPrefix)) {
      if (const auto number = parse_int(std::string_view(name).substr(kPrefix.size()))) {
        numbers.push_back(static_cast<std::uint64_t>(*number));
      }
    }
  }
  if (error) {
    return fail(system_error("cannot list the folder", folder_, error.value()));
  }
  std::ranges::sort(numbers);
  return numbers;
}

Result<RecordJournal> RecordJournal::open(const std::string& folder) {
  TRY_VOID(make_folders(folder));
  RecordJournal journal(folder);
  const auto numbers = TRY(journal.numbers());
  journal.number_ = numbers.empty() ? 0 : numbers.back();
  TRY(journal.rotate());
  return journal;
}

Result<void> RecordJournal::replay(
    const std::function<void(const event::Record&)>& on_record) const {
  event::RecordBlockReader reader;
  for (const std::uint64_t number : TRY(numbers())) {
    if (number == number_) {
      continue;
    }
    const std::string bytes = TRY(read_file(path_of(number), kMostBytes));
    std::string_view left = bytes;
    while (left.size() >= kHeadBytes) {
      const std::uint64_t size = take(left);
      const std::uint64_t hash = take(left.substr(8));
      if (size > left.size() - kHeadBytes || hash64(left.substr(kHeadBytes, size)) != hash) {
        break;
      }
      TRY_VOID(reader.read(left.substr(kHeadBytes, size), on_record));
      left.remove_prefix(kHeadBytes + size);
    }
  }
  return {};
}

Result<void> RecordJournal::append(const std::vector<std::string>& blocks) {
  std::string bytes;
  for (const std::string& block : blocks) {
    put(bytes, block.size());
    put(bytes, hash64(block));
    bytes += block;
  }
  if (bytes.empty()) {
    return {};
  }
  const std::string where = path_of(number_);
  auto written = write_all(file_.get(), bytes, where);
  if (written && ::fdatasync(file_.get()) != 0) {
    written = fail(system_error("cannot bring to disk", where, errno));
  }
  if (!written) {
    // A cut block would hide those behind it.
    (void)rotate();
    return written;
  }
  bytes_ += bytes.size();
  return {};
}

Result<std::uint64_t> RecordJournal::rotate() {
  const std::string path = path_of(number_ + 1);
  FileHandle file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) {
    return fail(system_error("cannot make", path, errno));
  }
  file_ = std::move(file);
  ++number_;
  bytes_ = 0;
  return number_;
}

Result<void> RecordJournal::remove_below(std::uint64_t number) {
  for (const std::uint64_t old : TRY(numbers())) {
    if (old < number && ::unlink(path_of(old).c_str()) != 0 && errno != ENOENT) {
      return fail(system_error("cannot remove", path_of(old), errno));
    }
  }
  return {};
}

}  // namespace spoor::pipeline
