#include "server/snapshot.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "json/reader.h"
#include "json/writer.h"
#include "server/workspace.h"

namespace spoor::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDescription = "snapshot.json";
/// Where the engine puts the hard links of FREEZE, below the data folder.
constexpr std::string_view kFrozen = "store/data/shadow";

bool is_id(std::string_view id) {
  return id.size() == 16 && id.find_first_not_of("0123456789abcdef") == id.npos;
}

std::string folder_of(const std::string& data_folder, std::string_view id) {
  return fmt::format("{}/snapshots/{}", data_folder, id);
}

Error io_failure(const std::string& path, const std::error_code& error) {
  return system_error("cannot take a snapshot of", path, error.value());
}

Result<std::uint64_t> count_rows(const store::Client& client, const std::string& sql) {
  store::Query query;
  query.sql = sql;
  query.format = "TSV";
  query.max_seconds = 600;
  const std::string answer = TRY(client.query_text(query));
  return static_cast<std::uint64_t>(parse_int(trim_blanks(answer)).value_or(0));
}

/// Table of each folder of data, by the last two parts of its path ("4be/4be7662f-…").
Result<std::map<std::string, std::string>> tables_by_folder(const store::Client& client) {
  store::Query query;
  query.sql =
      "SELECT name, arrayJoin(data_paths) FROM system.tables WHERE database = currentDatabase()";
  query.format = "TSV";
  const std::string answer = TRY(client.query_text(query));
  std::map<std::string, std::string> tables;
  for (const std::string_view line : split(answer, '\n')) {
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) {
      continue;
    }
    const fs::path folder = fs::path(line.substr(tab + 1)).parent_path();
    tables[(folder.parent_path().filename() / folder.filename()).string()] = line.substr(0, tab);
  }
  return tables;
}

/// Links the files of a folder (its files are only ever replaced, never written in place).
Result<void> link_files(const std::string& from, const std::string& to) {
  std::error_code error;
  if (!fs::exists(from, error)) {
    return {};
  }
  TRY_VOID(make_folders(to));
  for (const auto& entry : fs::directory_iterator(from, error)) {
    if (entry.is_regular_file(error) && !entry.path().filename().string().starts_with('.')) {
      fs::create_hard_link(entry.path(), to / entry.path().filename(), error);
    }
    if (error) {
      return fail(io_failure(entry.path().string(), error));
    }
  }
  return error ? fail(io_failure(from, error)) : Result<void>{};
}

std::string description(const Snapshot& snapshot) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("made").string(format_ticks(snapshot.made));
  writer.key("tables").begin_object();
  for (const TableCount& table : snapshot.tables) {
    writer.key(table.table).number(table.rows);
  }
  writer.end_object().key("parts").begin_object();
  for (const auto& [folder, table] : snapshot.parts) {
    writer.key(folder).string(table);
  }
  writer.end_object().end_object();
  return out;
}

Result<void> freeze(const store::Client& client, const std::string& id, Snapshot& snapshot) {
  for (const auto& [table, count] : count_statements()) {
    store::Query statement;
    statement.sql = fmt::format("ALTER TABLE `{}` FREEZE WITH NAME '{}'", table, id);
    TRY_VOID(client.execute(statement));
    snapshot.tables.push_back({table, TRY(count_rows(client, count))});
  }
  return {};
}

