#include "server/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>

#include "base/file.h"
#include "schema/schema.h"
#include "server/backup_files.h"
#include "state/state.h"

namespace spoor::server {
namespace {

Result<BackupFile> copy_file(BackupWriter& writer, const SnapshotFile& file) {
  if (!is_backup_path(file.name)) {
    return fail(Error::make(ErrorCode::kInternal, "the data folder holds a file of no known kind")
                    .at(file.source));
  }
  const FileHandle source(::open(file.source.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat found{};
  if (!source.is_open() || ::fstat(source.get(), &found) != 0) {
    return fail(system_error("cannot read", file.source, errno));
  }
  const auto bytes = static_cast<std::uint64_t>(found.st_size);
  return BackupFile{file.name, bytes,
                    TRY(writer.add(file.name, bytes, read_from(source.get(), file.source)))};
}

}  // namespace

Result<BackupReport> write_backup(const std::string& data_folder, const Snapshot& snapshot,
                                  const std::string& to) {
  const auto started = std::chrono::steady_clock::now();
  BackupManifest manifest;
  manifest.made = snapshot.made;
  manifest.schema_version = schema::version();
  manifest.state_version = state::State::newest_schema_version();
  manifest.tables = snapshot.tables;
  BackupReport report;
  report.made = snapshot.made;
  const std::unique_ptr<BackupWriter> writer = TRY(BackupWriter::create(to));
  for (const SnapshotFile& file : TRY(snapshot.files(data_folder))) {
    manifest.files.push_back(TRY(copy_file(*writer, file)));
    report.bytes += manifest.files.back().bytes;
  }
  report.files = manifest.files.size();
  for (const TableCount& table : manifest.tables) {
    report.rows += table.rows;
  }
  const std::string text = manifest.to_json();
  std::string_view left = text;
  TRY(writer->add(std::string(kManifestName), text.size(),
                  [&](std::span<char> buffer) -> Result<std::size_t> {
                    const std::size_t size = left.copy(buffer.data(), buffer.size());
                    left.remove_prefix(size);
                    return size;
                  }));
  TRY_VOID(writer->finish());
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report;
}

}  // namespace spoor::server
