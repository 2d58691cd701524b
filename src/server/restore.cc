// The way back from a backup to a data folder.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "server/backup.h"
#include "server/backup_files.h"
#include "server/backup_forms.h"
#include "server/workspace.h"

namespace spoor::server {
namespace {

namespace fs = std::filesystem;

/// Below the data folder; the engine does not see it.
constexpr std::string_view kStaging = "restoring";

/// Removes what was made unless all went well.
class Undo {
 public:
  Undo(std::string folder, bool is_new) : folder_(std::move(folder)), is_new_(is_new) {}
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    if (kept_) {
      return;
    }
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
      fs::remove_all(entry.path(), ignored);
    }
    if (is_new_) {
      fs::remove(folder_, ignored);
    }
  }
  void keep() { kept_ = true; }

 private:
  std::string folder_;
  bool is_new_;
  bool kept_ = false;
};

Result<void> write_file(const std::string& target, const BackupFile& expected, std::uint64_t bytes,
                        const ByteSource& source) {
  const auto differs = [&] {
    return fail(
        Error::make(ErrorCode::kInvalidInput, "a file of the backup is not what its manifest says")
            .at(expected.path)
            .with_hint("the backup is damaged; take another"));
  };
  if (bytes != expected.bytes) {
    return differs();
  }
  TRY_VOID(make_folders(std::string(path_folder(target))));
  const FileHandle file(
      ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    return fail(system_error("cannot write", target, errno));
  }
  const auto hash = copy_hashed(
      bytes, source, [&](std::string_view part) { return write_all(file.get(), part, target); });
  if (!hash && hash.error().code != ErrorCode::kTruncated) {
    return fail(hash.error());
  }
  return hash && *hash == expected.sha256 ? Result<void>{} : differs();
}

/// Writes every file of the backup: telemetry into the staging folder, the rest where it belongs.
Result<void> unpack(BackupReader& reader, const BackupManifest& manifest,
                    const std::string& folder) {
  std::map<std::string_view, const BackupFile*> expected;
  for (const BackupFile& file : manifest.files) {
    expected[file.path] = &file;
  }
  TRY_VOID(reader.each(
      [&](const std::string& path, std::uint64_t bytes, const ByteSource& source) -> Result<void> {
        const auto known = expected.find(path);
        if (known == expected.end()) {
          return fail(Error::make(ErrorCode::kInvalidInput,
                                  "the backup holds a file that its manifest does not name")
                          .at(path));
        }
        const std::string target = path.starts_with("store/")
                                       ? fmt::format("{}/{}/{}", folder, kStaging, path.substr(6))
                                       : fmt::format("{}/{}", folder, path);
        TRY_VOID(write_file(target, *known->second, bytes, source));
        expected.erase(known);
        return {};
      }));
  if (!expected.empty()) {
    return fail(Error::make(ErrorCode::kInvalidInput, "a file of the backup is missing")
                    .at(std::string(expected.begin()->first)));
  }
  return {};
}

Result<std::string> ask(const store::Client& client, std::string sql,
                        std::vector<store::Parameter> parameters = {}) {
  store::Query query;
  query.sql = std::move(sql);
  query.parameters = std::move(parameters);
  query.format = "TSV";
  query.max_seconds = 600;
  return std::string(trim_blanks(TRY(client.query_text(query))));
}

/// Hands the parts of a table to the engine.
Result<void> attach(const store::Client& client, const std::string& table,
                    const std::string& staged) {
  const std::string data = TRY(ask(client,
                                   "SELECT data_paths[1] FROM system.tables WHERE database = "
                                   "currentDatabase() AND name = {name:String}",
                                   {{"name", table}}));
  std::error_code error;
  for (const auto& part : fs::directory_iterator(staged, error)) {
    fs::rename(part.path(), fs::path(data) / "detached" / part.path().filename(), error);
    if (error) {
      break;
    }
  }
  if (error) {
    return fail(system_error("cannot hand parts to the engine", staged, error.value()));
  }
  store::Query statement;
  statement.sql = fmt::format("ALTER TABLE `{}` ATTACH PARTITION ALL", table);
  statement.max_seconds = 600;
  return client.execute(statement);
}

Result<void> check_counts(const store::Client& client, const BackupManifest& manifest) {
  std::map<std::string, std::string> statements;
  for (auto& [table, sql] : count_statements()) {
    statements[table] = sql;
  }
  for (const TableCount& table : manifest.tables) {
    const std::string found = TRY(ask(client, statements[table.table]));
    if (found != fmt::format("{}", table.rows)) {
      return fail(Error::make(ErrorCode::kInvalidInput,
                              fmt::format("the table {} has {} rows after the restore, and had {}",
                                          table.table, found, table.rows)));
    }
  }
  return {};
}

}  // namespace

Result<BackupReport> restore_backup(const std::string& from, const std::string& data_folder) {
  const auto started = std::chrono::steady_clock::now();
  std::error_code error;
  const bool is_new = !fs::exists(data_folder, error);
  if (!is_new && (!fs::is_directory(data_folder, error) || !fs::is_empty(data_folder, error))) {
    return fail(Error::make(ErrorCode::kConflict, "a backup is restored into a new or empty folder")
                    .at(data_folder));
  }
  const std::unique_ptr<BackupReader> reader = TRY(BackupReader::open(from));
  auto manifest = BackupManifest::read(TRY(reader->manifest()));
  if (!manifest) {
    return fail(std::move(manifest.error()).at(from));
  }
  TRY_VOID(make_folders(data_folder));
  Undo undo(data_folder, is_new);
  TRY_VOID(unpack(*reader, *manifest, data_folder));
  {
    const std::unique_ptr<Workspace> workspace = TRY(Workspace::open(data_folder));
    const std::string staging = fmt::format("{}/{}", data_folder, kStaging);
    for (const TableCount& table : manifest->tables) {
      const std::string staged = staging + "/" + table.table;
      if (fs::is_directory(staged, error)) {
        TRY_VOID(attach(workspace->client(), table.table, staged));
      }
    }
    fs::remove_all(staging, error);
    TRY_VOID(check_counts(workspace->client(), *manifest));
  }
  undo.keep();
  BackupReport report;
  report.made = manifest->made;
  report.files = manifest->files.size();
  for (const BackupFile& file : manifest->files) {
    report.bytes += file.bytes;
  }
  for (const TableCount& table : manifest->tables) {
    report.rows += table.rows;
  }
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report;
}

}  // namespace spoor::server