Result<Snapshot> take(Workspace& workspace, const std::string& id) {
  Snapshot snapshot{.id = id, .made = now_ticks(), .tables = {}, .parts = {}};
  const std::string& data = workspace.folder();
  const std::string folder = folder_of(data, id);
  TRY_VOID(make_folders(folder));
  {
    const auto held = workspace.appender().exclusive();
    TRY_VOID(freeze(workspace.client(), id, snapshot));
    TRY_VOID(workspace.state().copy_to(folder + "/state.sqlite"));
    TRY_VOID(link_files(workspace.processes_folder(), folder + "/processes"));
  }
  TRY_VOID(link_files(data + "/tls", folder + "/tls"));
  std::error_code error;
  if (fs::exists(data + "/spoor.toml", error)) {
    fs::copy_file(data + "/spoor.toml", folder + "/spoor.toml", error);
    if (error) {
      return fail(io_failure(data + "/spoor.toml", error));
    }
  }
  const auto tables = TRY(tables_by_folder(workspace.client()));
  const std::string frozen = fmt::format("{}/{}/store", kFrozen, id);
  for (const auto& [folder_name, table] : tables) {
    const std::string place = frozen + "/" + folder_name;
    if (fs::is_directory(data + "/" + place, error)) {
      snapshot.parts.emplace_back(place, table);
    }
  }
  TRY_VOID(write_file_atomically(folder + "/" + std::string(kDescription), description(snapshot)));
  return snapshot;
}

}  // namespace

Result<std::vector<SnapshotFile>> Snapshot::files(const std::string& data_folder) const {
  std::vector<SnapshotFile> all;
  const auto collect = [&](const std::string& from, const std::string& prefix) -> Result<void> {
    std::error_code error;
    fs::recursive_directory_iterator at(from, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      const std::string name = prefix + at->path().string().substr(from.size() + 1);
      if (at->is_regular_file(error) && name != kDescription) {
        all.push_back({name, at->path().string()});
      }
    }
    return error ? fail(io_failure(from, error)) : Result<void>{};
  };
  TRY_VOID(collect(folder_of(data_folder, id), ""));
  for (const auto& [place, table] : parts) {
    TRY_VOID(collect(data_folder + "/" + place, fmt::format("store/{}/", table)));
  }
  std::ranges::sort(all, {}, &SnapshotFile::name);
  return all;
}

Result<Snapshot> take_snapshot(Workspace& workspace) {
  const std::string id = fmt::format(
      "{:016x}", hash64(fmt::format("{}-{}", getpid(), now_ticks()), workspace.engine().pid()));
  auto taken = take(workspace, id);
  if (!taken) {
    static_cast<void>(drop_snapshot(workspace.folder(), id));
  }
  return taken;
}

Result<Snapshot> read_snapshot(const std::string& data_folder, std::string_view id) {
  if (!is_id(id)) {
    return fail(ErrorCode::kInvalidInput, "this is no id of a snapshot");
  }
  constexpr std::uint64_t kLargest = 1u << 20;
  const std::string text =
      TRY(read_file(fmt::format("{}/{}", folder_of(data_folder, id), kDescription), kLargest));
  const json::Dynamic root = TRY(json::parse(text));
  Snapshot snapshot{.id = std::string(id),
                    .made = parse_iso_ticks(root["made"].text_or("")).value_or(0),
                    .tables = {},
                    .parts = {}};
  const auto* tables = root["tables"].as_object();
  const auto* parts = root["parts"].as_object();
  if (tables == nullptr || parts == nullptr) {
    return fail(ErrorCode::kInvalidInput, "the snapshot is damaged");
  }
  for (const json::Member& table : *tables) {
    snapshot.tables.push_back({table.name, static_cast<std::uint64_t>(table.value.int_or(0))});
  }
  for (const json::Member& part : *parts) {
    snapshot.parts.emplace_back(part.name, part.value.text_or(""));
  }
  return snapshot;
}

Result<void> drop_snapshot(const std::string& data_folder, std::string_view id) {
  if (!is_id(id)) {
    return fail(ErrorCode::kInvalidInput, "this is no id of a snapshot");
  }
  for (const std::string& folder :
       {folder_of(data_folder, id), fmt::format("{}/{}/{}", data_folder, kFrozen, id)}) {
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) {
      return fail(system_error("cannot remove the snapshot", folder, error.value()));
    }
  }
  return {};
}

void drop_all_snapshots(const std::string& data_folder) {
  std::error_code ignored;
  fs::remove_all(data_folder + "/snapshots", ignored);
  fs::remove_all(fmt::format("{}/{}", data_folder, kFrozen), ignored);
}

}  // namespace spoor::server
