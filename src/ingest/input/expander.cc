#include "ingest/input/expander.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "ingest/input/expand_file.h"

namespace spoor::ingest {
namespace {

constexpr std::size_t kBlockBytes = 256UL << 10;

std::string default_spool_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

Result<Container> container_of(const InputFile& file) {
  std::array<char, kSniffBytes> head{};
  const std::size_t got = TRY(file.read_at(0, head));
  return sniff_container({head.data(), got});
}

}  // namespace

Expander::Expander(const Limits& limits, std::function<void(InputFile&)> on_file,
                   std::function<void(const Error&)> on_error, std::stop_token stop)
    : limits_(limits),
      on_file_(std::move(on_file)),
      on_error_(std::move(on_error)),
      stop_(std::move(stop)),
      spool_folder_(limits.spool_folder.empty() ? default_spool_folder() : limits.spool_folder),
      block_(std::make_unique<char[]>(kBlockBytes)) {}

void Expander::expand(InputFile& file, const Progress& on_progress) {
  budget_ = {.disk_bytes = file.size};
  on_progress_ = on_progress;
  take(file, 0, 0);
}

void Expander::report(Error error, const std::string& where) {
  if (error.where.empty()) {
    error.where = where;
  }
  on_error_(error);
}

/// `depth` archives stand around the file; they and the file hold `held` bytes of memory.
void Expander::take(InputFile& file, int depth, std::uint64_t held) {
  const Result<Container> kind = container_of(file);
  if (!kind) {
    report(kind.error(), file.display_path);
    return;
  }
  if (*kind == Container::kNone) {
    on_file_(file);
    return;
  }
  if (depth >= limits_.depth) {
    report(Error::make(ErrorCode::kLimit,
                       fmt::format("is an archive inside {} others and is not opened", depth))
               .with_hint("unpack the outer archive and import what is in it"),
           file.display_path);
    return;
  }
  unpack(file, *kind, depth + 1, held);
}

void Expander::unpack(InputFile& container, Container kind, int depth, std::uint64_t held) {
  Result<std::unique_ptr<ArchiveStream>> archive = ArchiveStream::open(container, kind);
  if (!archive) {
    report(std::move(archive).error(), container.display_path);
    return;
  }
  while (!(*archive)->is_broken() && !budget_.is_spent && !stop_.stop_requested()) {
    const auto member = (*archive)->next();
    if (member && !*member) {
      return;
    }
    // Members that cannot be read count as well: a damaged archive must not go on without end.
    if (++budget_.members > limits_.members) {
      budget_.is_spent = true;
      report(Error::make(ErrorCode::kLimit,
                         fmt::format("holds more than {} members, the others are left out",
                                     limits_.members)),
             container.display_path);
      return;
    }
    if (!member) {
      report(member.error(), container.display_path);
      continue;
    }
    take_member(**archive, **member, container, depth, held);
  }
}

void Expander::take_member(ArchiveStream& archive, const ArchiveStream::Member& member,
                           InputFile& container, int depth, std::uint64_t held) {
  const std::string display_path = container.display_path + "!" + member.name;
  switch (member.kind) {
    case ArchiveStream::MemberKind::kFolder:
      return;
    case ArchiveStream::MemberKind::kLink:
      report(Error::make(ErrorCode::kUnsupported, "is a link and is not followed"), display_path);
      return;
    case ArchiveStream::MemberKind::kSpecial:
      report(Error::make(ErrorCode::kUnsupported, "is not a regular file"), display_path);
      return;
    case ArchiveStream::MemberKind::kEncrypted:
      report(Error::make(ErrorCode::kUnsupported, "is encrypted")
                 .with_hint("unpack the archive with its password and import what is in it"),
             display_path);
      return;
    case ArchiveStream::MemberKind::kFile:
      break;
  }
  const Result<void> fits = check_size(member);
  if (!fits) {
    report(fits.error(), display_path);
    return;
  }
  Result<void> problem;
  InputFile file = read_member(archive, display_path, held, depth, problem);
  if (!problem) {
    // Half a member that is too large is as large; half a member of a damaged archive may hold good
    // records.
    const bool is_worth_reading =
        file.size > 0 && (problem.error().code == ErrorCode::kTruncated ||
                          problem.error().code == ErrorCode::kInvalidInput);
    report(std::move(problem).error(), display_path);
    if (!is_worth_reading) {
      return;
    }
    file.is_partial = true;
  }
  if (!stop_.stop_requested()) {
    take(file, depth, held + file.memory_in_use());
  }
}

Result<void> Expander::check_size(const ArchiveStream::Member& member) const {
  if (member.claimed_size.value_or(0) > limits_.member_bytes) {
    return fail(ErrorCode::kLimit, fmt::format("is larger than {} bytes", limits_.member_bytes));
  }
  return {};
}

Result<void> Expander::spend(std::uint64_t member_bytes, std::uint64_t more) {
  budget_.unpacked += more;
  // Each of these ends the whole file: to skip the rest of a member would mean to unpack it.
  const auto spent = [&](std::string why) {
    budget_.is_spent = true;
    return fail(
        Error::make(ErrorCode::kLimit, std::move(why))
            .with_hint("the rest of the archive is left out; unpack it and import what is in it"));
  };
  if (member_bytes > limits_.member_bytes) {
    return spent(fmt::format("is larger than {} bytes", limits_.member_bytes));
  }
  if (budget_.unpacked > limits_.archive_bytes) {
    return spent(fmt::format("the archive unpacks to more than {} bytes", limits_.archive_bytes));
  }
  if (budget_.unpacked > limits_.ratio_floor &&
      budget_.unpacked / std::max<std::uint64_t>(1, budget_.disk_bytes) >= limits_.ratio) {
    return spent(fmt::format("the archive unpacks to more than {} times its size", limits_.ratio));
  }
  return {};
}

InputFile Expander::read_member(ArchiveStream& archive, std::string display_path,
                                std::uint64_t held, int depth, Result<void>& problem) {
  const std::uint64_t memory_left = limits_.memory_bytes - std::min(held, limits_.memory_bytes);
  std::string memory;
  FileHandle spool;
  std::uint64_t size = 0;
  const auto read_more = [&]() -> Result<bool> {
    const std::size_t got = TRY(archive.read({block_.get(), kBlockBytes}));
    if (depth == 1 && on_progress_) {
      on_progress_(std::min(archive.bytes_in(), budget_.disk_bytes));
    }
    if (got == 0) {
      return false;
    }
    TRY_VOID(spend(size + got, got));
    const std::string_view block(block_.get(), got);
    if (!spool.is_open() && memory.size() + got > memory_left) {
      spool =
          TRY(limits_.open_spool ? limits_.open_spool(depth) : open_unnamed_file(spool_folder_));
      TRY_VOID(write_all(spool.get(), memory, spool_folder_));
      std::string().swap(memory);
    }
    if (spool.is_open()) {
      TRY_VOID(write_all(spool.get(), block, spool_folder_));
    } else {
      memory += block;
    }
    size += got;
    return true;
  };
  for (;;) {
    Result<bool> more = read_more();
    if (!more) {
      problem = fail(std::move(more).error());
      break;
    }
    if (!*more || stop_.stop_requested()) {
      break;
    }
  }
  if (spool.is_open()) {
    return InputFile::from_unnamed(std::move(display_path), std::move(spool), size);
  }
  return InputFile::from_memory(std::move(display_path), std::move(memory));
}

void expand_file(InputFile& file, const Limits& limits,
                 const std::function<void(InputFile&)>& on_file,
                 const std::function<void(const Error&)>& on_error,
                 const std::function<void(std::uint64_t)>& on_progress, std::stop_token stop) {
  Expander(limits, on_file, on_error, std::move(stop)).expand(file, on_progress);
}

}  // namespace spoor::ingest
